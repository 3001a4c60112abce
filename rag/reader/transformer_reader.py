"""Any extractive question answering model of Hugging Face: a hub name or a local folder.

It runs on transformers, or on onnxruntime where ISNAD_BACKEND asks for ONNX and the folder holds such a graph. A text
longer than the model's window is read in several that overlap, and "not here" is the score of the first token,
as in SQuAD 2.0 (Devlin et al. 2019; Rajpurkar et al. 2018). A model of SQuAD 1 never learnt to say it. What it says of
texts that have nothing to do with the question tells which it is (:data:`BESIDE`), and its margins are then the odds of
the words against all others of their window, as a logarithm. Code from a model repository is never run.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from rag.documents import Float32, Span
from rag.encoding.encoder import Report
from rag.encoding.model_folders import ModelFolder, ModelIdentity
from rag.encoding.onnx_model import LENGTH, OnnxModel, folder_tokenizer
from rag.encoding.placement import GRAPHS, Placement
from rag.reader.spans import agreement, best_span
from rag.reader.token_pairs import LONGEST, PairTokenizer, TokenPair
from rag.reader.windows import Marked, Window

SETTING = "ISNAD_READER"
TATWEEL = "\u0640"
BATCH = 8  # sequences run at once, sorted by length: a guess for a processor
_HEAD = {"start_logits": LENGTH, "end_logits": LENGTH}
BESIDE = (
    ("When was the bridge opened?", "Coffee is drunk with dates in the evening."),
    ("من صمم الجسر؟", "تشرب القهوة مع التمر في المساء."),
    ("Qui a dessiné le pont ?", "On boit le café le soir avec des dattes."),
)


class ReadingModel(Protocol):
    """What gives each token of a sequence its two logits."""

    def logits(self, pairs: Sequence[TokenPair]) -> list[Float32]:
        """(length, 2) of each."""
        ...


class _Parts(NamedTuple):
    identity: ModelIdentity
    model: ReadingModel
    tokenizer: PairTokenizer


def reader_folder(name: str, placement: Placement) -> ModelFolder:
    """Where the model lies, looked at from without. Raises EncoderError where it is missing or of another kind."""
    folder = ModelFolder.find(SETTING, name, library=placement.backend not in GRAPHS)
    folder.require_head("ForQuestionAnswering", "an extractive question answering model")
    if not placement.graph_in(folder.path):
        folder.require_library()
        folder.require_weights()
    folder.require_tokenizer()
    return folder


class TransformerReader:
    """Marks answers by ``start`` and ``end`` logits. Safe for concurrent use."""

    def __init__(
        self, identity: ModelIdentity, model: ReadingModel, tokenizer: PairTokenizer, knows_absence: bool = True
    ) -> None:
        self.identity = identity
        self._model = model
        self._tokenizer = tokenizer
        self._knows_absence = knows_absence

    @classmethod
    def load(cls, name: str, placement: Placement, report: Report = lambda line: None) -> TransformerReader:
        """Load ``name`` and try it. Raises EncoderError where it is missing or cannot serve."""
        folder = reader_folder(name, placement)
        graph = placement.graph_in(folder.path)
        report(f"Loading the reader {name} with {f'onnxruntime from {graph.name}' if graph else 'transformers'}")
        if graph:
            return cls._tried(name, _opened(folder, graph, placement), report)
        with folder.loading():
            return cls._tried(name, _loaded(folder, placement), report)

    @classmethod
    def _tried(cls, name: str, parts: _Parts, report: Report) -> TransformerReader:
        reader = cls(*parts)
        reader._knows_absence = any(reader._tells_absence(*each) for each in BESIDE)
        if not reader._knows_absence:
            report(f"The reader {name} has no score for texts without an answer: its margins are odds among words.")
        return reader

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Marked | None]]:
        """For each window the best words of each of its sentences, None for one without tokens that could be read."""
        marks: list[list[Marked | None]] = [[None] * len(window.sentences) for window in windows]
        pairs = self._tokenizer.pairs(question, [window.text for window in windows])
        for one, logits in zip(pairs, self._model.logits(pairs), strict=True):
            window, found = windows[one.owner], marks[one.owner]
            for number, sentence in enumerate(window.sentences):
                mark = self._mark(one, logits, window.text, sentence)
                found[number] = max(filter(None, (found[number], mark)), key=lambda each: each.margin, default=None)
        return marks

    def _tells_absence(self, question: str, text: str) -> bool:
        (mark,) = self.read(question, [Window(text, (Span(0, len(text)),))])[0]
        return mark is not None and mark.margin < 0

    def _mark(self, one: TokenPair, logits: Float32, text: str, sentence: Span) -> Marked | None:
        """``logits``: (length, 2) of the whole sequence."""
        first, stop = np.searchsorted(one.spans[:, 0], [sentence.start, sentence.end])
        if first == stop:
            return None
        within = logits[one.places]
        span = best_span(within, int(first), int(stop))
        start, end = int(one.spans[span.first, 0]), int(one.spans[span.last, 1])
        while end < sentence.end and _belongs(text[end]):
            end += 1
        absent = float(logits[one.absent_at].sum()) if self._knows_absence else _rivals(within, span.score)
        return Marked(start, min(end, sentence.end), span.score - absent, agreement(within, span))


class TorchReading:
    """A model of transformers, in batches of sequences that are about as long.

    ``padding``: the token that fills a batch; ``typed``: whether the model tells question and text by token types.
    """

    def __init__(self, model: Any, padding: int, typed: bool) -> None:
        self._model = model
        self._padding = padding
        self._typed = typed

    def logits(self, pairs: Sequence[TokenPair]) -> list[Float32]:
        """(length, 2) of each."""
        order = sorted(range(len(pairs)), key=lambda place: len(pairs[place].ids))
        found: dict[int, Float32] = {}
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            found |= zip(batch, self._run([pairs[place] for place in batch]), strict=True)
        return [found[place] for place in range(len(pairs))]

    def _run(self, batch: Sequence[TokenPair]) -> Iterator[Float32]:
        import torch  # lazy: seconds that the bundled reader's users need not pay

        longest = max(len(one.ids) for one in batch)
        rows = [(one.ids, one.types, [1] * len(one.ids)) for one in batch]
        ids, types, mask = (
            torch.tensor([row[part] + [blank] * (longest - len(row[part])) for row in rows], device=self._model.device)
            for part, blank in enumerate((self._padding, 0, 0))
        )
        given = {"token_type_ids": types} if self._typed else {}
        with torch.inference_mode():
            found = self._model(input_ids=ids, attention_mask=mask, **given)
        logits = torch.stack([found.start_logits, found.end_logits], dim=-1).float().cpu().numpy()
        return (logits[row, : len(one.ids)] for row, one in enumerate(batch))


class OnnxReading:
    """A graph with the two outputs of such a model."""

    def __init__(self, model: OnnxModel) -> None:
        self._model = model

    def logits(self, pairs: Sequence[TokenPair]) -> list[Float32]:
        """(length, 2) of each."""
        return [np.stack(self._model.run(pair.ids, pair.types), axis=-1) for pair in pairs]


def _belongs(character: str) -> bool:
    """Whether it is part of the letter before it: a vowel sign, or the stretching of Arabic, which tokenizers omit."""
    return unicodedata.category(character) == "Mn" or character == TATWEEL


def _rivals(logits: Float32, score: float) -> float:
    """The logits of all spans but one of ``score``, as one: the logarithm of their exponentials' sum."""
    starts, ends = (np.logaddexp.reduce(column.astype(np.float64)) for column in logits.T)
    rest = 1 - np.exp(score - starts - ends)
    return float(starts + ends + np.log(max(rest, 1e-9)))


