"""Any extractive question answering model of Hugging Face, by transformers: a hub name or a local folder.

A text longer than the model's window is read in several that overlap, and "not here" is the score of the first token,
as in SQuAD 2.0 (Devlin et al. 2019; Rajpurkar et al. 2018). A model of SQuAD 1 never learnt to say it. What it says of
texts that have nothing to do with the question tells which it is (:data:`BESIDE`), and its margins are then the odds of
the words against all others of their window, as a logarithm. Code from a model repository is never run.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from rag.documents import Float32, Int32, Span
from rag.encoding.encoder import Report
from rag.encoding.model_folders import ModelFolder, ModelIdentity
from rag.encoding.placement import Placement
from rag.encoding.transformer_encoder import trimmed
from rag.reader.bundled_reader import QUESTION_TOKENS, best_span
from rag.reader.windows import Marked, Window

SETTING = "ISNAD_READER"
LONGEST = 512  # tokens a sequence, or fewer where the model's own limit is lower
OVERLAP = 96  # tokens that two windows of a long text share: an answer and what tells that it is one
TATWEEL = "\u0640"
BATCH = 8  # sequences run at once, sorted by length: a guess for a processor
BESIDE = (
    ("When was the bridge opened?", "Coffee is drunk with dates in the evening."),
    ("من صمم الجسر؟", "تشرب القهوة مع التمر في المساء."),
    ("Qui a dessiné le pont ?", "On boit le café le soir avec des dattes."),
)


class _Sequence(NamedTuple):
    """Token ids with specials; where "not here" stands among them; the tokens of the text, and their spans in it."""

    owner: int
    ids: list[int]
    types: list[int]
    absent_at: int
    places: Int32
    spans: Int32


def reader_folder(name: str) -> ModelFolder:
    """Where the model lies, looked at from without. Raises EncoderError where it is missing or of another kind."""
    folder = ModelFolder.find(SETTING, name)
    folder.require_head("ForQuestionAnswering", "an extractive question answering model")
    folder.require_safe()
    return folder


class TransformerReader:
    """Marks answers by ``start`` and ``end`` logits. Safe for concurrent use."""

    def __init__(self, identity: ModelIdentity, model: Any, tokenizer: Any, knows_absence: bool = True) -> None:
        self.identity = identity
        self._model = model
        self._tokenizer = tokenizer
        self._knows_absence = knows_absence
        self._room = min(LONGEST, tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", LONGEST))
        self._tokenizing = Lock()  # padding and truncation are settings of the tokenizer, which threads share

    @classmethod
    def load(cls, name: str, placement: Placement, report: Report = lambda line: None) -> TransformerReader:
        """Load ``name`` and try it. Raises EncoderError where it is missing or cannot serve."""
        folder = reader_folder(name)
        report(f"Loading the reader {name} with transformers")
        with folder.loading():
            model, tokenizer = _loaded(folder)
            reader = cls(folder.identity(), placement.settle(model), tokenizer)
            reader._knows_absence = any(reader._tells_absence(*each) for each in BESIDE)
        if not reader._knows_absence:
            report(f"The reader {name} has no score for texts without an answer: its margins are odds among words.")
        return reader

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Marked | None]]:
        """For each window the best words of each of its sentences, None for one without tokens that could be read."""
        marks: list[list[Marked | None]] = [[None] * len(window.sentences) for window in windows]
        sequences = self._sequences(question, [window.text for window in windows])
        for one, logits in zip(sequences, self._run(sequences), strict=True):
            window, found = windows[one.owner], marks[one.owner]
            for number, sentence in enumerate(window.sentences):
                mark = self._mark(one, logits, window.text, sentence)
                found[number] = max(filter(None, (found[number], mark)), key=lambda each: each.margin, default=None)
        return marks

    def _tells_absence(self, question: str, text: str) -> bool:
        (mark,) = self.read(question, [Window(text, (Span(0, len(text)),))])[0]
        return mark is not None and mark.margin < 0

    def _mark(self, one: _Sequence, logits: Float32, text: str, sentence: Span) -> Marked | None:
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
        return Marked(start, min(end, sentence.end), span.score - absent)

    def _sequences(self, question: str, texts: Sequence[str]) -> list[_Sequence]:
        """Question and text as the tokenizer puts them together, those of a long text several."""
        if not texts:
            return []
        with self._tokenizing:
            cut = self._tokenizer(question, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
            asked = question[: max((end for _, end in cut["offset_mapping"][:QUESTION_TOKENS]), default=0)]
            made = self._tokenizer(
                [asked] * len(texts),
                list(texts),
                truncation="only_second",
                max_length=self._room,
                stride=min(OVERLAP, self._room // 4),
                return_overflowing_tokens=True,
                return_offsets_mapping=True,
                return_token_type_ids=True,
            )
        return [self._sequence(made, row, texts) for row in range(len(made["input_ids"]))]

    def _sequence(self, made: Any, row: int, texts: Sequence[str]) -> _Sequence:
        owner, ids = made["overflow_to_sample_mapping"][row], made["input_ids"][row]
        offsets = np.array(made["offset_mapping"][row], dtype=np.int32).reshape(-1, 2)
        of_text = np.array([part == 1 for part in made.sequence_ids(row)], dtype=bool) & (offsets[:, 1] > offsets[:, 0])
        start = self._tokenizer.cls_token_id
        absent_at = ids.index(start) if start in ids else 0
        places = np.flatnonzero(of_text).astype(np.int32)
        return _Sequence(
            owner, ids, made["token_type_ids"][row], absent_at, places, trimmed(texts[owner], offsets[places])
        )

    def _run(self, sequences: Sequence[_Sequence]) -> list[Float32]:
        """(length, 2) logits of each."""
        order = sorted(range(len(sequences)), key=lambda place: len(sequences[place].ids))
        logits: dict[int, Float32] = {}
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            logits |= zip(batch, self._logits([sequences[place] for place in batch]), strict=True)
        return [logits[place] for place in range(len(sequences))]

    def _logits(self, batch: Sequence[_Sequence]) -> Iterator[Float32]:
        import torch  # lazy: seconds that the bundled reader's users need not pay

        longest = max(len(one.ids) for one in batch)
        padding = self._tokenizer.pad_token_id or 0
        rows = [(one.ids, one.types, [1] * len(one.ids)) for one in batch]
        ids, types, mask = (
            torch.tensor([row[part] + [blank] * (longest - len(row[part])) for row in rows], device=self._model.device)
            for part, blank in enumerate((padding, 0, 0))
        )
        given = {"token_type_ids": types} if "token_type_ids" in self._tokenizer.model_input_names else {}
        with torch.inference_mode():
            found = self._model(input_ids=ids, attention_mask=mask, **given)
        logits = torch.stack([found.start_logits, found.end_logits], dim=-1).float().cpu().numpy()
        return (logits[row, : len(one.ids)] for row, one in enumerate(batch))


def _belongs(character: str) -> bool:
    """Whether it is part of the letter before it: a vowel sign, or the stretching of Arabic, which tokenizers omit."""
    return unicodedata.category(character) == "Mn" or character == TATWEEL


def _rivals(logits: Float32, score: float) -> float:
    """The logits of all spans but one of ``score``, as one: the logarithm of their exponentials' sum."""
    starts, ends = (np.logaddexp.reduce(column.astype(np.float64)) for column in logits.T)
    rest = 1 - np.exp(score - starts - ends)
    return float(starts + ends + np.log(max(rest, 1e-9)))


def _loaded(folder: ModelFolder) -> tuple[Any, Any]:
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
    return model, tokenizer
