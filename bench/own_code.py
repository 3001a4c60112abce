"""Where the program has code of its own and a library exists: both on the same texts.

    pip install -r bench/requirements.txt
    python -m bench.own_code [../shared]

Sentences (sentencex), languages (py3langid), number words (text2num), Arabic PDFs (pypdfium2, and pypdf as it comes;
printed by Chromium, so that their text is known) and keyword search (bm25s). Writes ``bench/results/own_code.md``;
``docs/own_code.md`` says what follows.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.own_code_pdf import pdf_rows
from bench.reports import write_report
from rag.entities.numerals import find_numbers
from rag.evaluation.evaluation_set import EvaluationSet, load_set
from rag.evaluation.metrics import reciprocal_rank
from rag.index.keyword_index import KeywordIndex, count_terms
from rag.languages.registry import LANGUAGES
from rag.text.analyser import analyse
from rag.text.language import detect_language
from rag.text.sentences import split_sentences

SEED = 0
SENTENCES_A_TEXT = 20
QUESTIONS = 300  # of each language
FIRST_WORDS = 3
NUMBERS = 500
SMALLEST = 3  # "one" and "two" are written as articles and duals, and differ by language
SETS = ("xquad-ar-ar", "xquad-en-en", "arcd")
CLOSING = " .!?؟…»”\"’)'"
FRAMES = {"en": "They counted {} of them.", "fr": "Ils en ont compté {} au total.", "ar": "وبلغ العدد {} في المجموع."}
GROUPS = {"en": ("[,]", "."), "fr": ("[ \u00a0\u202f.]", ",")}  # what parts thousands, what the decimals

Row = Sequence[object]
News = list[dict[str, str]]


def main(shared: Path) -> None:
    """Measure all and write the report."""
    news = read_news(shared / "data" / "parallel-news.tsv")
    sets = [load_set(shared / "data" / name) for name in SETS]
    parts = [
        table("sentences, f1 of their ends", ("ours", "sentencex"), sentence_rows(news)),
        table("language", ("ours", "py3langid", "the same, of our languages"), language_rows(read_questions(shared))),
        table("number words", ("ours", "text2num"), [*spelt_rows(), *news_number_rows(news)]),
        table("Arabic PDF, words in order", ("ours", "pypdfium2", "pypdf"), pdf_rows()),
        table("BM25, mrr@10", ("ours", "bm25s, our terms", "bm25s, its terms"), map(bm25_row, sets)),
    ]
    print(write_report("own_code", "python -m bench.own_code ../shared", "\n\n".join(parts)))


def read_news(path: Path) -> News:
    """Sentences of news in English, Arabic and French, a line each; only line feeds part the lines."""
    head, *lines = path.read_bytes().decode().split("\n")
    names = [name.strip() for name in head.split("\t")]
    return [dict(zip(names, map(str.strip, line.split("\t")), strict=True)) for line in lines if line.strip()]


def read_questions(shared: Path) -> dict[str, list[str]]:
    """Questions by language, a sample of each."""
    found: dict[str, list[str]] = {}
    for path in sorted((shared / "train").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found.setdefault(path.name.split(".")[1], []).extend(json.loads(line)["question"] for line in lines)
    draw = random.Random(SEED)
    return {code: draw.sample(questions, QUESTIONS) for code, questions in sorted(found.items())}


def sentence_rows(news: News) -> Iterable[Row]:
    """Lines joined by spaces, twenty at a time: their ends are to be found again, closing marks aside."""
    import sentencex

    def theirs(text: str, language: str) -> list[int]:
        return [found["end_index"] for found in sentencex.get_sentence_boundaries(language, text)]

    def ours(text: str, language: str) -> list[int]:
        return [sentence.end for sentence in split_sentences(text, language)]

    for language in ("ar", "en", "fr"):
        lines = [row[language] for row in news if re.search(r"[.!?؟…][»”\"'’)\s]*$", row[language])]
        parts = [lines[at : at + SENTENCES_A_TEXT] for at in range(0, len(lines), SENTENCES_A_TEXT)]
        yield f"{language}, {len(lines)} sentences", *(ends_f1(parts, language, find) for find in (ours, theirs))


def ends_f1(parts: Sequence[Sequence[str]], language: str, find: Callable[[str, str], list[int]]) -> float:
    """F1 of the ends found in each part's lines, joined."""
    right = wanted = given = 0
    for lines in parts:
        text = " ".join(lines)
        known = bare(text, np.cumsum([len(line) + 1 for line in lines]) - 1)
        found = bare(text, find(text, language))
        right, wanted, given = right + len(known & found), wanted + len(known), given + len(found)
    return 2 * right / (wanted + given)


def bare(text: str, ends: Iterable[int]) -> set[int]:
    """Ends without the stop and the closing marks before them, which belong to either side."""
    return {len(text[:end].rstrip(CLOSING)) for end in ends}


