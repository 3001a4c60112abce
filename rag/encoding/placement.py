"""Where a model of Hugging Face runs, and in which precision: half on a GPU, whole on a processor."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rag.errors import SettingsError
from rag.settings import Settings

DEVICES, BACKENDS = ("auto", "cpu", "cuda"), ("torch", "onnx", "onnx-int8", "openvino")

GRAPHS = {  # the names that optimum and the hub's exports give them, the likelier first
    "onnx": ("model.onnx",),
    "onnx-int8": ("model_quantized.onnx", "model_int8.onnx", "model_quint8_avx2.onnx", "model_qint8_avx512_vnni.onnx"),
}


@dataclass(frozen=True, slots=True)
class Placement:
    """``device``: one of DEVICES; ``backend``: one of BACKENDS, which for an encoder are sentence-transformers' own."""

    device: str = "auto"
    backend: str = "torch"

    @classmethod
    def of(cls, settings: Settings) -> Placement:
        """As the settings say. Raises SettingsError for a word that is none of those."""
        for name, value, words in (
            ("ISNAD_DEVICE", settings.device, DEVICES),
            ("ISNAD_BACKEND", settings.backend, BACKENDS),
        ):
            if value not in words:
                raise SettingsError(f"{name} is {value!r}.", f"Set it to one of: {', '.join(words)}.")
        return cls(settings.device, settings.backend)

    def graph_in(self, folder: Path) -> Path | None:
        """The graph of ONNX that the backend asks for, in ``onnx`` or beside the configuration; None without one."""
        places = (folder / within / name for within in ("onnx", "") for name in GRAPHS.get(self.backend, ()))
        return next((path for path in places if path.is_file()), None)

    def exported_in(self, folder: Path) -> list[Path]:
        """The files that another runtime than PyTorch reads; none where it makes them itself, from safetensors."""
        if graph := self.graph_in(folder):
            return sorted(graph.parent.glob(f"{graph.name}*"))
        return sorted(folder.glob("openvino/openvino_model.*")) if self.backend == "openvino" else []

    def library_options(self, folder: Path) -> dict[str, Any]:
        """What sentence-transformers is told: ``backend`` and ``model_kwargs``. Weights are never read from a pickle.

        Raises SettingsError where int8 is asked for and no such graph is there, which cannot be made here.
        """
        if self.backend == "torch":
            return {"backend": "torch", "model_kwargs": {"use_safetensors": True}}
        graph = self.graph_in(folder)
        if self.backend == "onnx-int8" and not graph:
            raise SettingsError(
                f"ISNAD_BACKEND is onnx-int8, and {folder} holds no such graph.",
                f"Choose a model that has onnx/{GRAPHS[self.backend][0]}, or set ISNAD_BACKEND to onnx.",
            )
        options = {"file_name": graph.relative_to(folder).as_posix()} if graph else {}
        return {"backend": self.backend.partition("-")[0], "model_kwargs": options}

    def require_processor(self) -> None:
        """Raises SettingsError where a GPU is asked for, which onnxruntime is not run on here."""
        if self.device == "cuda":
            raise SettingsError(
                f"ISNAD_DEVICE is cuda, and ISNAD_BACKEND is {self.backend}, which runs on a processor.",
                "Set ISNAD_DEVICE to cpu or auto, or ISNAD_BACKEND to torch.",
            )

    def require_backend(self) -> None:
        """Raises SettingsError where sentence-transformers lacks what the backend runs on."""
        if self.backend != "torch" and find_spec("optimum") is None:
            raise SettingsError(
                f"ISNAD_BACKEND is {self.backend}, and optimum, which brings it, is not installed.",
                f"Run: pip install sentence-transformers[{self.backend.partition('-')[0]}]. Or unset ISNAD_BACKEND.",
            )
        if self.backend == "openvino":  # its export tells a host of its use, unless it cannot import what does
            sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

    def resolved(self) -> str:
        """``cpu`` or ``cuda``. Raises SettingsError where a GPU is asked for and PyTorch sees none."""
        import torch  # lazy: seconds that the bundled models' users need not pay

        if self.device == "cuda" and not torch.cuda.is_available():
            raise SettingsError(
                "ISNAD_DEVICE is cuda, and PyTorch sees no GPU.",
                "Set it to cpu or auto, or install a driver and a build of PyTorch with CUDA.",
            )
        return "cuda" if self.device != "cpu" and torch.cuda.is_available() else "cpu"

    def settle(self, model: Any) -> Any:
        """A PyTorch module, moved. On a GPU in bfloat16 where it has that, since the range of float16 is too small
        for some; on a processor in float32, whatever it was stored in."""
        import torch

        device, kind = self.resolved(), torch.float32
        if device == "cuda":
            kind = torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
        return model.to(device=device, dtype=kind).eval()
