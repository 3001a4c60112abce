"""A stand-in for ``rag.assistant.Assistant``: no model, no index, real text in three languages.

It knows a handful of questions by a word in them (:data:`RECIPES`) and refuses all others, so that a surface
(chat, API, widget) can be tested for every state an answer has. Every citation it returns reproduces its quote
exactly, as the real one's do. ``hostile`` questions return an answer whose every field holds markup that must
never run; :data:`FAILING` questions raise.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rag.answering.citations import joined, marked, strip_markers
from rag.answering.outcome_texts import as_related, guide_text, lone_text
from rag.answering.wishes import wish_of
from rag.answering.writing import AnswerDraft
from rag.asking import Cited, Delta, Ended, Event, Quoted, Started
from rag.documents import (
    GUIDE,
    Answer,
    AnswerSentence,
    Article,
    Citation,
    Evidence,
    Filters,
    Float32,
    Gloss,
    Label,
    ListOrder,
    Question,
    ShortAnswer,
    Translation,
    WordMatch,
)
from rag.encoding.encoder import Encoder
from rag.errors import EncoderError, NotFoundError, QuestionError, SettingsError
from tests.fakes import HashEncoder, accepts

STAFF_SENTENCE = (
    "وكانت الجزائر قد بادرت شهر ماي الماضي برفقة دول الساحل مثل موريتانيا ومالي والنيجر "
    "إلى تشكيل هيئة أركان مشتركة لمواجهة تهديدات القاعدة"
)
MISSILE_SENTENCE = "وأفاد خبراء باختفاء قرابة ألف صاروخ أرض جو من المخازن الليبية بعد انهيار النظام."
VISIT_SENTENCE = "ويزور الرئيس المالي الجزائر خلال الأيام القادمة بدعوة من نظيره لتعزيز التنسيق بين البلدين."
VISIT_SENTENCE_FR = "Le président malien se rendra à Alger à l'invitation de son homologue."
MISSILE_SENTENCE_FR = (
    "Près d'un millier de missiles sol-air ont disparu des dépôts libyens, selon des experts cités à Nouakchott."
)

SAHEL = Article(
    id="sahel-joint-staff",
    title="دول الساحل تنسّق أمنها على الحدود",
    language="ar",
    source="صحيفة الحدود",
    date="2011-10-12",
    url="https://news.example/ar/sahel?part=1&lang=ar",
    author="مراسل الجزائر",
    origin="sahel.ar.md",
    questions=("متى أنشئت هيئة الأركان المشتركة؟", "كم صاروخا اختفى في ليبيا؟"),
    text=(
        "تواصل أربع دول في منطقة الساحل تنسيقها الأمني على الحدود مع تدفق السلاح من ليبيا. "
        "وعقد ممثلوها اجتماعا في العاصمة لتبادل المعلومات.\n\n"
        f"{MISSILE_SENTENCE} ولم تعرف وجهتها حتى الآن، فيما يرجّح خبراء أنها نقلت نحو الجنوب.\n\n"
        f"{STAFF_SENTENCE} والتنسيق المعلوماتي والعملياتي في مواجهة تهريب السلاح في المنطقة.\n\n"
        f"{VISIT_SENTENCE} "
        "ويرى متابعون أن الزيارة تمهّد لاتفاق حول مراقبة الحدود المشتركة، وأن نجاحها يرتبط بتوفير الموارد."
    ),
)
SAHEL_FR = Article(
    id="armes-libye",
    title="Les armes de Libye inquiètent le Sahel",
    language="fr",
    source="Le Courrier du désert",
    date="2011-10-15",
    url="https://news.example/fr/armes",
    origin="armes.fr.md",
    questions=("Combien de missiles ont disparu en Libye ?", "Qui a invité le président malien ?"),
    text=(
        "Les capitales du Sahel redoutent la circulation des armes sorties de Libye. "
        f"{MISSILE_SENTENCE_FR} Washington a envoyé des spécialistes pour en retrouver la trace.\n\n"
        f"{VISIT_SENTENCE_FR}"
    ),
)
SOLAR = Article(
    id="solar-station",
    title="Solar station opens south of the oasis",
    language="en",
    source="Desert Herald",
    date="2019-03-02",
    url="https://news.example/en/solar",
    origin="solar.en.md",
    questions=("Which countries formed the joint staff?", "How many missiles disappeared in Libya?"),
    text=(
        "A solar station of 60 megawatts opened on Saturday south of the oasis. Engineers said it will feed "
        "twenty thousand homes.\n\nThe ministry plans two more stations before the end of next year."
    ),
)
HOSTILE_STRINGS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "</textarea></mark></article><iframe srcdoc='<script>parent.alert(1)</script>'>",
    "[link](javascript:alert(1)) ![i](https://evil.example/x.png)",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "${alert(1)} {{constructor.constructor('alert(1)')()}} {{{value}}} @children",
    "&lt;img src=x onerror=alert(1)&gt; &#60;script&#62;",
    "<math><mtext></mtext><style><img src=x onerror=alert(1)></style></math>",
    "\u202e<b>evil\u2066\u0000\ufeff",
)
HOSTILE = Article(
    id="hostile\"'><img src=x onerror=alert(1)>",
    title=HOSTILE_STRINGS[0] + HOSTILE_STRINGS[1],
    language="<i>",
    source=HOSTILE_STRINGS[2] + HOSTILE_STRINGS[8],
    date='"><img src=x onerror=alert(1)>',
    url="javascript:alert(1)",
    author=HOSTILE_STRINGS[3],
    origin="<img src=x onerror=alert(1)>.md",
    questions=(HOSTILE_STRINGS[1],),
    text=" \n".join(HOSTILE_STRINGS),
)
ARTICLES = (SAHEL, SAHEL_FR, SOLAR, HOSTILE)
FAILING = "raise the error"
PLACES: Mapping[str, Mapping[str, str]] = {
    "en": {"الجزائر": "Algeria", "موريتانيا": "Mauritania", "مالي": "Mali", "النيجر": "Niger"},
    "fr": {"الجزائر": "Algérie", "موريتانيا": "Mauritanie", "مالي": "Mali", "النيجر": "Niger"},
}
REFUSALS = {
    "ar": "لا تجيب المقالات عن هذا السؤال.",
    "fr": "Aucun article ne répond à cette question.",
    "en": "No article answers this question.",
}


@dataclass(frozen=True)
class Recipe:
    """Which sentences answer a question that holds one of ``words``, or are only ``related`` to it."""

    words: tuple[str, ...]
    quotes: tuple[tuple[Article, str], ...]
    marked: tuple[str, ...]
    short: str = ""
    label: Label = ""
    lone: bool = False
    related: bool = False
    said: tuple[str, ...] = ()
    unsupported: str = ""
    met: tuple[tuple[str, str], ...] = ()


RECIPES = (
    Recipe(("hostile",), tuple((HOSTILE, text) for text in HOSTILE_STRINGS[:5]), ("alert",), short="alert(1)"),
    Recipe(
        ("countries", "joint staff", "الأركان", "أركان", "état-major", "pays"),
        ((SAHEL, STAFF_SENTENCE),),
        ("الجزائر", "موريتانيا", "مالي", "النيجر", "هيئة أركان مشتركة"),
        short="موريتانيا ومالي والنيجر",
        label="sure",
        met=(("joint", "مشتركة"), ("staff", "هيئة أركان"), ("countries", "دول"), ("الأركان", "أركان"), ("pays", "دول")),
    ),
    Recipe(
        ("missiles", "صاروخ"),
        ((SAHEL, MISSILE_SENTENCE), (SAHEL_FR, MISSILE_SENTENCE_FR)),
        ("ألف صاروخ", "missiles", "millier"),
        short="ألف صاروخ",
        label="likely",
        lone=True,
        met=(("missiles", "صاروخ"), ("missiles", "missiles"), ("Libya", "الليبية"), ("Libya", "libyens")),
    ),
    Recipe(
        ("visit", "زيارة"),
        ((SAHEL, VISIT_SENTENCE), (SAHEL_FR, VISIT_SENTENCE_FR)),
        ("الجزائر", "Alger", "الرئيس المالي", "président malien"),
        related=True,
    ),
    Recipe(
        ("table", "جدول"),
        ((SAHEL, STAFF_SENTENCE), (SAHEL_FR, MISSILE_SENTENCE_FR)),
        ("الجزائر", "النيجر", "missiles"),
        said=(
            "The **states** of the staff are:",
            "- **Algeria**, which began it",
            "- Mauritania, Mali and Niger",
            " What is told of each matter:",
            " | **What** | **Told**|",
            "|---|---|",
            "| missiles | a thousand are gone |",
            "| staff | was formed in May |",
        ),
        unsupported="Six of the missiles were found again in 2013.",
    ),
    Recipe(
        ("summary", "ملخص", "résumé"),
        ((SAHEL, STAFF_SENTENCE), (SAHEL_FR, MISSILE_SENTENCE_FR)),
        ("الجزائر", "النيجر", "missiles"),
        said=("Four states of the Sahel set up a joint staff; about a thousand missiles had left Libya's depots.",),
        unsupported="Six of the missiles were found again in 2013.",
    ),
)


@dataclass
class FakeAssistant:
    """The Assistant's interface over :data:`ARTICLES`. ``delay`` is seconds between streamed words."""

    delay: float = 0.0
    model_failures: int = 0
    model: str = ""
    max_question_chars: int = 2000
    asked: list[Question] = field(default_factory=list)
    encoder: Encoder = field(default_factory=HashEncoder)
    closed: int = 0

    def ask(self, question: Question | str) -> Answer:
        asked = Question.of(question)
        self._check(asked.text)
        self.asked.append(asked)
        language = asked.language or _language(asked.text)
        if wish_of(asked.text, language).kind in ("greeting", "help"):
            said = guide_text(language, self.suggestions(language))
            return replace(_refusal(asked.text, language, ()), answer=said, plain_answer=said, answerer=GUIDE)
        recipe = next((r for r in RECIPES if any(word in asked.text.lower() for word in r.words)), None)
        quotes = [] if recipe is None else [(a, q) for a, q in recipe.quotes if accepts(asked.filters, a)]
        if recipe is None or not quotes:
            return _refusal(asked.text, language, self.search(asked.text, filters=asked.filters, top_k=asked.top_k))
        citations = tuple(_citation(i, a, q, recipe, language) for i, (a, q) in enumerate(quotes, 1))
        if asked.translate and self.model:
            citations = tuple(replace(c, translation=self._translation(c.quote, language)) for c in citations)
        return _answer(asked.text, language, citations, recipe)

    def stream(self, question: Question | str) -> Generator[Event, None, None]:
        answer = self.ask(question)
        try:
            yield Started(answer.id, answer.question, answer.language)
            if answer.answerer.startswith("llm:"):
                yield Quoted(_quoted(answer))
            for citation in answer.citations:
                yield Cited(citation)
            for piece in re.findall(r"\S+\s*", answer.answer):
                time.sleep(self.delay)
                yield Delta(piece)
            yield Ended(answer)
        except GeneratorExit:
            self.closed += 1
            raise

    def search(
        self,
        query: str,
        *,
        filters: Filters = Filters(),
        top_k: int | None = None,
    ) -> tuple[Evidence, ...]:
        self._check(query)
        found = [a for a in (SAHEL, SAHEL_FR, SOLAR) if accepts(filters, a)][: top_k or 5]
        return tuple(_evidence(article, 0.42 - rank / 10) for rank, article in enumerate(found))

    def article(self, article_id: str) -> Article:
        for article in ARTICLES:
            if article.id == article_id:
                return article
        raise NotFoundError(f"There is no article {article_id!r}.", "`GET /api/v1/articles` lists those there are.")

    def translate(self, article_id: str, start: int, end: int, language: str) -> Translation:
        """A made-up one; where the part speaks of missiles its numbers are not borne out."""
        text = self.article(article_id).text
        if not 0 <= start < end <= len(text):
            raise QuestionError(f"The article has no part {start} to {end}.", "Ask for less.")
        if not self.model:
            raise SettingsError("No language model is configured.", "Set ISNAD_LLM_MODEL.")
        return self._translation(text[start:end], language)

    def _translation(self, text: str, language: str) -> Translation:
        said = f"<b>{language}</b>: " + " ".join(f"word{number}" for number in range(len(text.split())))
        return Translation(said, language, f"llm:{self.model}", verified="missiles" not in text)

    def articles(
        self,
        filters: Filters = Filters(),
        offset: int = 0,
        limit: int = 50,
        words: str = "",
        order: ListOrder = "newest",
    ) -> tuple[list[Article], int]:
        found = [a for a in ARTICLES if accepts(filters, a) and words in f"{a.title} {a.source}"]
        if order != "newest":
            found.sort(key=lambda a: a.title if order == "title" else a.date)
        return found[offset : offset + limit], len(found)

    def suggestions(self, language: str, limit: int = 4, of: Sequence[str] = (), but: Sequence[str] = ()) -> list[str]:
        articles = [a for a in (SAHEL, SAHEL_FR, SOLAR) if a.language == language and (not of or a.id in of)]
        return [q for a in articles for q in a.questions if q not in but][:limit]

    def status(self) -> Mapping[str, object]:
        return {
            "generation": 1,
            "articles": len(ARTICLES),
            "passages": 9,
            "encoder": "fake",
            "answerer": f"llm:{self.model}" if self.model else "extractive",
            "model_failures": self.model_failures,
            "languages": {"ar": 1, "en": 1, "fr": 1},
            "sources": {a.source: 1 for a in (SAHEL, SAHEL_FR, SOLAR)},
        }

    def refresh(self) -> bool:
        return False

    def encode(self, texts: Sequence[str], passage: bool) -> list[Float32]:
        return [np.full(4, 0.5, dtype=np.float32) for _ in texts]

    def _check(self, question: str) -> None:
        if not question.strip():
            raise QuestionError("The question is empty.", "Write a question.")
        if len(question) > self.max_question_chars:
            raise QuestionError(f"The question has {len(question)} characters.", "Shorten it.")
        if FAILING in question:
            raise EncoderError("The encoder <b>failed</b>.", "Run `python -m rag doctor`.")


