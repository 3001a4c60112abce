"""What an answer says of itself where nothing answers, or where what was found may not (``assets/outcomes.json``)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from rag.answering.writing import AnswerDraft
from rag.resources import asset

_FILE = asset("outcomes.json")
_ISOLATE, _POP = "\u2068", "\u2069"  # first strong isolate, and its end


def refusal_text(language: str, filtered: bool = False) -> str:
    """That nothing was found, in the question's language; English where we have no words of it.

    filtered: whether only some of the articles were looked through, which is then said.
    """
    texts = _texts(language)
    return f"{texts['not_found']} {texts['filtered']}" if filtered else texts["not_found"]


def flag_text(language: str) -> str:
    """That a sentence is not borne out, in a few words for brackets after it."""
    return _texts(language)["flag"]


def lone_text(language: str) -> str:
    """That only one of several sources says what the short answer says."""
    return _texts(language)["lone"]


def beyond_text(language: str) -> str:
    """That nothing of the days asked about was found, and what is quoted is of others."""
    return _texts(language)["beyond"]


def guide_text(language: str, examples: Sequence[str]) -> str:
    """What may be asked, to whoever greets or asks for help; ``examples`` a line each."""
    return "\n\n".join([_texts(language)["guide"], *(f"– {each}" for each in examples)])


def as_related(draft: AnswerDraft, language: str) -> AnswerDraft:
    """The quotes of ``draft`` as sentences that are near and may not answer: said so first, and nothing claimed.

    A quote a paragraph, with its marker. Each stands in a directional isolate (Unicode UAX 9), so that Arabic quoted
    in English, or the reverse, reads right wherever the text is shown. ``language`` is the question's.
    """
    quoted = [f"“{_ISOLATE}{' '.join(c.quote.split())}{_POP}” [{c.number}]" for c in draft.citations]
    return replace(draft, text="\n\n".join([_texts(language)["related"], *quoted]), short=None)


def _texts(language: str) -> Mapping[str, str]:
    texts = _all_texts()
    return texts.get(language, texts["en"])


@cache
def _all_texts() -> Mapping[str, Mapping[str, str]]:
    texts: Mapping[str, Mapping[str, str]] = json.loads(_FILE.read_text("utf-8"))
    return texts
