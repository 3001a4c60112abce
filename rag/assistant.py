"""The assistant: a question to an answer, in one screen (:meth:`Assistant.stream`). Every surface talks to it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from rag.answering import Draft, Extractive, Judgement, refusal_text
from rag.citations import check_citations, strip_markers
from rag.documents import (
    Answer,
    Answerer,
    Article,
    Cited,
    Delta,
    Ended,
    Event,
    Evidence,
    Filters,
    Float32,
    Started,
    Turn,
)
from rag.encoder import Encoder, PassageText, Report, load_encoder
from rag.errors import QuestionError
from rag.fusion import Fusion
from rag.index import Index
from rag.language import detect_language
from rag.manifest import MANIFEST_NAME
from rag.retrieval import Retriever
from rag.settings import Settings


class Assistant:
    """One encoder and the newest snapshot of the index. Safe for many threads; nothing of a visitor stays on it."""

    def __init__(self, settings: Settings, encoder: Encoder, index: Index, extractive: Extractive) -> None:
        self.settings = settings
        self.encoder = encoder
        self._extractive = extractive
        self._fusion = Fusion.load()
        self._retriever = Retriever(index, encoder, self._fusion)
        self._published = self._manifest_stamp()

    @classmethod
    def load(cls, settings: Settings, report: Report = lambda line: None, encoder: Encoder | None = None) -> Assistant:
        """Load the encoder (unless given) and open the index. Raises IsnadError with the cure."""
        encoder = encoder or load_encoder(settings, report)
        index = Index.open(settings.index_dir, encoder.fingerprint)
        return cls(settings, encoder, index, Extractive.load())

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        top_k: int | None = None,
        answerer: Answerer = "auto",
        language: str = "",
    ) -> Answer:
        """The answer, whole. ``language`` overrides the question's. Raises QuestionError for an unusable question."""
        for event in self.stream(
            question, history=history, filters=filters, top_k=top_k, answerer=answerer, language=language
        ):
            if isinstance(event, Ended):
                return event.answer
        raise AssertionError("a stream ends with Ended")

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        top_k: int | None = None,
        answerer: Answerer = "auto",
        language: str = "",
    ) -> Iterator[Event]:
        """The answer as it comes about; closing the iterator stops the work. Raises as :meth:`ask`."""
        question = self._checked(question)
        self.refresh()
        clock = Stopwatch()
        judgement = self._find(question, history, filters, top_k or self.settings.top_k, language, clock)
        answer_id = secrets.token_hex(8)
        yield Started(answer_id, question, judgement.query.language)
        with clock.measure("answer"):
            draft = None if judgement.refused else self._extractive.write(judgement)
            answer = self._compose(answer_id, question, judgement, draft)
        yield Delta(answer.answer)
        yield from map(Cited, answer.citations)
        yield Ended(replace(answer, timings_ms=clock.timings()))

    def search(self, query: str, *, filters: Filters = Filters(), top_k: int | None = None) -> tuple[Evidence, ...]:
        """The best passages with their scores, no answer. Raises as :meth:`ask`."""
        query = self._checked(query)
        self.refresh()
        retriever = self._retriever
        found = retriever.search(retriever.read(query), filters, top_k or self.settings.top_k)
        return tuple(Evidence.from_hit(candidate.hit) for candidate in found)

    def article(self, article_id: str) -> Article:
        """One article, whole. Raises NotFoundError."""
        return self._retriever.index.article(article_id)

    def articles(self, filters: Filters = Filters(), offset: int = 0, limit: int = 50) -> tuple[list[Article], int]:
        """A page of the articles that pass the filters, and how many pass."""
        return self._retriever.index.articles(filters, offset, limit)

    def suggestions(self, language: str, limit: int = 4) -> list[str]:
        """Example questions in a language, those over articles of another language first, one an article."""
        written = [
            (article_language == language, question)
            for article_language, question in self._retriever.index.questions()
            if detect_language(question) == language
        ]
        return list(dict.fromkeys(question for _, question in sorted(written, key=lambda pair: pair[0])))[:limit]

    def status(self) -> Mapping[str, object]:
        """What is loaded and served."""
        index = self._retriever.index
        return {
            "generation": index.generation,
            **index.counts,
            "languages": dict(index.languages),
            "sources": dict(index.sources),
            "encoder": self.encoder.fingerprint.name,
            "answerer": "extractive",
        }

    def refresh(self) -> bool:
        """Serve a newer generation if one was published; running questions keep theirs. True when it changed."""
        stamp = self._manifest_stamp()
        if stamp == self._published:
            return False
        self._retriever = Retriever(
            Index.open(self.settings.index_dir, self.encoder.fingerprint), self.encoder, self._fusion
        )
        self._published = stamp
        return True

    def encode(self, texts: Sequence[str], passage: bool) -> list[Float32]:
        """Pooled unit vectors, one a text, as passages or as queries."""
        if passage:
            return [e.pooled for e in self.encoder.encode_passages([PassageText("", text) for text in texts])]
        return [self.encoder.encode_query(text).pooled for text in texts]

    # -- steps of an answer --------------------------------------------------------------------------------------

    def _find(
        self,
        question: str,
        history: Sequence[Turn],
        filters: Filters,
        top_k: int,
        language: str,
        clock: Stopwatch,
    ) -> Judgement:
        """Judge the question alone and, where there is one, with the question before it; the better evidence wins."""
        alone = self._judge(question, filters, top_k, language, clock)
        before = [turn.content for turn in history if turn.role == "user"][-1:]
        if not before:
            return alone
        together = self._judge(f"{before[0]} {question}", filters, top_k, language or alone.query.language, clock)
        return together if together.confidence > alone.confidence else alone

    def _judge(self, text: str, filters: Filters, top_k: int, language: str, clock: Stopwatch) -> Judgement:
        retriever = self._retriever
        with clock.measure("encode"):
            query = retriever.read(text, language)
        with clock.measure("search"):
            keys = retriever.propose(query, filters, top_k)
        with clock.measure("rerank"):
            candidates = retriever.rank(query, keys)[:top_k]
        with clock.measure("answer"):
            return self._extractive.judge(query, candidates)

    def _compose(self, answer_id: str, question: str, judgement: Judgement, draft: Draft | None) -> Answer:
        language = judgement.query.language
        text = draft.text if draft else refusal_text(language)
        answer = Answer(
            id=answer_id,
            question=question,
            language=language,
            status="answered" if draft else "not_found",
            answer=text,
            plain_answer=strip_markers(text),
            short_answer=None,
            sentences=draft.sentences if draft else (),
            citations=draft.citations if draft else (),
            passages=tuple(Evidence.from_hit(candidate.hit) for candidate in judgement.candidates),
            confidence=round(judgement.confidence, 4),
            answerer="extractive",
        )
        return check_citations(answer, self._retriever.index.article)

    def _checked(self, question: str) -> str:
        """The question without surrounding space. Raises QuestionError."""
        most = self.settings.max_question_chars
        if len(question) > most:
            raise QuestionError(
                f"The question has {len(question)} characters, and at most {most} are allowed.",
                "Shorten it, or raise ISNAD_MAX_QUESTION_CHARS.",
            )
        try:
            question.encode()
        except UnicodeEncodeError as error:
            raise QuestionError(
                f"The question holds half a character at position {error.start} (a lone surrogate).",
                "Send valid Unicode text.",
            ) from None
        question = question.replace("\x00", " ").strip()
        if not question:
            raise QuestionError("The question is empty.", "Write a question, for example: Who signed the agreement?")
        return question

    def _manifest_stamp(self) -> tuple[int, int]:
        try:
            stat = (self.settings.index_dir / MANIFEST_NAME).stat()
        except OSError:
            return (0, 0)
        return (stat.st_mtime_ns, stat.st_ino)


class Stopwatch:
    """Milliseconds by stage; a stage measured twice adds up."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages = {"encode": 0.0, "search": 0.0, "rerank": 0.0, "answer": 0.0}

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Count the time of the block to the stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._stages[stage] += (time.perf_counter() - started) * 1000

    def timings(self) -> dict[str, float]:
        """Every stage and the total since the start, rounded to hundredths."""
        total = (time.perf_counter() - self._started) * 1000
        return {stage: round(spent, 2) for stage, spent in {**self._stages, "total": total}.items()}