def language_rows(questions: Mapping[str, Sequence[str]]) -> Iterable[Row]:
    """Share of questions, whole and cut to their first words, whose language is told."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    everything, ours_only = (LanguageIdentifier.from_model_file(MODEL_FILE) for _ in range(2))
    ours_only.set_languages(sorted({*questions, *(each.code for each in LANGUAGES)} & {*everything.nb_classes}))
    tell = (detect_language, lambda text: everything.classify(text)[0], lambda text: ours_only.classify(text)[0])
    groups = {code: [code] for code in ("ar", "en", "fr")} | {f"all {len(questions)}": list(questions)}
    for label, cut in (("questions", None), (f"their first {FIRST_WORDS} words", FIRST_WORDS)):
        for name, codes in groups.items():
            asked = [(code, " ".join(text.split()[:cut])) for code in codes for text in questions[code]]
            yield f"{name}: {label}", *(np.mean([t(text) == code for code, text in asked]) for t in tell)


def spelt_rows() -> Iterable[Row]:
    """Numbers spelt out by num2words and read again."""
    from num2words import num2words
    from text_to_num import alpha2digit

    draw = random.Random(SEED)
    numbers = [draw.randrange(10 ** draw.randint(1, 9)) for _ in range(NUMBERS)]
    for language, frame in FRAMES.items():
        texts = [frame.format(num2words(number, lang=language).replace(",", "")) for number in numbers]
        ours = [[n.value for n in find_numbers(text, language)] == [x] for text, x in zip(texts, numbers, strict=True)]
        theirs: Any = "none"
        if language in GROUPS:
            read = [digits(alpha2digit(text, language, threshold=0), language) for text in texts]
            theirs = np.mean([found == {number} for found, number in zip(read, numbers, strict=True)])
        yield f"{language}: {NUMBERS} up to a thousand million, spelt out", np.mean(ours), theirs


def news_number_rows(news: News) -> Iterable[Row]:
    """Sentences with a number in which the two languages have the same ones, digits and words."""
    for other in ("fr", "ar"):
        known = [same(row, other, our_numbers) for row in news]
        theirs: Any = "none"
        if other in GROUPS:
            theirs = np.mean([it for row in news if (it := same(row, other, their_numbers)) is not None])
        yield f"en and {other}: news in which both have the same", np.mean([x for x in known if x is not None]), theirs


def same(row: Mapping[str, str], other: str, read: Callable[[str, str], set[float]]) -> bool | None:
    """None where neither language has a number."""
    left, right = ({x for x in read(row[code], code) if x >= SMALLEST} for code in ("en", other))
    return left == right if left or right else None


def our_numbers(text: str, language: str) -> set[float]:
    """What the program reads."""
    return {float(number.value) for number in find_numbers(text, language)}


def their_numbers(text: str, language: str) -> set[float]:
    """What text2num writes in digits, and the digits that were there."""
    from text_to_num import alpha2digit

    return digits(alpha2digit(text, language), language)


def digits(text: str, language: str) -> set[float]:
    """The numbers written in digits."""
    parted, mark = GROUPS[language]
    whole = re.sub(rf"(?<=\d){parted}(?=\d\d\d(?!\d))", "", text)
    return {float(x.replace(mark, ".")) for x in re.findall(rf"(?<![\w.,])\d+(?:{re.escape(mark)}\d+)?", whole)}


def bm25_row(given: EvaluationSet) -> Row:
    """Whole articles ranked by keywords, and the milliseconds a question takes, its terms made beforehand."""
    import bm25s

    ids = list(given.articles)
    texts = [f"{article.title} {article.text}".strip() for article in given.articles.values()]
    questions = [(gold.question, gold.language, gold.relevant) for gold in given.questions if gold.answerable]
    our_terms = [[t.text for t in analyse(a.text, a.language)] for a in given.articles.values()]
    asked = [[t.text for t in analyse(text, language)] for text, language, _ in questions]
    ours = KeywordIndex.build(count_terms(terms).tobytes() for terms in our_terms)

    def theirs(articles: Any, put: Sequence[Any]) -> str:
        index = bm25s.BM25()
        index.index(articles, show_progress=False)
        return ranked(lambda one: index.retrieve([one], k=10, show_progress=False)[0][0], put)

    def ranked(search: Callable[[Any], Any], put: Sequence[Any]) -> str:
        tick = time.perf_counter()
        rankings = [[ids[place] for place in search(one)] for one in put]
        wait = 1e3 * (time.perf_counter() - tick) / len(put)
        ranks = [reciprocal_rank(r, q[2], 10) for r, q in zip(rankings, questions, strict=True)]
        return f"{np.mean(ranks):.3f}, {wait:.2f} ms"

    def its_terms(text: str) -> list[str]:
        return re.findall(r"\b\w\w+\b", text.lower())  # as bm25s.tokenize does by default

    return (
        f"{given.name}, {len(questions)} questions",
        ranked(lambda terms: ours.search(terms, 10)[0], asked),
        theirs(our_terms, asked),
        theirs([its_terms(text) for text in texts], [its_terms(text) for text, _, _ in questions]),
    )


def table(name: str, heads: Sequence[str], rows: Iterable[Row]) -> str:
    """A table in Markdown, shares to three digits."""
    lines = [f"| {name} | {' | '.join(heads)} |", "|---" * (1 + len(heads)) + "|"]
    cells = [[f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in cells)])


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
