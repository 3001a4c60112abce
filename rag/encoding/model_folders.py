"""Models of Hugging Face on this machine, and what is refused of them: code of their own, and pickled weights.

Nothing is downloaded here: a name of the hub is looked up among what ``python -m rag models fetch`` brought. Whoever
loads a model loads its folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from rag.errors import EncoderError
from rag.files import sha256_of

_HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
_OWNER = "sentence-transformers"  # of the names of old that have none, such as LaBSE
PICKLED = (".bin", ".ckpt", ".pkl", ".pt", ".pth")  # formats whose reading may run what they hold
OWN_RUNTIMES = ("onnx", "openvino")  # folders of other forms of the weights, which are not pickled
_TOKENIZERS = ("tokenizer.json", "vocab.*", "*.model")
WANTED = ("*.json", "*.txt", "*.model", "*.jinja", "*.safetensors")  # files of a repository that are used
_MEMORY = re.compile(r"out of memory|alloc", re.IGNORECASE)


class ModelIdentity(NamedTuple):
    """What makes two models the same: ``name``, without its owner, and ``sha256`` (hex) of its weights."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model that ``setting`` (``ISNAD_READER``) names: ``name`` as it was given, ``path`` where its files lie."""

    setting: str
    name: str
    path: Path

    @classmethod
    def find(cls, setting: str, name: str, *, library: bool = True) -> ModelFolder:
        """The folder of that name, or of that model of the hub. Raises EncoderError where neither is here, and, where
        the ``library`` is wanted in any case, without it."""
        if library:
            cls(setting, name, Path()).require_library()
        local = Path(name).expanduser()
        if local.is_dir():
            return cls(setting, name, local)
        found = _fetched(name) if _HUB_NAME.fullmatch(name) else None
        if found is None:
            known = name if _HUB_NAME.fullmatch(name) else "OWNER/NAME"
            raise EncoderError(
                f"The {_role(setting)} {name} could not be loaded: it is not on this machine.",
                f"Check the name, then fetch it: python -m rag models fetch {known}. "
                f"Or set {setting} to a folder that holds the model.",
            )
        return cls(setting, name, found)

    @property
    def role(self) -> str:
        """What it is to be: ``encoder``, ``reader``, ``reranker``."""
        return _role(self.setting)

    @property
    def is_local(self) -> bool:
        """Whether it is somebody's own folder, and not fetched from the hub."""
        return self.path == Path(self.name).expanduser()

    @property
    def short_name(self) -> str:
        """A hub name without its owner; a folder's own name."""
        return Path(self.name).expanduser().resolve().name

    def identity(self, graph: Path | None = None) -> ModelIdentity:
        """By the bytes of its weights, which are all read, or of those of a ``graph`` and the files beside it."""
        files = sorted(graph.parent.glob(f"{graph.name}*") if graph else self.path.glob("*.safetensors"))
        return ModelIdentity(self.short_name, sha256("".join(map(sha256_of, files)).encode()).hexdigest())

    def config(self) -> dict[str, Any]:
        """What ``config.json`` says; empty where there is none. Raises EncoderError for one that is no JSON."""
        try:
            read = json.loads((self.path / "config.json").read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise self.failed(f"its config.json cannot be read: {error}") from error
        return read if isinstance(read, dict) else {}

    def architectures(self) -> list[str]:
        """The classes that ``config.json`` names."""
        names = self.config().get("architectures")
        return [str(name) for name in names] if isinstance(names, list) else []

    def require_library(self) -> None:
        """Raises EncoderError without sentence-transformers, which brings transformers and PyTorch."""
        if find_spec("sentence_transformers") is None:
            raise EncoderError(
                f"The {self.role} {self.name} needs sentence-transformers, which is not installed.",
                f"Run `pip install 'sentence-transformers>=5.2,<7'`, or unset {self.setting} to use what is bundled.",
            )

    def require_safe(self) -> None:
        """Raises EncoderError unless all weights are there, and none need be read from a pickle."""
        for folder in {path.parent for path in self.path.rglob("*.*") if path.suffix in PICKLED}:
            own = folder.relative_to(self.path).parts[:1]
            if own and own[0] in OWN_RUNTIMES:
                continue
            if not any(folder.glob("*.safetensors")):
                raise self.failed(
                    "it has pickled weights only, which may run code when they are read",
                    "Choose a model with safetensors, or save it anew in that format.",
                )
        for index in self.path.rglob("*.safetensors.index.json"):
            with self._readable(index):
                named = {str(each) for each in json.loads(index.read_text("utf-8"))["weight_map"].values()}
            if missing := sorted(each for each in named if not (index.parent / each).is_file()):
                raise self.failed(f"{missing[0]} is missing")

    def require_tokenizer(self) -> None:
        """Raises EncoderError without a file that a tokenizer is made of."""
        if not any(True for pattern in _TOKENIZERS for _ in self.path.glob(pattern)):
            raise self.failed("it has no tokenizer", f"Copy its tokenizer.json too, or correct {self.setting}.")

    def require_weights(self) -> None:
        """Raises EncoderError where none are safe, or a file ends too soon; only their heads are read."""
        self.require_safe()
        from safetensors import safe_open

        if not (weights := sorted(self.path.glob("*.safetensors"))):
            raise self.failed("it has no weights: no file ends in .safetensors")
        for path in weights:
            with self._readable(path), safe_open(path, framework="numpy"):
                pass

    @contextmanager
    def _readable(self, path: Path) -> Iterator[None]:
        from safetensors import SafetensorError

        try:
            yield
        except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
            raise self.failed(f"{path.name} cannot be read: {error}") from error

    def require_head(self, kind: str, wanted: str) -> None:
        """Raises EncoderError unless the configuration names a model of ``kind``, such as ``ForQuestionAnswering``."""
        names = self.architectures()
        if not any(name.endswith(kind) for name in names):
            told = ", ".join(names) or "no model that config.json names"
            raise self.failed(
                f"it is {told}, and a {self.role} is a model …{kind}",
                f"Choose {wanted} for {self.setting}, or unset it.",
            )

    def failed(self, reason: str, cure: str = "") -> EncoderError:
        """The error that says why it cannot be used."""
        again = "Copy its files again, fetch it by its name" if self.is_local else "Fetch it again"
        name = "OWNER/NAME" if self.is_local else self.name
        usual = f"{again} (python -m rag models fetch {name}), or correct {self.setting}."
        return EncoderError(f"The {self.role} {self.name} could not be loaded: {reason.rstrip('.')}.", cure or usual)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Whatever the libraries raise as an EncoderError with the cure: they have no tree of errors."""
        from safetensors import SafetensorError
        from transformers.utils import logging

        logging.disable_progress_bar()  # a bar for files that lie here already
        try:
            yield
        except (
            *(OSError, ValueError, RuntimeError, ImportError, MemoryError, KeyError, TypeError, AttributeError),
            SafetensorError,
        ) as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> EncoderError:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        if isinstance(error, MemoryError) or _MEMORY.search(reason):
            cure = f"Free some, set ISNAD_DEVICE=cpu if it ran on a GPU, or choose a smaller model for {self.setting}."
            return self.failed(f"there is not enough memory ({reason})", cure)
        if "trust_remote_code" in str(error):
            return self.failed("it needs code of its own, which is never run", "Choose one that transformers knows.")
        if "does not recognize this architecture" in str(error):
            return self.failed(reason, f"Install a newer transformers, or set {self.setting} to another.")
        return self.failed(reason)


def _role(setting: str) -> str:
    return setting.removeprefix("ISNAD_").lower()


def _fetched(name: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    for repository in (name,) if "/" in name else (f"{_OWNER}/{name}",):
        try:
            found = snapshot_download(repository, local_files_only=True, allow_patterns=list(WANTED))  # nosec B615
            return Path(found)
        except LocalEntryNotFoundError:
            continue
    return None
