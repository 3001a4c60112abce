"""The assistant: a question to an answer, in one screen (:meth:`Assistant.stream`). Every surface talks to it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from rag.answering.answerers import Answerers
from rag.answering.citations import check_citations, only_exact, strip_markers
from rag.answering.examples import written_questions
from rag.answering.given import as_asked, day_of, usable_text
from rag.answering.inquiry import Inquiry, Search
from rag.answering.judge import Judge
from rag.answering.models import LoadedModels
from rag.answering.outcome_texts import beyond_text, guide_text, refusal_text
from rag.answering.stopwatch import Stopwatch
from rag.answering.writing import AnswerPiece, AnswerWriter, WritingTask, Written
from rag.asking import Delta, Ended, Event, Quoted, Started
from rag.documents import GUIDE, Answer, Article, Evidence, Filters, Float32, ListOrder, Question, Translation
from rag.encoding.encoder import Encoder, PassageText, Report
from rag.encoding.loading import load_encoder
from rag.errors import AnswererError, IsnadError, QdrantError, QuestionError, SettingsError
from rag.index.engines import load_engine
from rag.index.manifest import MANIFEST_NAME
from rag.index.snapshot import Index
from rag.retrieval.calibration import Calibration
from rag.retrieval.candidates import Candidate
from rag.retrieval.fusion import Fusion
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from rag.text.language import detect_language
from rag.text.marks import mark_at

log = logging.getLogger(__name__)
EXAMPLES = 2  # questions shown to whoever greets: more would hide the words above them


class Assistant:
    """One encoder and the newest snapshot of the index. Safe for many threads; nothing of a visitor stays on it."""

    def __init__(
        self,
        settings: Settings,
        encoder: Encoder,
        index: Index,
        judge: Judge,
        answerers: Answerers | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        self.settings = settings
        self.encoder = encoder
        self._judge = judge
        self._answerers = answerers or Answerers.build(settings, judge.choice)
        self._calibration = calibration
        self._retriever = self._over(index)
        self._published = self._manifest_stamp()
        self._examples: dict[int, dict[str, bool]] = {}

    @classmethod
    def load(
        cls,
        settings: Settings,
        report: Report = lambda line: None,
        encoder: Encoder | None = None,
        calibrated_in: Path | None = None,
    ) -> Assistant:
        """Load the models (the encoder unless given) and open the index. Raises IsnadError with the cure.

        calibrated_in: the folder of the index beside which their calibration lies, if it is another.
        """
        encoder = encoder or load_encoder(settings, report)
        models = LoadedModels.load(settings, report, encoder)  # what is wrong with one is told before any indexing
        index = Index.open(settings.index_dir, encoder.fingerprint, load_engine(settings))
        calibration = models.calibration(calibrated_in or settings.index_dir)
        judge = models.judge(calibration, settings.min_confidence)
        return cls(settings, encoder, index, judge, calibration=calibration)

    def ask(self, question: Question | str) -> Answer:
        """The answer, whole. Raises QuestionError for an unusable question, SettingsError for a missing answerer."""
        for event in self.stream(question):
            if isinstance(event, Ended):
                return event.answer
        raise AssertionError("a stream ends with Ended")

    def stream(self, question: Question | str) -> Generator[Event, None, None]:
        """The answer as it comes about; closing the generator stops the work. Raises as :meth:`ask`."""
        asked = Question.of(question)
        most = self.settings.max_question_chars
        text, today = usable_text(asked.text, most), day_of(asked.today)
        clock, answer_id, retriever = Stopwatch(), secrets.token_hex(8), self._newest
        spoken = detect_language(text, asked.language or self.settings.language or "en")
        inquiry = Inquiry.of(text, as_asked(asked.history, most), spoken, asked.language)
        yield Started(answer_id, text, inquiry.reply)
        if not inquiry.asks:
            yield from self._guided(answer_id, text, inquiry.reply, clock)
            return
        writer = self._answerers.named(asked.answerer)
        search = Search(
            retriever, asked.filters, asked.top_k or self.settings.top_k, inquiry.language, clock, inquiry.reply
        )
        judgement, search, applied = inquiry.judged(
            self._judge, search, writer.condense, None if asked.any_time else today
        )
        if judgement.beyond:
            writer = self._answerers.named("extractive")  # what is not of the days asked about is quoted, not told
        with clock.measure("answer"):
            task = WritingTask(judgement.asked or inquiry.text, inquiry.history, judgement, retriever, today)
            if (quoted := writer.quoted(judgement)) and quoted.draft:
                yield Quoted(self._compose(answer_id, text, task, quoted))
            written = yield from only_exact(_written(writer, task), retriever.index.article)
            answer = self._compose(answer_id, text, task, written, filtered=bool(search.filters))
            answer = self._translated(answer) if asked.translate else answer
        if answer.status == "not_found":
            yield Delta(answer.answer)
        yield Ended(replace(answer, applied_filters=applied, timings_ms=clock.timings()))

    def search(self, query: str, *, filters: Filters = Filters(), top_k: int | None = None) -> tuple[Evidence, ...]:
        """The best passages with their scores, no answer. Raises as :meth:`ask`."""
        query, top_k, retriever = (
            usable_text(query, self.settings.max_question_chars),
            top_k or self.settings.top_k,
            self._newest,
        )
        found = retriever.search(retriever.query(query), filters, top_k)
        return tuple(map(_evidence, self._judge.passages(found)[:top_k]))

    def article(self, article_id: str) -> Article:
        """One article, whole. Raises NotFoundError."""
        return self._newest.index.article(article_id)

    def translate(self, article_id: str, start: int, end: int, language: str) -> Translation:
        """A part of an article in another language, by the model. Raises as the protocol says."""
        article = self.article(article_id)
        if not 0 <= start < end <= len(article.text):
            raise QuestionError(f"The article has no part {start} to {end}.", f"It ends at {len(article.text)}.")
        return self._answerers.translate(article.text[start:end], article.language, language)

    def articles(
        self,
        filters: Filters = Filters(),
        offset: int = 0,
        limit: int = 50,
        words: str = "",
        order: ListOrder = "newest",
    ) -> tuple[list[Article], int]:
        """A page of the articles that pass the filters and whose names hold the words, and how many do."""
        return self._newest.index.articles(filters, offset, limit, words, order)

    def suggestions(self, language: str, limit: int = 4, of: Sequence[str] = (), but: Sequence[str] = ()) -> list[str]:
        """Example questions in a language that it answers from their own article, those over other languages first;
        ``of`` these articles only, in their order, and ``but`` those questions.

        Each is asked once a generation of the index, when it is first to be shown; of articles the first few only.
        """
        index = self._newest.index
        tried = written_questions(index, language, of, but)
        return list(islice((question for question in tried if self._answers(question, index)), limit))

    def _answers(self, question: str, index: Index) -> bool:
        """Whether it answers an example with a quote of an article that suggests it."""
        known = self._examples.setdefault(index.generation, {})
        if question not in known:
            answer = self.ask(Question(question, answerer="extractive"))
            suggested = (question in index.article(cited.article_id).questions for cited in answer.quoted)
            known[question] = answer.status == "answered" and any(suggested)
            self._examples = {index.generation: known}  # what an earlier generation answered is forgotten
        return known[question]

    def status(self) -> Mapping[str, object]:
        """What is loaded and served. ``model_failures``: calls in a row that the model's endpoint has failed."""
        index, writer = self._newest.index, self._answerers.named()
        return {
            "generation": index.generation,
            **index.counts,
            "languages": dict(index.languages),
            "sources": dict(index.sources),
            "encoder": self.encoder.fingerprint.name,
            "answerer": writer.name,
            "model_failures": writer.failures,
        }

    @property
    def _newest(self) -> Retriever:
        """Over what is published now: nothing that was deleted is shown to the next caller."""
        self.refresh()
        return self._retriever

    def refresh(self) -> bool:
        """Serve a newer generation if one was published; running questions keep theirs. True when it changed.

        One that cannot be opened, such as a rebuild with another encoder, is left alone: the old one serves on.
        """
        stamp = self._manifest_stamp()
        if stamp == self._published:
            return False
        published, self._published = self._published, stamp
        try:
            index = Index.open(self.settings.index_dir, self.encoder.fingerprint, load_engine(self.settings))
        except IsnadError as error:
            if isinstance(error, QdrantError):  # it may be back before the next question
                self._published = published
            log.warning("The new generation of the index is not served: %s", error)
            return False
        self._retriever = self._over(index)
        return True

    def _over(self, index: Index) -> Retriever:
        if self._calibration is None:
            return Retriever(index, self.encoder, Fusion.load())
        return Retriever(index, self.encoder, self._calibration.fusion, self._calibration.chance)

    def encode(self, texts: Sequence[str], passage: bool) -> list[Float32]:
        """Pooled unit vectors, one a text, as passages or as queries."""
        if passage:
            return [e.pooled for e in self.encoder.encode_passages([PassageText("", text) for text in texts])]
        return [self.encoder.encode_query(text).pooled for text in texts]

    # -- steps of an answer --------------------------------------------------------------------------------------

    def _guided(self, answer_id: str, text: str, language: str, clock: Stopwatch) -> Generator[Event, None, None]:
        """To a greeting, or a call for help: what can be asked, with examples. It says nothing of what articles say."""
        said = guide_text(language, self.suggestions(language, EXAMPLES))
        yield Delta(said)
        answer = Answer(answer_id, text, language, "not_found", said, said, None, (), (), (), 0.0, GUIDE)
        yield Ended(replace(answer, timings_ms=clock.timings()))

    def _translated(self, answer: Answer) -> Answer:
        """With a translation of each quote in another language; a warning where the model fails, or there is none."""
        quotes = list(answer.citations)
        try:
            for place, quote in enumerate(quotes):
                if quote.language != answer.language:
                    made = self._answerers.translate(quote.quote, quote.language, answer.language)
                    quotes[place] = replace(quote, translation=made)
        except (AnswererError, SettingsError) as error:
            answer = replace(answer, warnings=(*answer.warnings, f"{error.message} Not every quote is translated."))
        return replace(answer, citations=tuple(quotes))

    def _compose(
        self, answer_id: str, question: str, task: WritingTask, written: Written, filtered: bool = False
    ) -> Answer:
        """The answer, with what the stored articles bear out of it."""
        draft, judgement, language = written.draft, task.judgement, task.judgement.query.reply_in
        text = draft.text if draft else refusal_text(language, filtered)
        answer = Answer(
            id=answer_id,
            question=question,
            language=language,
            status=written.status if draft else "not_found",
            answer=text,
            plain_answer=strip_markers(text),
            short_answer=draft.short if draft else None,
            sentences=draft.sentences if draft else (),
            citations=draft.citations if draft else (),
            passages=tuple(map(_evidence, judgement.candidates)),
            confidence=judgement.outcome.confidence,
            answerer=written.answerer,
            warnings=(beyond_text(language), *written.warnings) if judgement.beyond else written.warnings,
        )
        return check_citations(answer, task.retriever.index.article)

    def _manifest_stamp(self) -> tuple[int, int]:
        try:
            stat = (self.settings.index_dir / MANIFEST_NAME).stat()
        except OSError:
            return (0, 0)
        return (stat.st_mtime_ns, stat.st_ino)


def _written(writer: AnswerWriter, task: WritingTask) -> Generator[AnswerPiece, None, Written]:
    if not task.judgement.context:
        return Written(None)
    return (yield from writer.write(task))


def _evidence(candidate: Candidate) -> Evidence:
    return Evidence.from_hit(candidate.hit, mark_at(candidate.article.text, candidate.passage.start))
