"""The sample articles: complete front matter, clean text, our own wording, and the answers they are meant to hold."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
QUESTIONS = ROOT / "tests" / "quality" / "corpus_questions.jsonl"
SEED = ROOT.parent / "shared" / "seed" / "sahel-joint-staff.ar.txt"

ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")
# Soft hyphen, zero-width, bidi marks, embeddings, overrides and isolates, byte order mark: ingestion would strip them,
# and then the stored text would differ from the file.
INVISIBLE = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
TASHKEEL_AND_TATWEEL = re.compile(r"[\u064b-\u0652\u0640]")


@dataclass(frozen=True)
class Sample:
    stem: str
    meta: dict[str, Any]
    body: str


def read_sample(path: Path) -> Sample:
    opening, matter, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == "", f"{path.name} does not begin with front matter"
    return Sample(path.stem, yaml.safe_load(matter), body)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", TASHKEEL_AND_TATWEEL.sub("", unicodedata.normalize("NFKC", text)).lower())


def word_ngrams(text: str, size: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + size]) for start in range(len(found) - size + 1)}


def language_of(question: str) -> str:
    """The language of a sample question, told apart by marks that only one of the three has in these files."""
    if ARABIC_LETTER.search(question):
        return "ar"
    return "fr" if question.endswith(" ?") else "en"


PATHS = sorted(path for path in CORPUS.iterdir() if path.name != "README.md")
SAMPLES = [read_sample(path) for path in PATHS]
BY_STEM = {sample.stem: sample for sample in SAMPLES}
EXPECTED = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
ANSWERABLE = [entry for entry in EXPECTED if entry["answerable"]]

each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)


def test_there_are_enough_articles_in_each_language() -> None:
    counts = Counter(sample.meta["language"] for sample in SAMPLES)
    assert set(counts) == {"ar", "fr", "en"}
    assert counts["ar"] >= 8
    assert counts["fr"] >= 5
    assert counts["en"] >= 5


@each_sample
def test_the_file_name_is_ascii_and_carries_the_language(sample: Sample) -> None:
    assert re.fullmatch(r"[a-z0-9-]+\.(ar|fr|en)", sample.stem)
    assert sample.stem.endswith(f".{sample.meta['language']}")


@each_sample
def test_the_front_matter_is_complete_and_well_formed(sample: Sample) -> None:
    keys = set(sample.meta)
    required = {"title", "date", "source", "language", "url", "questions"}
    assert required <= keys <= required | {"author"}
    assert type(sample.meta["date"]) is date  # YAML makes a date of YYYY-MM-DD only
    assert sample.meta["url"].startswith(f"https://example.org/{sample.meta['language']}/")
    assert all(isinstance(sample.meta[key], str) and sample.meta[key].strip() for key in keys - {"date", "questions"})
    assert 1 <= len(sample.meta["questions"]) <= 2


@each_sample
def test_the_text_is_in_the_declared_script(sample: Sample) -> None:
    letters = [character for character in sample.body if character.isalpha()]
    share = sum(bool(ARABIC_LETTER.match(character)) for character in letters) / len(letters)
    assert share > 0.99 if sample.meta["language"] == "ar" else share == 0


@each_sample
def test_the_text_has_no_invisible_characters_and_is_composed(sample: Sample) -> None:
    whole = (CORPUS / f"{sample.stem}.md").read_text(encoding="utf-8")
    assert INVISIBLE.findall(whole) == []
    assert unicodedata.is_normalized("NFC", whole)
    assert not re.search(r"\S {2,}\S|[ \t]$|\t", sample.body, re.MULTILINE)


@each_sample
def test_arabic_punctuation_is_arabic(sample: Sample) -> None:
    if sample.meta["language"] == "ar":
        assert not re.search(r"[,;?]|\s[،؛؟.]", sample.body)
    else:
        assert not re.search(r"[،؛؟]", sample.body)


@each_sample
def test_the_article_has_the_length_of_a_news_story(sample: Sample) -> None:
    assert 150 <= len(words(sample.body)) <= 600


def test_most_articles_have_250_to_500_words() -> None:
    usual = [sample for sample in SAMPLES if 250 <= len(words(sample.body)) <= 500]
    assert len(usual) >= 0.85 * len(SAMPLES)


@pytest.mark.parametrize("key", ["title", "url"])
def test_titles_and_addresses_are_unique(key: str) -> None:
    values = [sample.meta[key] for sample in SAMPLES]
    assert len(set(values)) == len(values)


def test_suggested_questions_come_in_three_languages_and_often_in_another_than_the_article() -> None:
    pairs = [(language_of(question), sample) for sample in SAMPLES for question in sample.meta["questions"]]
    assert {language for language, _ in pairs} == {"ar", "fr", "en"}
    crossing = {sample.stem for language, sample in pairs if language != sample.meta["language"]}
    assert len(crossing) >= 0.9 * len(SAMPLES)


@each_sample
def test_no_sentence_repeats_another_article(sample: Sample) -> None:
    others = set().union(*(word_ngrams(other.body, 12) for other in SAMPLES if other is not sample))
    assert word_ngrams(sample.body, 12) & others == set()


@pytest.mark.shared
@each_sample
def test_the_wording_is_not_that_of_the_seed_article(sample: Sample) -> None:
    if not SEED.exists():
        pytest.skip("the seed article is not beside the repository")
    assert word_ngrams(sample.body, 8) & word_ngrams(SEED.read_text(encoding="utf-8"), 8) == set()


def test_the_four_countries_and_the_month_stand_in_one_arabic_sentence() -> None:
    sentences = re.split(r"(?<=[.؟!])\s", BY_STEM["sahel-joint-staff.ar"].body)
    telling = [sentence for sentence in sentences if "هيئة أركان مشتركة" in sentence]
    assert len(telling) == 1
    assert all(name in telling[0] for name in ("الجزائر", "موريتانيا", "مالي", "النيجر", "ماي"))


@pytest.mark.parametrize("entry", ANSWERABLE, ids=lambda entry: entry["question"])
def test_each_expected_answer_stands_once_in_its_article(entry: dict[str, Any]) -> None:
    for place in [entry, *entry.get("also", [])]:
        assert BY_STEM[place["article"]].body.count(place["contains"]) == 1
    assert language_of(entry["question"]) == entry["language"]


def test_the_expected_questions_cover_the_corpus_and_cross_languages() -> None:
    places = [place for entry in ANSWERABLE for place in [entry, *entry.get("also", [])]]
    assert {place["article"] for place in places} == set(BY_STEM)
    crossing = [entry for entry in ANSWERABLE if BY_STEM[entry["article"]].meta["language"] != entry["language"]]
    assert len(crossing) >= 0.7 * len(ANSWERABLE)


def test_unanswerable_questions_name_no_article_and_include_the_two_plain_ones() -> None:
    unanswerable = [entry for entry in EXPECTED if not entry["answerable"]]
    assert all(set(entry) == {"question", "language", "answerable"} for entry in unanswerable)
    assert len(unanswerable) >= 15
    assert {"Who won the 2010 World Cup?", "ما عاصمة اليابان؟"} <= {entry["question"] for entry in unanswerable}
    assert {entry["language"] for entry in unanswerable} == {"ar", "fr", "en"}


PLAINLY_UNANSWERABLE = ["World Cup", "Coupe du monde", "كأس العالم", "Japan", "Japon", "اليابان", "Tokyo", "طوكيو"]


@pytest.mark.parametrize("word", PLAINLY_UNANSWERABLE)
def test_nothing_in_the_corpus_touches_the_plainly_unanswerable(word: str) -> None:
    assert [sample.stem for sample in SAMPLES if word in sample.body + sample.meta["title"]] == []
