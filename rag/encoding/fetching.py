"""Models brought from the hub of Hugging Face: the only place that downloads one, and only what is named.

They land in the hub's own cache (``HF_HOME``), where they are found without a network afterwards. Code and pickled
weights stay there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path

from rag.encoding.model_folders import WANTED
from rag.encoding.placement import GRAPHS, Placement
from rag.errors import EncoderError
from rag.settings import Settings, setting_name

_KINDS = ("encoder", "reader", "reranker")


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model as the hub tells of it: its licence ("" where it names none), and the bytes of each file to fetch."""

    name: str
    licence: str
    files: dict[str, int]

    @property
    def size(self) -> int:
        """Bytes of all."""
        return sum(self.files.values())


def chosen_models(settings: Settings) -> dict[str, str]:
    """Name by setting of what is neither bundled nor empty: ``{"ISNAD_READER": "deepset/..."}``."""
    known = {each.name for each in fields(settings)}
    named = {setting_name(kind): str(getattr(settings, kind)) for kind in _KINDS if kind in known}
    return {setting: name for setting, name in named.items() if name not in ("", "bundled")}


def look_up(name: str, backend: str = "torch") -> HubModel:
    """What the hub has of that name. Raises EncoderError where it has none, or none that would be used."""
    from huggingface_hub import HfApi

    with _hub(name):
        found = HfApi().model_info(name, files_metadata=True)
    licence = str(found.card_data.get("license") or "") if found.card_data else ""
    sizes = {each.rfilename: each.size or 0 for each in found.siblings or ()}
    patterns = (*WANTED, *_of_backend(backend, sizes))
    files = {file: size for file, size in sizes.items() if any(fnmatchcase(file, pattern) for pattern in patterns)}
    if not any(file.endswith((".safetensors", ".onnx")) for file in files):
        raise EncoderError(
            f"The hub has no safetensors of {name}, and pickled weights are never read.", "Choose another model."
        )
    return HubModel(name, licence, files)


def download(model: HubModel) -> Path:
    """Its folder, with every file; bars on standard error say how far it is. Raises EncoderError."""
    from huggingface_hub import snapshot_download

    with _hub(model.name):  # of the newest revision: it is data alone, and the index knows its hash
        return Path(snapshot_download(model.name, allow_patterns=list(model.files)))  # nosec B615


def _of_backend(backend: str, files: Collection[str]) -> Sequence[str]:
    """What it wants besides: one graph, with the file of weights that a large one has beside it."""
    if backend == "openvino":
        return ("openvino/openvino_model.*",)
    graphs = [f"onnx/{name}" for name in GRAPHS.get(backend, ()) if f"onnx/{name}" in files]
    return [f"{graph}*" for graph in graphs[:1]]


@contextmanager
def _hub(name: str) -> Iterator[None]:
    from huggingface_hub import errors

    try:
        yield
    except errors.OfflineModeIsEnabled:
        raise EncoderError(
            f"{name} cannot be fetched while HF_HUB_OFFLINE is set.", "Unset it for this command."
        ) from None
    except errors.GatedRepoError:
        raise EncoderError(
            f"{name} is given to those only who accept its terms.",
            f"Accept them at its page on the hub, then set HF_TOKEN and run: python -m rag models fetch {name}",
        ) from None
    except (errors.RepositoryNotFoundError, errors.HFValidationError):
        raise EncoderError(f"The hub has no model {name}.", "Check the name: OWNER/MODEL.") from None
    except (errors.HfHubHTTPError, errors.LocalEntryNotFoundError, errors.HTTPError, OSError) as error:
        told = str(error).strip().partition("\n")[0]
        raise EncoderError(
            f"{name} could not be fetched: {told}", "Check the network and the disk, then run the same command again."
        ) from error


def wanted_extras(settings: Settings) -> Sequence[tuple[str, str]]:
    """(the requirements file that the settings need besides the light ones, why): for ``make run``."""
    models = [
        f"{setting} is {name}, which runs on PyTorch"
        for setting, name in chosen_models(settings).items()
        if setting == "ISNAD_ENCODER" or not Placement.of(settings).graph_in(Path(name).expanduser())
    ]
    extras = [("torch", models[0])] if models else []
    return extras + ([("qdrant", f"ISNAD_QDRANT_URL is {settings.qdrant_url}")] if settings.qdrant_url else [])
