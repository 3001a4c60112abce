"""The forms of citation that models write without brackets of their own, brought into brackets.

``(2)``, superscripts, and what leads up to a marker ("According to [1], four …"), whose words go, since the quote says
where it is from. Where no passage has the number it is left as it is: "(12)" may be part of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.languages.language import Language
from rag.languages.registry import LANGUAGES
from rag.text.folding import normalise

OPEN, CLOSE = r"\[［【〔", r"\]］】〕"
SEPARATOR = r"\s*(?:[,،，、;؛\s\-‐–—]|and|et|و)\s*"
KEPT = 8  # characters before a text that decide whether it begins with a marker
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def _forms(table: Callable[[Language], str]) -> list[str]:
    """The forms of a table of every language, longest first."""
    found = {form for language in LANGUAGES for form in table(language).split("|") if form}
    return sorted(found, key=lambda form: (-len(form), form))


def _begun(form: str) -> str:
    """A pattern of what may still become ``form``, its first word at least whole: ``as(?:\\s+stated(?:\\s+in)?)?``."""
    first, *rest = form.split()
    return re.escape(first) + "".join(rf"(?:\s+{re.escape(word)}" for word in rest) + ")?" * len(rest)


_CITES = _forms(lambda language: language.statements.cites)
_LEADS = _forms(lambda language: language.statements.leads)
CALLED = rf"(?:(?:{'|'.join(map(re.escape, _CITES))})\s*[:#.]?\s*)"  # as prompts and models call what they number
CALLED_BEGUN = "|".join(sorted({form[:end] for form in _CITES for end in range(1, len(form) + 1)}, key=len)[::-1])
_LEAD = "|".join(r"\s+".join(map(re.escape, form.split())) for form in _LEADS)
_MARKED = rf"{CALLED}?[{OPEN}][^{OPEN}{CLOSE}\n]{{1,40}}[{CLOSE}]|{CALLED}\d{{1,2}}(?![\w%])"
_NUMBER = r"\d{1,2}"
# A raised number follows a stop or a word, not a unit ("km²"). A bare number in round brackets does too;
# after a comma it counts off a list.
_LOOSE = re.compile(
    rf"(?<=[\w.!?؟…\"”»’)\]%])(?P<gap>[ \t]*)\({CALLED}?(?P<round>{_NUMBER}(?:{SEPARATOR}{_NUMBER})*)\)(?!\w)"
    rf"|(?:(?<=[.!?؟…\"”»)\]])|(?<=[^\W\d_]{{3}}))(?P<raised>[{_SUPERSCRIPTS}]+)"
    rf"|(?P<before>[,،]?\s*)(?<!\w)(?P<lead>{_LEAD})\s*(?P<marked>{_MARKED})(?P<then>(?:\s*[,،:])?\s+(?P<next>\w\S*))?",
    re.IGNORECASE,
)
# What at the end of a text may still become one of these: a lead with what follows it to the end of the next word.
OPEN_ENDED = (
    rf"(?:[,،]?\s*(?<!\w)(?:{'|'.join(map(_begun, _LEADS))})\s*(?:(?:{CALLED_BEGUN})?\s*[:#.]?\s*"
    rf"(?:[{OPEN}][^{OPEN}{CLOSE}\n]{{0,40}}[{CLOSE}]?|\d{{0,2}}))?[,،:]?)?"
)
ROUND_BEGUN = rf"\((?:(?:{CALLED_BEGUN})\s*[:#.]?)?[\d\s,،\-–and]{{0,20}}"


def bracketed(text: str, passages: int, start: int = 0) -> str:
    """``text[start:]`` with these forms as markers in brackets; what is before ``start`` is looked at only."""
    parts, at = [], start
    for match in _LOOSE.finditer(text, start):
        parts += [text[at : match.start()], _marker(match, passages)]
        at = match.end()
    return "".join([*parts, text[at:]])


def _marker(match: re.Match[str], passages: int) -> str:
    if match["lead"]:
        return _led(match)
    body = normalise(match["round"] or ", ".join(match["raised"]))
    known = all(1 <= int(number) <= passages for number in re.findall(r"\d+", body))
    return f"{match['gap'] or ''}[{body}]" if known else match.group()


def _led(match: re.Match[str]) -> str:
    """The marker alone; where it began the sentence after the next word, which is then its first."""
    numbers = ", ".join(re.findall(r"\d+", match["marked"]))
    if not numbers:
        return match.group()
    if not match["next"]:
        return f"{match['before'].lstrip(',،') or ' '}[{numbers}]"
    first = match["next"][:1].upper() if match["lead"][:1].isupper() else match["next"][:1]
    return f"{match['before']}{first}{match['next'][1:]} [{numbers}]"
