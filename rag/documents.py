"""The frozen values that travel between stages: the only currency of the program.

Offsets are Python string indices into ``Article.text`` unless a docstring says otherwise, half open
(``text[start:end]``). Scores: higher is better. Dates: ISO 8601 (``YYYY-MM-DD``) or the empty string.
Languages: ISO 639-1 codes, ``und`` when unknown. Absent text is the empty string, never ``None``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Int32 = NDArray[np.int32]
Mask = NDArray[np.bool_]
Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]
Status = Literal["answered", "related", "not_found"]
Label = Literal["sure", "likely", ""]
Answerer = Literal["auto", "extractive", "llm"]
ListOrder = Literal["newest", "oldest", "added", "title"]  # of a list of articles; "added": the latest added first
HEADING_CHARS = 60
GUIDE = "guide"  # who answers a greeting: nobody looked into the articles


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters it covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as stored. ``text`` is what every offset refers to and is never altered once stored.

    ``id`` is stable across edits of the same file; ``origin`` says where the article was read from (a path
    relative to the corpus folder, a URL or a member of an archive); ``content_hash`` is the SHA-256 (hex) of
    the original bytes; ``questions`` are suggestions the front matter may make, shown as examples.
    """

    id: str
    text: str
    title: str = ""
    language: str = "und"
    source: str = ""
    date: str = ""
    url: str = ""
    author: str = ""
    origin: str = ""
    content_hash: str = ""
    questions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """What the article is called where it is cited: its title, or its first words where it has none."""
        return self.title or _first_words(self.text)


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of whole sentences of one article. ``key`` is the store's row id, 0 until stored.

    ``sentences`` are offsets into the article, in order, covering ``start`` to ``end`` up to white space.
    """

    article_id: str
    start: int
    end: int
    text: str
    language: str = "und"
    sentences: tuple[Span, ...] = ()
    key: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer. Empty means any. ``since`` and ``until`` are inclusive ISO dates."""

    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    article_ids: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.languages or self.sources or self.since or self.until or self.article_ids)


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation; the history belongs to the caller."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Every surface makes one, and whoever can answer takes one; a text alone stands for the rest.

    history: the earlier turns, oldest first. top_k: how many passages the answer may draw on, None for the setting's.
    language: of the answer, empty for the question's own. today: the day that "last week" counts back from, ISO 8601;
    empty for this one. translate: whether quotes in another language than the answer's come with a translation.
    any_time: articles of every day may answer, whatever period its own words name.
    """

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()
    top_k: int | None = None
    answerer: Answerer = "auto"
    language: str = ""
    today: str = ""
    translate: bool = False
    any_time: bool = False

    @classmethod
    def of(cls, asked: Question | str) -> Question:
        """The question itself, or a text as a question."""
        return cls(asked) if isinstance(asked, str) else asked


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its article, its fused score and the signals that made it.

    also_in: the sources of other articles that tell the same story and were left out for it.
    """

    passage: Passage
    article: Article
    score: float
    signals: Mapping[str, float] = field(default_factory=dict)
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gloss:
    """A word of the quote rendered in the question's language; offsets into the article."""

    start: int
    end: int
    text: str
    gloss: str


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A word of the question as it was asked, and where the quote has what meets it; offsets into the article."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Translation:
    """A quote in another language, in the words of a model; verified: its numbers and names are those of the quote."""

    text: str
    language: str
    model: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact quote: ``article.text[start:end] == quote``. Highlights and glosses use article offsets.

    also_in: the sources of other articles that tell the same story. also_said: a further quote, beside those that the
    answer's sentences rest on; shown folded, or not at all. translation: in the language of the answer, where wished.
    at: where in the article, as a mark of its text tells (``0:12:05`` of a film, ``OCR p. 3`` of a recognised page).
    title_glosses: offsets into the title. source_gloss: the source's name in the script of the question; "≈" begins one
    written by its sound.
    """

    number: int
    article_id: str
    title: str
    source: str
    date: str
    url: str
    language: str
    quote: str
    start: int
    end: int
    score: float
    highlights: tuple[tuple[int, int], ...] = ()
    glosses: tuple[Gloss, ...] = ()
    also_in: tuple[str, ...] = ()
    also_said: bool = False
    translation: Translation | None = None
    at: str = ""
    title_glosses: tuple[Gloss, ...] = ()
    source_gloss: str = ""
    matches: tuple[WordMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of the answer, the numbers of its citations, and whether the evidence bears it out.

    lead: what stands between it and the one before: a space, or the line breaks that begin a paragraph or a list.
    """

    text: str
    citations: tuple[int, ...] = ()
    unsupported: bool = False
    lead: str = " "


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The exact words that answer, as a span of the cited article; ``citation`` is the citation's number.

    label: how often such words are right, of these words only: ``sure``, ``likely``, or nothing where that is unknown.
    sources: how many of the sources found say so, 0 where nobody counted. note: where only one of several does, a line
    that says it in the language of the question.
    """

    text: str
    citation: int
    start: int
    end: int
    gloss: str = ""
    confidence: float = 0.0
    label: Label = ""
    sources: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage as shown to the caller, with what is needed to name and filter it. ``at``: as of a citation."""

    article_id: str
    start: int
    end: int
    text: str
    score: float
    title: str = ""
    source: str = ""
    date: str = ""
    url: str = ""
    language: str = "und"
    also_in: tuple[str, ...] = ()
    at: str = ""

    @classmethod
    def from_hit(cls, hit: Hit, at: str = "") -> Evidence:
        """The passage of a hit, with its article's particulars."""
        article, passage = hit.article, hit.passage
        return cls(
            article_id=article.id,
            start=passage.start,
            end=passage.end,
            text=passage.text,
            score=round(hit.score, 4),
            title=article.heading,
            source=article.source,
            date=article.date,
            url=article.url,
            language=passage.language,
            also_in=hit.also_in,
            at=at,
        )