def _language(text: str) -> str:
    if re.search(r"[\u0600-\u06ff]", text):
        return "ar"
    return "fr" if re.search(r"[éèêçà]|\b(qui|combien|quels?|pays|quelle)\b", text.lower()) else "en"


def _citation(number: int, article: Article, quote: str, recipe: Recipe, language: str) -> Citation:
    start = article.text.index(quote)
    end = start + len(quote)
    highlights, glosses = [], []
    for word in recipe.marked:
        if (at := article.text.find(word, start, end)) >= 0:
            highlights.append((at, at + len(word)))
            if gloss := PLACES.get(language, {}).get(word):
                glosses.append(Gloss(at, at + len(word), word, gloss))
    return Citation(
        number=number,
        article_id=article.id,
        title=article.title,
        source=article.source,
        date=article.date,
        url=article.url,
        language=article.language,
        quote=quote,
        start=start,
        end=end,
        score=round(0.93 - number / 10, 2),
        highlights=tuple(highlights),
        glosses=tuple(glosses),
        matches=tuple(
            WordMatch(word, at, at + len(there))
            for word, there in recipe.met
            if (at := article.text.find(there, start, end)) >= 0
        ),
    )


def _answer(question: str, language: str, citations: tuple[Citation, ...], recipe: Recipe) -> Answer:
    sentences = [AnswerSentence(c.quote, (c.number,)) for c in citations]
    if recipe.said:
        numbers = tuple(c.number for c in citations)
        sentences = [_written(line, numbers) for line in recipe.said]
        sentences.append(AnswerSentence(recipe.unsupported, (), unsupported=True))
    marked = joined(sentences)
    if recipe.related:
        marked = as_related(AnswerDraft(marked, tuple(sentences), citations), language).text
    return Answer(
        id="answer-1",
        question=question,
        language=language,
        status="related" if recipe.related else "answered",
        answer=marked,
        plain_answer=strip_markers(marked),
        short_answer=_short(citations[0], recipe, language),
        sentences=tuple(sentences),
        citations=citations,
        passages=tuple(_evidence(a, 0.5) for a in (SAHEL, SOLAR)),
        confidence=0.4 if recipe.related else 0.86,
        answerer="llm:fake-1b" if recipe.said else "extractive",
        warnings=("One sentence is not borne out by the articles.",) if recipe.said else (),
        timings_ms={"encode": 4.0, "search": 1.0, "rerank": 2.0, "answer": 3.0, "total": 10.0},
    )


