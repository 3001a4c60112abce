"""Where a model of Hugging Face runs, and in which precision: half on a GPU, whole on a processor."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from rag.errors import SettingsError
from rag.settings import Settings

DEVICES, BACKENDS = ("auto", "cpu", "cuda"), ("torch", "onnx", "openvino")


@dataclass(frozen=True, slots=True)
class Placement:
    """``device``: one of DEVICES; ``backend``: one of BACKENDS, the last two sentence-transformers' own."""

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

    def require_backend(self) -> None:
        """Raises SettingsError where sentence-transformers lacks what the backend runs on."""
        if self.backend != "torch" and find_spec("optimum") is None:
            raise SettingsError(
                f"ISNAD_BACKEND is {self.backend}, and optimum, which brings it, is not installed.",
                f"Run: pip install sentence-transformers[{self.backend}]. Or unset ISNAD_BACKEND.",
            )

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
