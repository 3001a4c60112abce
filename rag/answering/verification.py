"""Whether the evidence bears out what a model wrote: its numbers, dates and names must occur there.

A sentence is checked against the passages it rests on, across languages: numbers by value, in any digits or in words,
and with a unit as what they amount to, conversions included; dates as a whole; months across calendars and the
Maghrebi, Egyptian and Levantine names; countries, peoples and cities by CLDR; other names by sound. A denial needs a
denial. What cannot be checked so (a paraphrase, a cause, an order of events) is not judged: a verdict without faults
says that nothing was found wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.denial import denial_in, may_deny
from rag.answering.evidence import EvidenceText, read_evidence
from rag.answering.figures import borrowed_years, displaced_days, displaced_years, reversed_bounds, wrong_figures
from rag.answering.proper_names import Echo, displaced_countries, wrong_names
from rag.entities.lexicon import base_language
from rag.entities.mentions import find_names


@dataclass(frozen=True, slots=True)
class Verdict:
    """What of a sentence its evidence does not bear out, in the sentence's words; empty when nothing was found."""

    faults: tuple[str, ...] = ()

    @property
    def supported(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faults


def says_something(sentence: str, language: str) -> bool:
    """Whether a sentence has anything to verify: a number or a name."""
    nothing = [EvidenceText(".", language)]
    return not verify(sentence, language, nothing).supported


def verify(
    sentence: str,
    language: str,
    evidence: Sequence[EvidenceText],
    source: Sequence[EvidenceText] = (),
    echo: Echo = lambda start, end: False,
) -> Verdict:
    """The verdict on one sentence of an answer in ``language``.

    ``source``: the sentences of the evidence it rests on, the nearest first.

    What it denies must be denied in its source, or anywhere in the evidence where no source is given. ``echo``: whether
    an encoder finds the sentence's words from one place to another said in the evidence. A sentence without any
    evidence is itself its fault.
    """
    language = base_language(language)
    if not any(text.text.strip() for text in evidence):
        return Verdict((sentence,))
    known = read_evidence(tuple(evidence))
    names = find_names(sentence, language)
    denied = denial_in(sentence, language)
    faults = [
        *wrong_figures(sentence, language, names, known),
        *wrong_names(sentence, language, names, known, echo),
        *(displaced_years(sentence, language, source[0]) if source else ()),
        *(displaced_days(sentence, language, names, source[0]) if source else ()),
        *reversed_bounds(sentence, language, source or evidence),
        *borrowed_years(sentence, language, evidence, source),
        *(displaced_countries(sentence, language, names, source[0]) if source else ()),
        *([denied] if denied and not any(may_deny(*text) for text in source or evidence) else []),
    ]
    return Verdict(tuple(dict.fromkeys(faults)))
