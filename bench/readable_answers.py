"""How many short answers in Arabic a reader of English can read, and how right the names in their renderings are.

Part of ``python -m bench.glosses``, over the human translations of ``parallel-news.tsv`` and, as short answers that are
right, the marked answers of the sets whose questions are English and whose articles are Arabic. The reader need read
no Arabic where the words are digits already, or are rendered; what kind of thing is asked for, the question tells as
it does to the program. An answer of ordinary words ("limited violence") needs a translator, and is what remains.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rag.answering.expectation import asks_for_name, expectation_of
from rag.entities.cities import cities
from rag.entities.glossary import find_renderings
from rag.entities.lexicon import WORD
from rag.entities.readable import readable
from rag.entities.romanisation import is_known, romanise
from rag.evaluation.evaluation_set import load_set
from rag.text.folding import normalise
from rag.text.transliteration import distance, sounds

SETS = ("xquad-en-ar",)
KINDS = ("time or number", "name", "other")
_ARABIC = re.compile("[\u0621-\u064a]")
_LONGEST = 60  # characters of an answer that is short
# A capitalised word beside another: first and last names.
_PERSON = re.compile(
    r"(?<=[a-z,] )([A-Z][a-zé]{3,}) (?=[A-Z])|(?<=[A-Z][a-z]{2} |[a-z]{3} )([A-Z][a-zé]{3,})(?= [a-z]|[,.'])"
)
_SAME_NAME = 0.15  # of the sounds: words so near are taken for one name
_ALIKE = 0.6  # of the spellings (difflib): Boudiaf and Budyaf


class Names(NamedTuple):
    """How many of how many names were rendered rightly, or nearly so."""

    right: int
    of: int


def city_names(texts: Sequence[dict[str, str]]) -> Names:
    """Cities that the table finds in Arabic sentences, and of how many the English sentence has the name."""
    found = [(city, text["en"]) for text in texts for city in set(_cities_in(text["ar"]))]
    return Names(sum(normalise(city) in normalise(english) for city, english in found), len(found))


def _cities_in(text: str) -> Iterator[str]:
    glossed = [(gloss.start, gloss.end) for gloss in find_renderings(text, "ar", "en")]
    table = cities("en")
    words = [m for m in WORD.finditer(text) if not any(start <= m.start() < end for start, end in glossed)]
    for size in (2, 1):
        yield from (table[form] for at in range(len(words)) if (form := _joined(words[at : at + size])) in table)


def _joined(words: Sequence[re.Match[str]]) -> str:
    return " ".join(word.group() for word in words)


def people(texts: Sequence[dict[str, str]]) -> dict[str, Names]:
    """Names written by their sound: those of the table and the others, by how the English sentence spells them."""
    pairs = dict.fromkeys(pair for text in texts for pair in _name_pairs(text["en"], text["ar"]))
    counts = {"by the table": [0, 0], "by letters": [0, 0]}
    for english, arabic in pairs:
        count = counts["by the table" if is_known(arabic) else "by letters"]
        count[0] += difflib.SequenceMatcher(None, _plain(romanise(arabic, "en")), _plain(english)).ratio() >= _ALIKE
        count[1] += 1
    return {how: Names(*count) for how, count in counts.items()}


def _name_pairs(english: str, arabic: str) -> Iterator[tuple[str, str]]:
    words = [m.group() for m in WORD.finditer(arabic) if len(m.group()) > 2 and m.group()[0] not in "ولب"]
    for match in _PERSON.finditer(english):
        name = match[1] or match[2]
        near = min(((distance(sounds(name), sounds(word)), word) for word in words), default=(1.0, ""))
        if near[0] <= _SAME_NAME and _ARABIC.match(near[1]):
            yield name, near[1]


def _plain(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", name.lower()) if char.isascii() and char.isalpha())


def answers(data: Path) -> dict[tuple[str, str], Names]:
    """(set, kind of answer) -> how many of the marked answers can be read without Arabic."""
    right, of = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for name in SETS:
        for question in load_set(data / name).questions:
            given = [answer.text for answer in question.answers if len(answer.text) <= _LONGEST]
            if question.language == "ar" or not given or not _ARABIC.search(question.answers[0].text + "ا"):
                continue
            text, asks_name = given[0].strip(" ."), asks_for_name(question.question, question.language)
            expected = expectation_of(question.question, question.language)
            kind = KINDS[0] if expected and expected.kind in ("time", "number") else KINDS[1] if asks_name else KINDS[2]
            of[name, kind] += 1
            shown = readable(text, "ar", question.language, asks_name)
            right[name, kind] += bool(shown) or not _ARABIC.search(text)
    return {key: Names(right[key], of[key]) for key in sorted(of)}


def report(texts: Sequence[dict[str, str]], data: Path) -> str:
    """Both tables in Markdown."""
    names = {"cities of GeoNames": city_names(texts)} | {f"people, {how}": n for how, n in people(texts).items()}
    rows = [f"| {what} | {n.right} of {n.of} ({n.right / max(n.of, 1):.2f}) |" for what, n in names.items()]
    read = [
        f"| {name} | {kind} | {n.right} of {n.of} ({n.right / n.of:.2f}) |" for (name, kind), n in answers(data).items()
    ]
    heads = ["| names, Arabic to English | as in the translation |", "|---|---|"]
    heads_read = ["| marked answers | asked for | readable without Arabic |", "|---|---|---|"]
    left = (
        "What is left of names and numbers are phrases of ordinary words (طاحونة البارود الإليوثيرية), duals (فريقين)"
        " and letters spelt out (أيه بي سي)."
    )
    return "\n".join([*heads, *rows, "", *heads_read, *read, "", left])
