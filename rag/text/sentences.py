"""Text cut into sentences, as spans of the text.

Rules, not a model: blank lines and line breaks part the text into paragraphs; inside one, every stop, question mark or
exclamation mark is a candidate, and the words around it decide. No rule looks further than a few words, so the time
grows with the text's length and nothing else. A comma never ends a sentence: Arabic news has sentences of a hundred
words, and they stay whole. Only a semicolon parts a long one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rag.documents import Span
from rag.languages.registry import LANGUAGES, of, words_of_all

LONG_SENTENCE_WORDS = 40  # a longer one is parted at its semicolons
CLAUSE_WORDS = 8  # but into nothing shorter than this
WRAP_WIDTHS = range(40, 141)  # widths at which text is wrapped by hand or by mail programs
WRAPPED_SHARE = 0.8  # of a block's line breaks must be where wrapping would put them
_WINDOW = 40  # characters looked at on either side of a stop

_STOPS = ".!?؟۔…。！？｡।॥።։"
_ALWAYS = frozenset("。！？｡।॥።։۔")
_CLOSERS = frozenset("\"'”’»›)]}」』）】》〉")
_OPENERS = "\"'“‘«‹„([{¿¡「『（【《〈"
# A stop and what closes with it: quotation marks, brackets, a bracketed note.
_STOP = re.compile(
    rf"(?P<stop>[{_STOPS}]+)"
    r"(?:\s?[»›]|[”’)\]}」』）】》〉]|[\"'«‹“](?!\w)|\[[^\[\]\n]{1,30}\])*"
)
_BETWEEN_CELLS = " | "  # as readers of files write the row of a table
_SEMICOLON = re.compile(r"[؛;](\s+)")
_BULLET = re.compile(r"\s*(?:[-–—*•·▪◦#>]|\(?(?:\d{1,3}|\w)[.)\-])\s")
_ERA = re.compile(r"\d\s?(?:م|هـ|ه|ق\.م|г|гг)$")
_LIST_MARK = re.compile(r"(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,5})$")
_YEAR = re.compile(r"\d{4}")
_WORD = re.compile(r"[\w\u064b-\u0652]+(?:[-'’][\w\u064b-\u0652]+)*")
# A word written onto the pause it comes before, where "and" is written onto words: "و..." means "and so on".
_AND_SO_ON = tuple(f" {language.and_letter}" for language in LANGUAGES if language.and_letter)

# Abbreviations and first words of every language (see rag.languages.language.Sentences).
_TITLES = words_of_all(lambda language: language.sentences.titles)
_NUMBERED = words_of_all(lambda language: language.sentences.numbered)
_MONTHS = frozenset(month for each in LANGUAGES for forms in each.names.short_months for month in forms.split("|"))
_INNER = words_of_all(lambda language: language.sentences.inner)
_ENDING = words_of_all(lambda language: language.sentences.ending)
_SPELT_LETTERS = words_of_all(lambda language: language.sentences.spelt_letters)
_STARTERS = words_of_all(lambda language: language.sentences.starters)
_ARTICLES = words_of_all(lambda language: language.sentences.articles)


def split_sentences(text: str, language: str = "und") -> list[Span]:
    """Sentences in order, trimmed of white space; together they hold every character that is not white space.

    ``language`` settles what shape leaves open, such as German ordinals. Raises nothing, whatever the text.
    """
    return [
        clause
        for paragraph in split_paragraphs(text)
        for sentence in ([paragraph] if _is_row(text, paragraph) else _sentences(text, paragraph, language))
        for clause in _clauses(text, sentence)
    ]


def _is_row(text: str, line: Span) -> bool:
    """Whether the line is a row of a table, a unit whatever stops are in it: it has cells, and so has a line beside it.

    A line alone may be "Breaking | The level rose. Three gates were opened."
    """
    if _BETWEEN_CELLS not in line.of(text):
        return False
    above = text[text.rfind("\n", 0, max(line.start - 1, 0)) + 1 : max(line.start - 1, 0)]
    ends = text.find("\n", line.end + 1)
    below = text[line.end + 1 : ends if ends >= 0 else len(text)]
    return _BETWEEN_CELLS in above or _BETWEEN_CELLS in below


def split_paragraphs(text: str) -> list[Span]:
    """Paragraphs in order, trimmed of white space.

    A blank line ends one. So does a single line break, as between a title and what follows, unless the lines are
    those of a wrapped paragraph.
    """
    paragraphs: list[Span] = []
    for block in _blocks(text):
        joins = _joins([line.of(text) for line in block])
        for line, joined in zip(block, joins, strict=True):
            start = paragraphs.pop().start if joined else line.start
            paragraphs.append(Span(start, line.end))
    return paragraphs


def _blocks(text: str) -> Iterator[list[Span]]:
    """Runs of lines without a blank one between them, each line trimmed."""
    block: list[Span] = []
    start = 0
    for line in text.splitlines(keepends=True):
        if span := _trimmed(text, start, start + len(line)):
            block.append(span)
        elif block:
            yield block
            block = []
        start += len(line)
    if block:
        yield block


def _joins(lines: list[str]) -> list[bool]:
    """For each line of a block, whether it carries on the line before.

    In a wrapped paragraph no line had room for the first word of the next: that is the test.
    """
    width = max(map(len, lines))
    filled = [
        len(line) + 1 + len(following[:_WINDOW].split(maxsplit=1)[0]) > width for line, following in pairwise(lines)
    ]
    wrapped = width in WRAP_WIDTHS and len(filled) > 1 and sum(filled) >= WRAPPED_SHARE * len(filled)
    joins = [
        not _BULLET.match(following)
        and _BETWEEN_CELLS not in line
        and _BETWEEN_CELLS not in following
        and ((wrapped and full) or (len(line) >= WRAP_WIDTHS.start and _carries_on(line, following)))
        for (line, following), full in zip(pairwise(lines), filled, strict=True)
    ]
    return [False, *joins]


def _carries_on(line: str, following: str) -> bool:
    return line[-1] in ",،" or (following[0].islower() and line[-1] not in _STOPS)


def _sentences(text: str, paragraph: Span, language: str) -> Iterator[Span]:
    start, pending = paragraph.start, None
    for end in [*_ends(text, paragraph, language), paragraph.end]:
        span = _trimmed(text, start, end)
        start = end
        if span is None:
            continue
        if pending and not _WORD.search(text, span.start, span.end):
            pending = Span(pending.start, span.end)  # a stray quotation mark belongs to what it follows
            continue
        if pending:
            yield pending
        pending = span
    if pending:
        yield pending


def _ends(text: str, paragraph: Span, language: str) -> Iterator[int]:
    for match in _STOP.finditer(text, paragraph.start, paragraph.end):
        if match.end() < paragraph.end and _ends_sentence(text, match, paragraph, language):
            yield match.end()


def _ends_sentence(text: str, match: re.Match[str], paragraph: Span, language: str) -> bool:
    stop, start, end = match["stop"], match.start(), match.end()
    before = text[max(paragraph.start, start - _WINDOW) : start]
    after = text[end : min(paragraph.end, end + _WINDOW)]
    following = after.lstrip().lstrip(_OPENERS).lstrip()[:1]
    if not _ALWAYS.isdisjoint(stop):
        return end == match.end("stop") or not "\u3041" <= after[0] <= "\u309f"  # 「行く。」と言った goes on
    if following.islower() or following in _STOPS or before[-1:] in "([{":
        return False  # also a stop that another follows, and "(!)", "[...]"
    if not after[0].isspace():
        return _runs_together(before, stop, text[match.end("stop") : end], after)
    if stop == ".":
        marks_list = start - paragraph.start == len(before) and _LIST_MARK.match(before) is not None
        return not marks_list and not _is_abbreviation(before, _first_word(after), language)
    return len(stop.strip(".…")) > 0 or not _is_pause(before)


def _is_pause(before: str) -> bool:
    """Whether an ellipsis after ``before`` is a pause: " ... " between spaces, or the "و..." that means "and so on"."""
    kept = before.rstrip()
    return (kept != before and kept[-1:] not in _STOPS) or kept.endswith(_AND_SO_ON)


def _runs_together(before: str, stop: str, closed: str, after: str) -> bool:
    """Whether a sentence ends at a stop that no space follows, as in "القاعدة.وكشفت" and unlike "3.5" or a URL."""
    token = _last_token(before)
    if any(mark in token for mark in "/@=") or token.lower().startswith("www."):
        return False
    first = after.lstrip(_OPENERS)[:1]
    if not first.isalpha():
        return False
    if closed or set(stop) & set("!?؟"):
        return True
    word, following = _last_word(token), _first_word(after)
    if not first.isupper():  # lower case went before: this is Arabic, Hebrew or Han, where dots mean a pause
        initials = len(word) == 1 or word in _TITLES or word in _SPELT_LETTERS
        return stop == "." and not initials and (len(following) > 1 or after[1:2].isspace())
    if "." in after.split()[0].rstrip(_STOPS) or not following[1:].islower():
        return False
    return stop != "." or token[-1:] in _CLOSERS or _YEAR.fullmatch(word) is not None or _ends_low(word)


def _ends_low(word: str) -> bool:
    return len(word) > 1 and word[-2:].isalpha() and word[-2:].islower()


def _is_abbreviation(before: str, following: str, language: str) -> bool:
    """Whether the stop after ``before`` belongs to an abbreviation, an initial or an ordinal, and ends nothing."""
    token = _last_token(before).lstrip(_OPENERS)
    lower, starts = token.lower(), following.lower() in _STARTERS
    if _ERA.search(before) or token[-1:] in _CLOSERS:
        return False
    if token in _TITLES or lower in _INNER or token.split(".")[-1] in _SPELT_LETTERS:
        return True
    if (lower in _NUMBERED or lower in _MONTHS) and following[:1].isdigit():
        return True
    if token.isdigit():
        return of(language).sentences.ordinal_stop and len(token) <= 2 and not starts
    if len(token) == 1:
        return token.isalpha() and not token.islower() and not starts
    if lower in _ENDING or ("." in token and _is_acronym(token)):
        return not starts and following.lower() not in _ARTICLES
    return False


def _is_acronym(token: str) -> bool:
    return all(len(letter) == 1 and letter.isalpha() for letter in token.split("."))


def _last_token(before: str) -> str:
    return before.split()[-1] if before and not before[-1].isspace() else ""


def _last_word(token: str) -> str:
    words = _WORD.findall(token)
    return words[-1] if words else ""


def _first_word(after: str) -> str:
    match = _WORD.search(after)
    return match[0] if match else ""


def _clauses(text: str, sentence: Span) -> Iterator[Span]:
    """The sentence, or its clauses between semicolons when it is long."""
    rest = len(sentence.of(text).split())
    start = counted = sentence.start
    clause = 0
    for match in _SEMICOLON.finditer(text, start, sentence.end) if rest > LONG_SENTENCE_WORDS else ():
        words = len(text[counted : match.start(1)].split())
        clause, rest, counted = clause + words, rest - words, match.end()
        if min(clause, rest) >= CLAUSE_WORDS:
            yield Span(start, match.start(1))
            clause, start = 0, counted
    yield Span(start, sentence.end)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return Span(start + left, start + right) if right > left else None
