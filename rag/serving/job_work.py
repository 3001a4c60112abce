"""What one upload may cost, and when it gives way: asked between its articles and between the steps of the encoder."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from rag.documents import Article, Int32
from rag.encoding.encoder import Encoder, Encoding, Fingerprint, PassageText
from rag.formats.drafts import NotRead
from rag.serving.schemas.errors import Rejection

STEP: Final = 16  # passages encoded between two looks around: a second or two
SORTED: Final = 64  # and put in order of length together, as the encoder does, so that a step is padded little
GIVES_WAY_S: Final = 1.0  # at each step, for questions at work: an upload may take long, but it ends
TURN_S: Final = 10.0  # seconds of work before an upload lets the next have a turn, where one waits
_PARTS: Final = "Upload it in parts."


class Cancelled(Exception):
    """The upload is wanted no more."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Of one upload. The processor's time is the process's while this upload is at work."""

    characters: int = 5_000_000  # ten novels
    members: int = 10_000  # articles and what could not be read
    cpu_s: float = 3600.0


ALLOWANCE: Final = Allowance()


@dataclass
class JobWork:
    """One upload at work. ``busy``: whether questions are; ``awaited``: whether another upload or a deletion is."""

    budget: Allowance
    busy: Callable[[], bool]
    awaited: Callable[[], bool]
    stopped: threading.Event
    cancelled: threading.Event = field(default_factory=threading.Event)
    _characters: int = 0
    _members: int = 0
    _cpu_s: float = 0.0
    _turn_began: float = 0.0
    _looked: float = 0.0
    ended: bool = False

    def begin_turn(self) -> None:
        """Work begins, or goes on after others had their turn."""
        self._turn_began, self._looked = time.monotonic(), time.process_time()

    def look_around(self) -> None:
        """Between two steps: let questions pass. Raises Cancelled, and Rejection 413 over the budget."""
        self._cpu_s += time.process_time() - self._looked
        if self._cpu_s > self.budget.cpu_s:
            raise Rejection(413, "too_large", f"It took over {self.budget.cpu_s:,.0f} CPU seconds.", _PARTS)
        until = time.monotonic() + GIVES_WAY_S
        while self.busy() and time.monotonic() < until and not self._over:
            time.sleep(0.02)
        if self._over:
            raise Cancelled
        self._looked = time.process_time()

    @property
    def _over(self) -> bool:
        return self.cancelled.is_set() or self.stopped.is_set()

    def turn(self, found: Iterator[Article | NotRead]) -> Iterator[Article | NotRead]:
        """What is read in this turn: all that is left, unless another waits. Raises as :meth:`look_around`."""
        while not (self.awaited() and time.monotonic() - self._turn_began > TURN_S):
            if self._over:
                raise Cancelled
            each = next(found, None)
            if each is None:
                self.ended = True
                return
            if said := self._count(each):
                yield NotRead(each.origin, f"It and what follows was not read: the upload {said}.", _PARTS)
                self.ended = True
                return
            yield each

    def _count(self, each: Article | NotRead) -> str:
        """What the budget is exceeded by; empty while it is not."""
        self._members += 1
        self._characters += len(each.text) if isinstance(each, Article) else 0
        if self._characters > self.budget.characters:
            return f"has over {self.budget.characters:,} characters"
        return f"has over {self.budget.members:,} articles" if self._members > self.budget.members else ""


class AttendedEncoder:
    """An encoder that looks around between small steps. The vectors are those of the encoder itself."""

    def __init__(self, encoder: Encoder, look_around: Callable[[], None]) -> None:
        self._encoder = encoder
        self._look_around = look_around

    @property
    def fingerprint(self) -> Fingerprint:
        """The encoder's."""
        return self._encoder.fingerprint

    def encode_query(self, text: str) -> Encoding:
        """As the encoder does."""
        return self._encoder.encode_query(text)

    def token_spans(self, text: str) -> Int32:
        """As the encoder does."""
        return self._encoder.token_spans(text)

    def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
        """As the encoder does, in the order given. Raises what looking around raises."""
        rest: Iterable[PassageText] = iter(passages)
        while chunk := list(islice(rest, SORTED)):
            order = sorted(range(len(chunk)), key=lambda place: len(chunk[place].text))
            done: dict[int, Encoding] = {}
            for at in range(0, len(order), STEP):
                self._look_around()
                step = order[at : at + STEP]
                done |= zip(step, self._encoder.encode_passages([chunk[place] for place in step]), strict=True)
            yield from (done[place] for place in range(len(chunk)))
