"""The figures an evaluation reports, each a pure function over plain values.

Retrieval figures follow trec_eval with binary relevance. Answer figures follow SQuAD v1.1's script (Rajpurkar et
al., 2016) over texts normalised by :func:`normalise_answer`. Refusal figures follow NoMIRACL (Thakur et al.,
2024): a *hallucination* answers a question that nothing answers, an *error* refuses one that something answers. To
quote sentences as related, which may not answer, is neither, and has rates of its own.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import get_args

from rag.documents import Status

_LATIN_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
# The Arabic article, alone or behind one of the particles written onto the word (wa-, fa-, bi-, ka-), and its
# contraction with li- (lil-). Two letters must remain, so that short words beginning with these letters survive.
_ARABIC_ARTICLE = re.compile(r"\b(?:[وفبك]?ال|لل)(?=\w{2})")
_TATWEEL = "\u0640"


def recall_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """The share of ``relevant`` found in the first ``k`` of ``ranked``; ``relevant`` must not be empty."""
    return len(set(ranked[:k]) & set(relevant)) / len(set(relevant))


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """One over the rank of the first relevant item, 0 when none is in the first ``k``. Its mean is MRR@k."""
    return next((1 / rank for rank, item in enumerate(ranked[:k], start=1) if item in relevant), 0.0)


def ndcg_at(ranked: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """Discounted cumulative gain (binary, log2) over the best that ``relevant`` allows."""
    gain = sum(1 / math.log2(rank + 1) for rank, item in enumerate(ranked[:k], start=1) if item in relevant)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(set(relevant))) + 1))
    return gain / best


def average_precision(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """The mean precision at each relevant item; those not ranked count 0. Its mean over questions is MAP."""
    found, total = 0, 0.0
    for rank, item in enumerate(ranked, start=1):
        if item in relevant:
            found += 1
            total += found / rank
    return total / len(set(relevant))


def normalise_answer(text: str) -> str:
    """The form in which two answers are compared.

    Compatibility forms and letter case folded, digits of every script made ASCII, tashkeel and tatweel dropped,
    punctuation and symbols turned to spaces, English and Arabic articles dropped, white space collapsed. Arabic
    letters themselves are left alone (no folding of hamza or ta marbuta), as in MLQA's script.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace(_TATWEEL, "")
    plain = "".join(_plain(char) for char in folded)
    return " ".join(_ARABIC_ARTICLE.sub("", _LATIN_ARTICLES.sub(" ", plain)).split())


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category in ("Mn", "Cf"):
        return ""
    return " " if category[0] in "PSZC" else char


def exact_match(answer: str, gold: Iterable[str]) -> float:
    """1.0 when ``answer`` equals one of ``gold`` once normalised, else 0.0."""
    return float(any(normalise_answer(answer) == normalise_answer(text) for text in gold))


def f1(answer: str, gold: Iterable[str]) -> float:
    """The best word overlap (harmonic mean of precision and recall) with any of ``gold``; 0.0 without gold."""
    words = normalise_answer(answer).split()
    return max((_overlap(words, normalise_answer(text).split()) for text in gold), default=0.0)


def _overlap(answer: Sequence[str], gold: Sequence[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    shared = (Counter(answer) & Counter(gold)).total()
    return 2 * shared / (len(answer) + len(gold))


def outcome_figures(verdicts: Iterable[tuple[bool, Status]]) -> dict[str, float]:
    """NoMIRACL's rates, the shares that are only related, and the precision and recall of refusing.

    From (answerable, status) pairs; ``related`` is neither answered nor refused. A figure whose denominator is empty
    (no unanswerable question, nothing refused) is left out.
    """
    counts = Counter(verdicts)
    answerable, unanswerable = (sum(counts[kind, s] for s in get_args(Status)) for kind in (True, False))
    refused_wrongly, refused_rightly = counts[True, "not_found"], counts[False, "not_found"]
    shares = {
        "hallucination_rate": (counts[False, "answered"], unanswerable),
        "error_rate": (refused_wrongly, answerable),
        "related_rate_answerable": (counts[True, "related"], answerable),
        "related_rate_unanswerable": (counts[False, "related"], unanswerable),
        "precision": (refused_rightly, refused_rightly + refused_wrongly),
        "recall": (refused_rightly, unanswerable),
    }
    return {name: part / whole for name, (part, whole) in shares.items() if whole}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of ``values`` lie, interpolated linearly as numpy does."""
    if not values:
        raise ValueError("percentile of no values")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def mean(values: Iterable[float]) -> float:
    """The arithmetic mean; raises ValueError for no values, since 0 would read as a result."""
    kept = list(values)
    if not kept:
        raise ValueError("mean of no values")
    return math.fsum(kept) / len(kept)
