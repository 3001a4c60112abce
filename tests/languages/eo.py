"""Esperanto, as a fourth language would be added: this file goes into ``rag/languages``, and its name into the list."""

from __future__ import annotations

import re

from rag.languages.language import Language, Names, Numbers, Sentences, Statements, numbered, table


def _adds(group: int, value: int, after_and: bool) -> int | None:
    fits = group >= 10 and group % 10 == 0 and value < 10 and not after_and
    return value if fits else None


EO = Language(
    "eo",
    script="latn",
    called="epo esperanto",
    function_words="kiu kio kiam kie kial kiel kiom kia la kaj de estas estis en al por ne oni ili ĝi kun sed aŭ",
    letters="ĉĝĥĵŝŭ",
    endings="oj ojn ajn is as",
    stop_words="kiu kio kiam kie kial kiel kiom la kaj de da estas estis en al por ne oni",
    sentences=Sentences(inner="ekz t.e", starters="la oni ili sed"),
    numbers=Numbers(
        units=numbered("2 du; 3 tri; 4 kvar; 10 dek; 20 dudek"),
        scales=numbered("1000 mil; 1000000 miliono|milionoj"),
        conjunction="kaj",
        adds=_adds,
        groups=". ",
        decimal_mark=",",
    ),
    names=Names(
        peoples=table("FR franco; EG egipto"),
        endings=("", "j", "n", "jn"),
        places=table("cairo Kairo; nile Nilo"),
        months=("januaro", "", "", "", "", "", "", "", "", "", "", "decembro"),
        conjunctions="kaj aŭ",
    ),
    statements=Statements(
        asks={"time": r"\bkiam\b", "number": r"\bkiom\b"},
        denies=re.compile(r"\bneniam\b"),
        may_deny=re.compile(r"\b(?:ne|neniam)\b"),
    ),
)
