"""The names of news outlets for readers of another script: الجزيرة is Al Jazeera, and not "the island".

Outlets name themselves in both scripts, which a table holds (``assets/outlets.tsv``). An Arabic name that it does not
have is written by its sound (:mod:`rag.entities.romanisation`), and then marked as near and not exact.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.entities.glossary import find_renderings, script_for
from rag.entities.readable import APPROXIMATE
from rag.entities.romanisation import romanise
from rag.resources import asset
from rag.text.folding import normalise, script_of

_KINDS = (
    "صحيفة جريدة وكالة قناة موقع مجلة شبكة إذاعة تلفزيون"  # what stands before an outlet's name and is no part of it
)
_PREFIX = re.compile(r"\b\w{1,2}$")  # written onto the name that follows: "in Cairo" is one word
_ARABIC_WORD = re.compile("[\u0621-\u0652]+")


def render_outlet(source: str, reader_language: str) -> str:
    """An outlet's name in the reader's script; empty where it is in it already, or cannot be rendered."""
    own, wanted = script_of(source), script_for(reader_language)
    if not source or not wanted or own == wanted or "arab" not in (own, wanted):
        return ""
    words = source.split()
    bare = " ".join(words[1:]) if normalise(words[0]) in map(normalise, _KINDS.split()) else source
    known = _outlets()[wanted == "arab"]
    if found := known.get(normalise(source)) or known.get(normalise(bare)):
        return found
    return APPROXIMATE + _by_sound(bare, reader_language) if own == "arab" else ""


def _by_sound(source: str, language: str) -> str:
    """Countries and numbers by their names, the other words by their sound."""
    shown, at = "", 0
    for gloss in find_renderings(source, "ar", language):
        before = _PREFIX.sub("", source[at : gloss.start])
        shown += f"{_romanised(before, language)} {gloss.gloss} "
        at = gloss.end
    return " ".join((shown + _romanised(source[at:], language)).split())


def _romanised(text: str, language: str) -> str:
    return _ARABIC_WORD.sub(lambda word: romanise(word.group(), language), text)


@lru_cache(maxsize=1)
def _outlets() -> tuple[dict[str, str], dict[str, str]]:
    """By folded Arabic name, and by folded Latin one."""
    latin: dict[str, str] = {}
    arabic: dict[str, str] = {}
    for line in asset("outlets.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, forms = line.split("\t")
            arabic[normalise(name)] = forms.split("|")[0]
            latin |= {normalise(form): name for form in forms.split("|")}
    return latin, arabic
