"""Whether a sentence denies something, and whether a text can be told to: the words for no, not and never.

What an answer denies must be denied in what it rests on. The converse is not asked: "Four states met, but Egypt did not
come" bears out that four states met.
"""

from __future__ import annotations

import re

# A denial in an answer, and what in the evidence can be told as one.
_DENIALS = {
    "en": re.compile(r"\b(?:not|never|nobody|nothing|neither|cannot|no(?!\.?\s*\d))\b|n['’]t\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:ne\b|n['’]).{1,40}\b(?:pas|jamais|aucune?|rien|personne)\b", re.IGNORECASE),
    "ar": re.compile(r"\b[وف]?(?:لم|لن|ليس|ليست|ليسوا)\b"),
}
_NEGATIVES = {
    "en": re.compile(
        rf"{_DENIALS['en'].pattern}|\b(?:without|nor\b|none|only|unless|den(?:y|ied|ies|ial)|refus|reject|fail|lack|miss"
        r"|prevent|avoid|stop|ban\b|bann|impossib|illegal|rarely|hardly|scarcely|barely|little|few\b|instead|rather|before"
        r"|un(?!i|der|til|ite|to\b|cle))",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\bne\b|\bn['’]|\b(?:pas|jamais|aucun|rien|sans|ni\b|non|refus|rejet|échou|échec|nie|démen|manqu|impossib"
        r"|incapab|inconnu|insuffis|interdi|invain|empêch|évit|seul|avant|plutôt)",
        re.IGNORECASE,
    ),
    "ar": re.compile(
        r"\b[وف]?(?:لا|لم|لن|ليس\w*|لست|ما|إلا|كلا|أبدا|دون|بدون|غير|عدم|بلا|بعدم|لعدم|انعدام|سوى|قبل|مستحيل|بدلا"
        r"|نف[ىتي]\w*|[يت]?رفض\w*|فشل\w*|[يت]?منع\w*|تجنب\w*|تفاد\w*|حظر\w*)\b"
    ),
}


def denial_in(sentence: str, language: str) -> str:
    """The words by which a sentence denies something; empty where it does not, or in a language without a list."""
    denial = _DENIALS.get(language)
    match = denial.search(sentence) if denial is not None else None
    return match.group() if match is not None else ""


def may_deny(text: str, language: str) -> bool:
    """Whether anything in a text could be told as a denial; true in a language without a list."""
    negatives = _NEGATIVES.get(language)
    return negatives is None or negatives.search(text) is not None
