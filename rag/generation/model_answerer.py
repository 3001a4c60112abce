"""Answers written by a language model from numbered passages, in the question's language.

The model is asked once, with the passages that fit its context; while it still finds them too long, once more with half
of them. Everything else that goes wrong is an AnswererError with a label, and the caller answers extractively.
"""

from __future__ import annotations

import logging
import math
import secrets
import threading
import time
from collections.abc import Callable, Generator, Iterable, MutableMapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from rag.documents import Hit, Turn
from rag.entities.lexicon import Name, render
from rag.errors import AnswererError, SettingsError
from rag.generation.answer_prompt import AnswerPrompt, Asked, language_name
from rag.generation.circuit import CircuitBreaker
from rag.generation.endpoint import Endpoint, Limits
from rag.generation.endpoint_outcomes import failure
from rag.generation.prompt_passages import TokenBudget, defuse, newest_turns
from rag.generation.prompts import Message, Prompts
from rag.generation.screening import Refused, screened
from rag.generation.structured import RESPONSE_FORMAT, unfolded
from rag.generation.thinking import without_thoughts
from rag.settings import Settings, unused_endpoint
from rag.text.folding import script_of
from rag.text.language import detect_language

Pieces = Generator[str | None, None, None]  # of text; None takes back what came before

_log = logging.getLogger(__name__)
_CONDENSED_CHARS = 500  # a bound: what is longer is no question
_TELLING_WORDS = 8  # a guess: fewer words do not tell a language surely
_TO_CONDENSE = 3  # the conversation may take a third of the model's context where a follow-up is reworded: a guess

_NO_JSON = ("malformed", "empty")  # what a schema may have come to, so that plain text is worth another try
# Endings that say nothing about the endpoint's health.
_HEALTHY = ("context_overflow", "bad_request", "cut_short", "filtered", "declined", "too_long", "empty")


