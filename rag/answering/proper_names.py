"""Whether the evidence names what a sentence names: countries and places by CLDR, other names by their sound.

A name that no word sounds like may still be there, translated (*Hearts*, *Love*), or be no name at all, as German
writes every noun with a capital; what the encoder says of its words decides then, where it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from rag.answering.evidence import EvidenceText, KnownFacts, name_key, read_evidence
from rag.entities.lexicon import WORD
from rag.entities.mentions import Mention, find_names, possible_names
from rag.entities.numerals import forms_of
from rag.languages.registry import LANGUAGES, in_script, of, words_of_all
from rag.text.arabic import stem
from rag.text.folding import normalise, script_of
from rag.text.stop_words import stop_words
from rag.text.transliteration import distance, readings, sounds

Echo = Callable[[int, int], bool]  # whether the encoder finds sentence[start:end] said in the evidence, in any words

_PAUSE = re.compile(r"[.,;:!?،؛؟()\n]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;«\"“(\n])\s*\Z")
_ADJECTIVE = re.compile(f"(?:{'|'.join(each.names.derived for each in LANGUAGES if each.names.derived)})$")

# Above this the sounds of two words are too far apart for one name; see tests/quality for what it catches.
_SAME_NAME = 0.24
# The same where no other alphabet has come between, and for a name of CLDR's, whose spelling is known.
_SAME_SPELLING = {"arab": 0.1, "latn": 0.15}
_SAME_KNOWN_NAME = 0.1
# Consonants from which a known name may be told by its sound: Italy, with two, sounds like التالي.
_SOUNDED, _TELLING_SOUNDS = re.compile("[^VHWYA]"), 3


def wrong_names(
    sentence: str, language: str, names: Sequence[Mention], evidence: KnownFacts, echo: Echo
) -> Iterator[str]:
    """The names of the sentence that the evidence has not; ``names`` are those of CLDR in it."""
    for mention in names:
        written = sentence[mention.start : mention.end]
        if not _is_named(mention, written, evidence):
            yield written
    yield from _unheard(sentence, language, names, evidence, echo)


def displaced_countries(sentence: str, language: str, names: Sequence[Mention], nearest: EvidenceText) -> Iterator[str]:
    """Countries that the nearest sentence of the evidence lacks, where it has another that the sentence leaves out.

    The country then stands elsewhere, for something else (see :func:`rag.answering.figures.displaced_years`).
    """
    said = {name_key(mention.name) for mention in possible_names(sentence, language)}
    given = {name_key(mention.name) for mention in find_names(*nearest)}
    if any(kind == "territory" for kind, _ in given - said):
        known = read_evidence((nearest,))
        for mention in names:
            written = sentence[mention.start : mention.end]
            if name_key(mention.name)[0] == "territory" and not _is_named(mention, written, known):
                yield written


def _is_named(mention: Mention, written: str, evidence: KnownFacts) -> bool:
    """Whether the evidence names it, or has a word of its sound that is no other name (Nigeria is not Niger)."""
    return name_key(mention.name) in evidence.names or (
        mention.name.kind in ("territory", "people", "place")
        and len(_SOUNDED.findall(sounds(written.replace(" ", "")))) >= _TELLING_SOUNDS
        and _sounds_like(written, evidence.unnamed, _SAME_KNOWN_NAME)
    )


def _unheard(sentence: str, language: str, names: Sequence[Mention], evidence: KnownFacts, echo: Echo) -> Iterator[str]:
    """Proper names that no word of the evidence sounds like, nor means."""
    doubtful = [m for m in possible_names(sentence, language) if name_key(m.name) in evidence.names]
    taken = {place for _, start, end in (*names, *doubtful) for place in range(start, end)}
    cued = of(language).names.before_names
    words = _words_after_cues(sentence, language) if cued else _capitalised_words(sentence, language)
    for match in words:
        if match.start() in taken or is_heard(match.group(), evidence, _word_before(sentence, match.start())):
            continue
        if not echo(*match.span()):
            yield match.group()


def _word_before(sentence: str, place: int) -> str:
    """The word right before a place, to be read as one with the next (New York is نيويورك)."""
    match = re.search(r"(\w+)[ -]\Z", sentence[:place])
    return match.group(1) if match is not None else ""


def _capitalised_words(sentence: str, language: str) -> Iterator[re.Match[str]]:
    """Words written with a capital that are neither translated nor the first of their sentence, where any word is.

    English ones may stand in any language, as in "la Fashion Week de Paris".
    """
    names, stop = of(language).names, stop_words(language)
    common = _words(f"{names.translated} {of('en').names.translated}")
    and_name = _and_name(of(language).numbers.conjunction)
    for match in WORD.finditer(sentence):
        if names.nouns_capitalised and not _is_beside_a_capital(sentence, match, stop | common):
            continue
        word, folded = match.group(), normalise(match.group())
        if not word[0].isupper() or len(word) < 3 or word[:-1].isupper():  # abbreviations are translated too
            continue
        if folded in common or folded in stop or folded in _particles():
            continue
        if _SENTENCE_START.search(sentence, 0, match.start()) is None or and_name.match(sentence, match.end()):
            yield match


def _is_beside_a_capital(sentence: str, word: re.Match[str], stop: frozenset[str]) -> bool:
    before = re.search(r"(\w+)[ -]\Z", sentence[: word.start()])
    after = re.match(r"[ -](\w+)", sentence[word.end() :])
    near = [match[1] for match in (before, after) if match is not None]
    return any(each[0].isupper() and normalise(each) not in stop for each in near)


def _words_after_cues(sentence: str, language: str) -> Iterator[re.Match[str]]:
    """Up to three words after a title or a word such as "city" that may be a name: Arabic has no capitals to tell."""
    run, last = 0, 0
    names, stop = of(language).names, stop_words(language)
    for match in WORD.finditer(sentence):
        folded = normalise(match.group())
        if _PAUSE.search(sentence, last, match.start()):
            run = 0
        last = match.end()
        if any(word in _words(names.before_names) for word, _ in forms_of(folded, language)):
            run = 3
        elif folded in stop or (names.no_name and names.no_name.search(match.group())):
            run = 0
        elif run and not folded.startswith(names.adjectives):  # an adjective, a verb: a name may still follow
            run -= 1
            yield match


def is_heard(word: str, evidence: KnownFacts, before: str = "") -> bool:
    """Whether the evidence has a word, as it is written or by its sound; ``before``: one that it may be read with."""
    folded = normalise(word)
    if folded in evidence.words or any(
        folded.startswith(w) or w.startswith(folded) for w in evidence.words if min(len(w), len(folded)) > 4
    ):
        return True
    if script_of(word) == "arab":
        forms = (stem(folded), *(w for w, _ in forms_of(folded, in_script("arab")[0].code)))
        return any(w in evidence.words for w in forms) or _sounds_like(word, evidence.heard)
    adjective = _ADJECTIVE.sub("", folded)
    said = [word, *([adjective] if len(adjective) > 2 else []), *([before + word] if before else [])]
    return any(_sounds_like(form, evidence.heard) for form in said)


def _sounds_like(word: str, heard: Sequence[tuple[str, str]], most: float = _SAME_NAME) -> bool:
    said, script = readings(word.replace(" ", "")), script_of(word)
    most_written = min(most, _SAME_SPELLING.get(script, most))
    limits = [(other, most_written if script == written else most) for written, other in heard]
    return any(distance(each, other, limit) <= limit for each in said for other, limit in limits)


@lru_cache(maxsize=1)
def _particles() -> frozenset[str]:
    return words_of_all(lambda language: language.names.particles)


@lru_cache(maxsize=8)
def _and_name(conjunction: str) -> re.Pattern[str]:
    return re.compile(rf" {conjunction} [^\W\d_a-zà-ÿ]")


@lru_cache(maxsize=8)
def _words(text: str) -> frozenset[str]:
    """The folded words of a list, and their plurals."""
    words = {normalise(word) for word in text.split()}
    return frozenset(words | {word + "s" for word in words})