def _loaded(folder: ModelFolder, placement: Placement) -> _Parts:
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    path, safe = str(folder.path), {"trust_remote_code": False, "local_files_only": True}
    # of a folder, so that there is no revision to pin
    tokenizer = AutoTokenizer.from_pretrained(path, **safe)  # nosec B615
    if not getattr(tokenizer, "is_fast", False):
        raise folder.failed(
            "it has no fast tokenizer, so its tokens cannot be traced to characters",
            "Choose a model that ships a tokenizer.json.",
        )
    wanted = {**safe, "use_safetensors": True, "output_loading_info": True}
    model, told = AutoModelForQuestionAnswering.from_pretrained(path, **wanted)  # nosec B615
    if told["missing_keys"]:
        raise folder.failed(
            f"its weights lack {min(told['missing_keys'])}",
            "Choose a model that was trained to answer questions: this one has no head for it.",
        )
    room = min(tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", LONGEST))
    typed = "token_type_ids" in tokenizer.model_input_names
    reading = TorchReading(placement.settle(model), tokenizer.pad_token_id or 0, typed)
    return _Parts(folder.identity(), reading, PairTokenizer(tokenizer.backend_tokenizer, room, tokenizer.cls_token_id))


def _opened(folder: ModelFolder, graph: Path, placement: Placement) -> _Parts:
    model = OnnxModel.open(folder, graph, placement, _HEAD)
    tokenizer, told, room = folder_tokenizer(folder)
    start = told.get("cls_token")
    first = tokenizer.token_to_id(start["content"] if isinstance(start, dict) else start) if start else None
    return _Parts(folder.identity(graph), OnnxReading(model), PairTokenizer(tokenizer, room, first))
