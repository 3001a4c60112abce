"""What an ingestion did, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from rag.formats.drafts import NotRead

Phase = Literal["reading", "publishing", "done"]


@dataclass(frozen=True, slots=True)
class IngestionProgress:
    """How far an ingestion is. ``sources`` are files; one may hold many articles.

    sources: how many there are, 0 when unknown. passages_per_s: encoded, since the start.
    """

    phase: Phase
    sources_done: int
    sources: int
    articles: int
    passages: int
    passages_per_s: float
    seconds: float

    @property
    def seconds_left(self) -> float | None:
        """An estimate by the share of sources done; None while there is nothing to go by."""
        if not self.sources_done or not self.sources:
            return None
        return self.seconds * (self.sources - self.sources_done) / self.sources_done


ProgressCallback = Callable[[IngestionProgress], None]


@dataclass(slots=True)
class IngestionReport:
    """Origins by what became of them; ``removed`` are article ids, ``skipped`` files of a kind that is not read."""

    indexed: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    duplicate: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    skipped: list[NotRead] = field(default_factory=list)
    failed: list[NotRead] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    generation: int = 0
    articles: int = 0
    passages: int = 0
    seconds: float = 0.0
    encoded_passages: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many of each, in the order a reader wants them."""
        names = ("indexed", "replaced", "unchanged", "duplicate", "removed", "skipped", "failed")
        return {name: len(getattr(self, name)) for name in names}

    @property
    def passages_per_s(self) -> float:
        """Passages encoded a second of the whole run."""
        return self.encoded_passages / self.seconds if self.seconds else 0.0

    def to_dict(self) -> dict[str, Any]:
        """For JSON: the fields, and the counts beside them."""
        not_read = {name: [each.to_dict() for each in getattr(self, name)] for name in ("skipped", "failed")}
        return {"counts": self.counts, **asdict(self), **not_read, "passages_per_s": round(self.passages_per_s, 2)}