def _written(line: str, numbers: tuple[int, ...]) -> AnswerSentence:
    """A line of Markdown; one that ends in a colon or is a table's rule or head cites nothing."""
    cites = not line.endswith(":") and "--" not in line and "**|" not in line
    return AnswerSentence(line.lstrip(), numbers if cites else (), lead="\n\n" if line[:1] == " " else "\n")


def _quoted(answer: Answer) -> Answer:
    """The same in the articles' own words."""
    sentences = tuple(AnswerSentence(cited.quote, (cited.number,)) for cited in answer.citations)
    said = " ".join(marked(sentence) for sentence in sentences)
    quoted = replace(answer, answer=said, plain_answer=strip_markers(said), sentences=sentences, warnings=())
    return replace(quoted, answerer="extractive")


def _short(citation: Citation, recipe: Recipe, language: str) -> ShortAnswer | None:
    text = recipe.short
    at = citation.quote.find(text) if text else -1
    if at < 0:
        return None
    start = citation.start + at
    gloss = ", ".join(g.gloss for g in citation.glosses if start <= g.start < start + len(text))
    note = lone_text(language) if recipe.lone else ""
    return ShortAnswer(text, citation.number, start, start + len(text), gloss, 0.8, recipe.label, 1, note)


def _refusal(question: str, language: str, nearest: tuple[Evidence, ...]) -> Answer:
    said = REFUSALS[language] if language in REFUSALS else REFUSALS["en"]
    return Answer(
        id="answer-0",
        question=question,
        language=language,
        status="not_found",
        answer=said,
        plain_answer=said,
        short_answer=None,
        sentences=(),
        citations=(),
        passages=nearest,
        confidence=0.12,
        answerer="extractive",
        timings_ms={"total": 8.0},
    )


def _evidence(article: Article, score: float) -> Evidence:
    end = article.text.find("\n\n")
    return Evidence(
        article_id=article.id,
        start=0,
        end=end,
        text=article.text[:end],
        score=score,
        title=article.title,
        source=article.source,
        date=article.date,
        url=article.url,
        language=article.language,
    )