@dataclass(frozen=True, slots=True)
class AppliedFilters:
    """The days that an answer was limited to, inclusive ISO dates; from_question: its own words said so."""

    since: str
    until: str
    from_question: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What every surface returns, in one of three states.

    ``answered``: the quotes answer. ``related``: they are near and may not; nothing is claimed, and there is no short
    answer. ``not_found``: a refusal, with no citations and the nearest passages kept.

    language: the question's. answer: with ``[1]`` markers, plain_answer: without. confidence: 0 to 1.
    answerer: ``extractive``, ``llm:`` and the model, or ``guide`` where nothing was asked of the articles.
    timings_ms: by stage, in milliseconds. applied_filters: the days it was limited to, where it was.
    """

    id: str
    question: str
    language: str
    status: Status
    answer: str
    plain_answer: str
    short_answer: ShortAnswer | None
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Evidence, ...]
    confidence: float
    answerer: str
    warnings: tuple[str, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    applied_filters: AppliedFilters | None = None

    @property
    def lead(self) -> str:
        """The first line: of a related answer what is said before its quotes, of a refusal all of it."""
        return self.plain_answer.partition("\n")[0]

    @property
    def quoted(self) -> tuple[Citation, ...]:
        """The quotes that its text rests on, without those that are only said besides."""
        return tuple(citation for citation in self.citations if not citation.also_said)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What a follow-up may lean on: the question and its answer; of what was not answered, nothing."""
        if self.status != "answered":
            return ()
        return Turn("user", self.question), Turn("assistant", self.plain_answer)

    def answering(self, citation: int) -> tuple[tuple[int, int], ...]:
        """The spans of a citation's article that answer: the short answer, where it stands in that quote."""
        short = self.short_answer
        return ((short.start, short.end),) if short and short.citation == citation else ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of DESIGN section 3: tuples become lists, nothing else changes."""
        return asdict(self)


def _first_words(text: str) -> str:
    words = " ".join(text[: 4 * HEADING_CHARS].split())
    return words if len(words) <= HEADING_CHARS else words[:HEADING_CHARS].rsplit(" ", 1)[0] + "…"
