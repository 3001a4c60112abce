"""An evaluation set: a folder of articles, and of questions with known answers, checked line by line.

``articles.jsonl`` holds {id, language, title, text, date?, source?, url?} and ``questions.jsonl`` {id, question,
language, answerable, answers: [{article_id, text, start?, end?}], candidates?: [article ids], history?: [questions]},
one object a line.
Without start and end, text is looked up in the article. docs/evaluation.md tells those who write a set.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.documents import Article
from rag.errors import EvaluationError


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """A known answer: ``text == articles[article_id].text[start:end]``."""

    article_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with what is known about it. ``candidates`` empty: any article may answer.

    history: of a follow-up, the questions before it, in their order.
    """

    id: str
    question: str
    language: str
    answerable: bool
    answers: tuple[GoldAnswer, ...] = ()
    candidates: tuple[str, ...] = ()
    history: tuple[str, ...] = ()

    @property
    def relevant(self) -> frozenset[str]:
        """The articles that hold an answer."""
        return frozenset(answer.article_id for answer in self.answers)


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """A checked set: every answer's article exists and holds the text at the offsets.

    ``articles`` has every id that was given. The index stores articles of one text once, so their ids share the first
    one's Article here, and questions name that one.
    """

    name: str
    articles: Mapping[str, Article]
    questions: Sequence[GoldQuestion]


def load_set(folder: Path) -> EvaluationSet:
    """Read and check a set.

    Raises EvaluationError naming the file, the line and what was wanted there.
    """
    articles: dict[str, Article] = {}
    by_text: dict[str, Article] = {}
    for place, record in _records(folder / "articles.jsonl"):
        article = _article(record, place)
        if article.id in articles:
            raise EvaluationError(f"{place}: the id {article.id!r} occurs twice.", "Give every article its own id.")
        articles[article.id] = by_text.setdefault(article.text, article)
    records = list(_records(folder / "questions.jsonl"))
    _require_written(folder / "questions.jsonl", records)
    questions = [_question(record, articles, place) for place, record in records]
    return EvaluationSet(folder.resolve().name, articles, questions)


def _require_written(path: Path, records: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Raises EvaluationError where a draft still has questions to be written."""
    empty = [place for place, record in records if not str(record.get("question", "?")).strip()]
    if empty:
        message = f"{len(empty)} of {len(records)} questions in {path} are not written yet; the first: {empty[0]}."
        raise EvaluationError(message, "Write them, or delete their lines.")


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """("file, line n", object) for every line that is not blank."""
    empty = True
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    empty = False
                    place = f"{path}, line {number}"
                    yield place, _object(line, place)
    except (FileNotFoundError, NotADirectoryError):
        hint = "A set is a folder with articles.jsonl and questions.jsonl."
        raise EvaluationError(f"{path} does not exist.", hint) from None
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}.", "It must be a file of UTF-8 text.") from None
    if empty:
        raise EvaluationError(f"{path} is empty.", "It must hold one JSON object a line.")


def _object(line: str, place: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise EvaluationError(f"{place}: not JSON ({error}).", "Every line must be one JSON object.") from None
    if not isinstance(record, dict):
        raise EvaluationError(f"{place}: {type(record).__name__}, wanted a JSON object.", "One object a line.")
    return record


def _field(record: Mapping[str, Any], name: str, kind: type, place: str, default: Any = None) -> Any:
    value = record.get(name, default)
    # bool is an int to isinstance, and an offset of `true` is a mistake.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        found = "nothing" if value is None else f"{value!r:.60}"
        raise EvaluationError(f"{place}: {name} is {found}, wanted {kind.__name__}.", f"Correct {name} on that line.")
    return value


def _article(record: Mapping[str, Any], place: str) -> Article:
    identifier, text = _field(record, "id", str, place), _field(record, "text", str, place)
    optional = {name: _field(record, name, str, place, "") for name in ("title", "date", "source", "url")}
    language = _field(record, "language", str, place, "und")
    return Article(id=identifier, text=text, language=language, **optional)


def _question(record: Mapping[str, Any], articles: Mapping[str, Article], place: str) -> GoldQuestion:
    candidates = [_known(name, articles, place).id for name in _field(record, "candidates", list, place, [])]
    answers = tuple(_answer(entry, articles, place) for entry in _field(record, "answers", list, place, []))
    return GoldQuestion(
        id=str(record.get("id", place)),
        question=_field(record, "question", str, place),
        language=_field(record, "language", str, place, "und"),
        answerable=_field(record, "answerable", bool, place),
        answers=answers,
        candidates=tuple(dict.fromkeys(candidates)),
        history=_history(record, place),
    )


def _history(record: Mapping[str, Any], place: str) -> tuple[str, ...]:
    given = _field(record, "history", list, place, [])
    for entry in given:
        if not isinstance(entry, str) or not entry.strip():
            message = f"{place}: history holds {entry!r:.60}, wanted questions."
            raise EvaluationError(message, "Give the questions before this one as a list of texts.")
    return tuple(given)


def _answer(entry: Any, articles: Mapping[str, Article], place: str) -> GoldAnswer:
    if not isinstance(entry, dict):
        raise EvaluationError(f"{place}: an answer is {entry!r:.60}, wanted an object.", "See the format of a set.")
    identifier, text = _field(entry, "article_id", str, place), _field(entry, "text", str, place)
    article = _known(identifier, articles, place)
    if "start" not in entry and "end" not in entry:
        start = _only_place(text, article, place)
        end = start + len(text)
    else:
        start, end = _field(entry, "start", int, place), _field(entry, "end", int, place)
    found = article.text[start:end]
    if start < 0 or found != text:
        message = f"{place}: {identifier}[{start}:{end}] reads {found!r:.60}, not {text!r:.60}."
        hint = "Offsets count characters (code points), from 0, end exclusive. Without them the text is looked up."
        raise EvaluationError(message, hint)
    # A quote begins and ends with a letter or a sign, so white space at the edges of a span could never be in one.
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    if first >= last:
        raise EvaluationError(f"{place}: an answer in {identifier} has no text.", "An answer is a span of an article.")
    return GoldAnswer(article.id, start + first, start + last, text.strip())


def _only_place(text: str, article: Article, place: str) -> int:
    """Where ``text`` begins in the article, which has it once."""
    start = article.text.find(text)
    if start < 0:
        raise EvaluationError(f"{place}: {article.id} does not hold {text!r:.60}.", "Copy the text from the article.")
    if text.strip() and article.text.find(text, start + 1) >= 0:
        hint = "Give start and end, or a longer text."
        raise EvaluationError(f"{place}: {article.id} holds {text!r:.60} more than once.", hint)
    return start


def _known(identifier: object, articles: Mapping[str, Article], place: str) -> Article:
    if not isinstance(identifier, str) or identifier not in articles:
        raise EvaluationError(f"{place}: no article {identifier!r}.", "Name an id that articles.jsonl holds.")
    return articles[identifier]
