"""A model of Hugging Face as a graph of ONNX, run by onnxruntime: without PyTorch, and in int8 where it was made so.

Where the files lie, and what inputs and outputs are called, is the layout of optimum's exports, which most models of
the hub follow. A graph is data: onnxruntime knows its operators, and runs nothing else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.documents import Float32
from rag.encoding.bundled_encoder import session_of
from rag.encoding.model_folders import ModelFolder
from rag.encoding.placement import Placement

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

LENGTH = -1  # in a shape: as many as there are tokens
_GIVEN = ("input_ids", "attention_mask", "token_type_ids")
_KINDS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
_TRIALS = (3, 5)  # tokens: a graph made for one length only fails at one of them


class OnnxModel:
    """Reads one sequence at a time: on a processor a batch takes as long, and in int8 its rows would change each
    other. Safe for concurrent use."""

    def __init__(self, session: InferenceSession, outputs: Sequence[str]) -> None:
        self._session = session
        self._outputs = list(outputs)
        self._kinds = {each.name: _KINDS.get(each.type) for each in session.get_inputs()}

    @classmethod
    def open(cls, folder: ModelFolder, path: Path, placement: Placement, shapes: Mapping[str, int]) -> OnnxModel:
        """Open ``path`` and try it; ``shapes``: how long each output must be for one sequence, or LENGTH.

        Raises EncoderError where it cannot be opened, asks for other inputs or gives other outputs, SettingsError
        where a GPU is asked for.
        """
        placement.require_processor()
        with _told(folder, path):
            session = session_of(path)
            model = cls(session, list(shapes))
            model._require_names(folder, path, [each.name for each in session.get_outputs()])
            for length in _TRIALS:
                found = [value.shape for value in model.run([0] * length, [0] * length)]
                wanted = [(length if size == LENGTH else size,) for size in shapes.values()]
                if found != wanted:
                    raise _wrong(folder, path, f"its outputs have the shapes {found}, not {wanted}")
        return model

    def run(self, ids: Sequence[int], types: Sequence[int]) -> list[Float32]:
        """The outputs for one sequence of token ids and token types, without the axis of a batch."""
        rows = dict(zip(_GIVEN, (ids, [1] * len(ids), types), strict=True))
        given = {name: np.array([rows[name]], dtype=kind) for name, kind in self._kinds.items()}
        return [np.asarray(value[0], dtype=np.float32) for value in self._session.run(self._outputs, given)]

    def _require_names(self, folder: ModelFolder, path: Path, outputs: Sequence[str]) -> None:
        for name, kind in self._kinds.items():
            if name not in _GIVEN or kind is None:
                raise _wrong(folder, path, f"it asks for {name}, which is not known here")
        if missing := sorted(set(self._outputs) - set(outputs)):
            raise _wrong(folder, path, f"it gives {', '.join(outputs)}, and not {missing[0]}")


def folder_tokenizer(folder: ModelFolder) -> tuple[Tokenizer, dict[str, Any], int]:
    """The tokenizer of a model, what ``tokenizer_config.json`` says, and the most tokens a sequence may have.

    Raises EncoderError where a file is missing or damaged.
    """
    from tokenizers import Tokenizer

    told: dict[str, Any] = {}
    path = folder.path / "tokenizer_config.json"
    try:
        told = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        tokenizer = Tokenizer.from_str((folder.path / "tokenizer.json").read_text("utf-8"))
    except Exception as error:
        raise folder.failed(
            f"its tokenizer cannot be read: {error}", "Choose a model that ships a tokenizer.json."
        ) from error
    limits = (told.get("model_max_length"), folder.config().get("max_position_embeddings"))
    return tokenizer, told, int(min((limit for limit in limits if limit), default=sys.maxsize))


@contextmanager
def _told(folder: ModelFolder, path: Path) -> Iterator[None]:
    from onnxruntime.capi import onnxruntime_pybind11_state as errors

    known = (errors.Fail, errors.RuntimeException, errors.InvalidArgument, errors.InvalidGraph, errors.InvalidProtobuf)
    others = (errors.NoSuchFile, errors.NotImplemented, errors.EPFail, MemoryError, RuntimeError)
    try:
        yield
    except (*known, *others) as error:
        raise _wrong(folder, path, str(error).strip().partition("\n")[0] or "out of memory") from error


def _wrong(folder: ModelFolder, path: Path, reason: str) -> Exception:
    file = path.relative_to(folder.path)
    return folder.failed(
        f"{file}: {reason}",
        f"Choose a {folder.role} whose {path.name} was exported for that, or set ISNAD_BACKEND=torch.",
    )
