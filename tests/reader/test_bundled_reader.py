"""Reading windows: what the model is given, and where in the text its logits point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.documents import Span
from rag.encoding.bundled_tokenizer import BEGIN, END, BundledTokenizer
from rag.errors import EncoderError
from rag.reader import bundled_reader as reader_module
from rag.reader.bundled_reader import QUESTION_TOKENS, BundledReader, ReadingTokens
from rag.reader.spans import LONGEST, best_span
from rag.reader.windows import Window
from tests.tiny_weights import WORDS, tiny_tokenizer, tiny_weights


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> BundledTokenizer:
    return tiny_tokenizer(tmp_path_factory.mktemp("tokenizer"))


class WordSession:
    """Scores tokens by their id: ``starts`` and ``ends`` name the words that begin and end an answer."""

    def __init__(self, starts: dict[int, float], ends: dict[int, float], absent: float = 0.0) -> None:
        self.starts, self.ends, self.absent = starts, ends, absent
        self.fed: list[dict[str, Any]] = []

    def run(self, names: None, feed: dict[str, Any]) -> list[np.ndarray]:
        self.fed.append(feed)
        ids = feed["ids"]
        logits = np.full((*ids.shape, 2), -5.0, dtype=np.float32)
        for column, scores in enumerate((self.starts, self.ends)):
            for token, score in scores.items():
                logits[..., column][ids == token] = score
        logits[:, 0] = self.absent / 2
        return [logits]


def id_of(tokenizer: BundledTokenizer, word: str) -> int:
    found = tokenizer.model.token_to_id(f"▁{word}")
    assert found is not None
    return found


TEXT = "the cat sat on the mat. the dog ran away."
SENTENCES = (Span(0, 23), Span(24, len(TEXT)))


def test_a_pair_is_the_question_then_the_text(tokenizer: BundledTokenizer) -> None:
    asked, text = (tokenizer.tokenize([each])[0].ids for each in ("who sat", "the cat"))
    pair = ReadingTokens(tokenizer).pair(asked, text)
    query, passage = (id_of(tokenizer, prefix) for prefix in ("query:", "passage:"))
    assert pair.ids == [BEGIN, query, *asked, END, passage, *text, END]
    assert pair.ids[pair.context_at :] == [*text, END]


def test_a_long_question_leaves_room(tokenizer: BundledTokenizer) -> None:
    pair = ReadingTokens(tokenizer).pair([7] * 1000, [8])
    assert pair.ids.count(7) == QUESTION_TOKENS


def test_each_sentence_gets_its_best_words(tokenizer: BundledTokenizer) -> None:
    cat, mat, dog, away = (id_of(tokenizer, word) for word in ("cat", "mat", "dog", "away"))
    session = WordSession({cat: 2.0, dog: 1.0}, {mat: 3.0, away: 0.5}, absent=4.0)
    ((first, second),) = BundledReader(tokenizer, session).read("who sat on the mat", [Window(TEXT, SENTENCES)])
    assert first is not None
    assert second is not None
    assert (TEXT[first.start : first.end], first.margin) == ("cat sat on the mat", pytest.approx(1.0))
    assert (TEXT[second.start : second.end], second.margin) == ("dog ran away", pytest.approx(-2.5))


def test_the_question_is_never_marked(tokenizer: BundledTokenizer) -> None:
    dog = id_of(tokenizer, "dog")
    session = WordSession({dog: 9.0}, {dog: 9.0})
    ((mark,),) = BundledReader(tokenizer, session).read("the dog", [Window("the cat sat.", (Span(0, 12),))])
    assert mark is not None
    assert mark.margin < 0


def test_each_window_is_read_by_itself_and_so_the_same_whatever_is_read_beside_it(tokenizer: BundledTokenizer) -> None:
    session = WordSession({}, {})
    windows = [Window(TEXT, SENTENCES), Window("the cat.", (Span(0, 8),))]
    marks = BundledReader(tokenizer, session).read("who", windows)
    assert [len(each) for each in marks] == [2, 1]
    assert [feed["ids"].shape[0] for feed in session.fed] == [1, 1]
    assert all(feed["mask"].all() and feed["mask"].shape == feed["ids"].shape for feed in session.fed)


def test_a_sentence_past_the_models_room_is_not_marked(tokenizer: BundledTokenizer, monkeypatch) -> None:
    monkeypatch.setattr(reader_module, "CONTEXT_TOKENS", 4)
    ((first, second),) = BundledReader(tokenizer, WordSession({}, {})).read("who", [Window(TEXT, SENTENCES)])
    assert first is not None
    assert first.end <= TEXT.index(" the mat")
    assert second is None


@pytest.mark.parametrize("windows", [[], [Window("", (Span(0, 0),))]])
def test_nothing_to_read(tokenizer: BundledTokenizer, windows: list[Window]) -> None:
    assert BundledReader(tokenizer, WordSession({}, {})).read("who", windows) == [[None]] * len(windows)


def test_missing_weights_are_an_error_that_names_them(tokenizer: BundledTokenizer, tmp_path: Path) -> None:
    weights = tmp_path / "reader.safetensors"
    with pytest.raises(EncoderError) as caught:
        BundledReader.load(tokenizer, tmp_path, weights=weights)
    assert str(weights) in caught.value.message


def test_the_words_of_the_tiny_vocabulary_are_whole(tokenizer: BundledTokenizer) -> None:
    assert [len(each.ids) for each in tokenizer.tokenize(WORDS)] == [1] * len(WORDS)
    assert len(tiny_weights().pieces) == tokenizer.model.get_vocab_size()


@pytest.mark.parametrize("seed", range(20))
def test_the_best_of_all_spans(seed: int) -> None:
    random = np.random.default_rng(seed)
    logits = random.standard_normal((50, 2)).astype(np.float32)
    start, stop = sorted(random.choice(51, 2, replace=False).tolist())
    spans = [(i, j) for i in range(start, stop) for j in range(i, min(stop, i + LONGEST))]
    best = max(spans, key=lambda span: logits[span[0], 0] + logits[span[1], 1])
    found = best_span(logits, start, stop)
    assert (found.first, found.last) == best
    assert found.score == pytest.approx(logits[best[0], 0] + logits[best[1], 1])


def test_an_answer_is_never_longer_than_an_answer() -> None:
    logits = np.zeros((100, 2), dtype=np.float32)
    logits[0, 0] = logits[99, 1] = 5.0
    found = best_span(logits, 0, 100)
    assert found.last - found.first < LONGEST
    assert found.score == 5.0