@dataclass(frozen=True, slots=True)
class ModelAnswerer:
    """Writes answers with one model. Thread-safe; ``new_delimiter`` gives the random code that fences the passages."""

    endpoint: Endpoint
    prompt: AnswerPrompt
    seats: threading.BoundedSemaphore
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    new_delimiter: Callable[[], str] = lambda: secrets.token_hex(8)

    @classmethod
    def build(cls, settings: Settings) -> ModelAnswerer:
        """The answerer of the model that the settings name.

        Opens no connection. Raises SettingsError for a model without an endpoint or key, PromptError for bad prompts.
        """
        amiss, cure = unused_endpoint(settings)
        if amiss:
            raise SettingsError(amiss, cure)
        limits = Limits(
            total_s=settings.llm_seconds,
            first_token_s=settings.llm_first_token_seconds,
            max_tokens=settings.llm_max_tokens,
            thinking_tokens=settings.llm_thinking_tokens,
        )
        address, key = settings.openai_base_url, settings.openai_api_key
        tokens = settings.llm_max_tokens + settings.llm_thinking_tokens
        return cls(
            Endpoint(address, key, settings.llm_model, limits, settings.llm_reasoning),
            AnswerPrompt(Prompts.load(settings.prompts_dir), TokenBudget(settings.llm_context_tokens, tokens)),
            threading.BoundedSemaphore(settings.llm_concurrent),
        )

    @property
    def name(self) -> str:
        """As the Answer names it."""
        return f"llm:{self.endpoint.model}"

    @property
    def failures(self) -> int:
        """How many calls in a row the endpoint has failed; zero while it answers, or was never asked."""
        return self.breaker.failures

    @property
    def is_settled(self) -> bool:
        """Whether it is known where the model's answers begin: whether it thinks first without saying so."""
        return self.endpoint.model in self.endpoint.settled

    def write(self, asked: Asked, hits: Sequence[Hit], supports: MutableMapping[str, str] | None = None) -> Pieces:
        """Pieces of the answer as the model writes it; its markers ``[n]`` number ``hits`` from one.

        None takes back all pieces before it, which turn out to be the model's thoughts. Where there are ``supports``, a
        JSON schema is sent along, and they get what bears each sentence out (:mod:`rag.generation.structured`).

        Raises Refused when the model says that the passages do not hold the answer, AnswererError (with ``outcome`` and
        the ``partial`` text) when it fails. Closing the iterator ends the request.
        """
        delimiter = self.new_delimiter()
        messages, used = self.prompt.messages(asked, hits, delimiter)
        self.endpoint.prepare()
        ends = time.monotonic() + self.endpoint.limits.total_s
        while True:
            try:
                yield from self._ask(messages, delimiter, ends, supports)
                return
            except AnswererError as error:
                if error.partial:
                    raise
                if supports is not None and error.outcome in _NO_JSON:
                    self.endpoint.give_up_format()
                    supports = None
                    continue
                if error.outcome != "context_overflow" or used == 1:
                    raise
            messages, used = self.prompt.messages(replace(asked, history=()), hits, delimiter, used // 2)

    def condense(self, question: str, history: Sequence[Turn]) -> str:
        """The question rewritten to stand without the conversation; unchanged where the model cannot say it better.

        Never raises: a follow-up is searched for as it was asked when the model fails.
        """
        if not history:
            return question
        turns = newest_turns(history, self.prompt.budget.context // _TO_CONDENSE)
        conversation = "\n".join(f"{turn.role}: {turn.content}" for turn in turns)
        language = detect_language(question, "en")
        values = {"question": question, "conversation": conversation, "language": language_name(language)}
        messages = self.prompt.prompts.condense.messages(values)
        try:
            written = self._whole(messages, self.new_delimiter(), self.endpoint.limits.condense_s)
        except (AnswererError, Refused):
            return question
        first_line = written.splitlines()[0].strip(" \"'«»“”") if written else ""
        kept = first_line and len(first_line) <= _CONDENSED_CHARS and speaks(first_line, language)
        return first_line if kept else question

    def translate(self, text: str, language: str) -> str:
        """A text in another language, as the model writes it. Raises AnswererError."""
        delimiter = self.new_delimiter()
        values = {"text": defuse(text, delimiter), "language": language_name(language), "delimiter": delimiter}
        try:
            return self._whole(self.prompt.prompts.translate.messages(values), delimiter)
        except Refused:
            raise failure("empty") from None

    def _whole(self, messages: Sequence[Message], delimiter: str, seconds: float = math.inf) -> str:
        """The model's text when it is done. Raises Refused or AnswererError."""
        self.endpoint.prepare()
        ends = time.monotonic() + min(seconds, self.endpoint.limits.total_s)
        return joined(self._ask(messages, delimiter, ends)).strip()

    def _ask(
        self, messages: Sequence[Message], delimiter: str, ends: float, supports: MutableMapping[str, str] | None = None
    ) -> Pieces:
        """The model's text, screened; asked for by a schema where there are ``supports`` to be filled.

        Raises Refused or AnswererError; closing it ends the request.
        """
        if not self.breaker.allows():
            raise AnswererError(
                "The model's endpoint has failed repeatedly and is left alone for now.", outcome="resting"
            )
        if not self.seats.acquire(timeout=max(0.0, (ends - time.monotonic()) / 4)):
            raise AnswererError("Too many questions are with the model.", outcome="busy")
        begun, outcome = time.monotonic(), "left"  # the caller may leave at any yield
        try:
            yield from self._screened(messages, delimiter, ends, supports)
            outcome = "answered"
        except Refused:
            outcome = "refused"
            raise
        except AnswererError as error:
            outcome = error.outcome
            raise
        finally:
            self.seats.release()
            self._note(outcome, time.monotonic() - begun)

    def _screened(
        self, messages: Sequence[Message], delimiter: str, ends: float, supports: MutableMapping[str, str] | None
    ) -> Pieces:
        endpoint, shown = self.endpoint, False
        wished = None if supports is None else RESPONSE_FORMAT
        with closing(endpoint.stream(messages, ends - time.monotonic(), wished)) as pieces:
            parts = without_thoughts(pieces, endpoint.model in endpoint.unopened)
            parts = parts if supports is None else unfolded(parts, supports)
            for part in screened(parts, delimiter):
                if part is None:
                    endpoint.unopened.add(endpoint.model)
                shown = part is not None and (shown or bool(part.strip()))
                if part != "":
                    yield part
        endpoint.settled.add(endpoint.model)
        if not shown:
            raise failure("empty")

    def _note(self, outcome: str, seconds: float) -> None:
        """Tells the breaker and the log. Neither question nor answer is logged."""
        if outcome in ("answered", "refused", *_HEALTHY):
            self.breaker.succeeded()
        elif outcome != "left":
            self.breaker.failed()
        _log.info("model call %s after %.2f s (%s)", outcome, seconds, self.name)


def joined(pieces: Iterable[str | None]) -> str:
    """The text that pieces come to in the end, without what was taken back."""
    kept: list[str] = []
    for piece in pieces:
        kept = [] if piece is None else [*kept, piece]
    return "".join(kept)


def speaks(text: str, language: str) -> bool:
    """Whether a text is in the language, as far as its script and, when there are enough, its words tell."""
    if script_of(text) == script_of(render(Name("territory", "FR"), language)):
        return len(text.split()) < _TELLING_WORDS or detect_language(text, language) == language
    return script_of(text) == "zyyy"  # digits and signs alone
