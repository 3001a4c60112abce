"""What ends a sentence and what does not, as tables; ``|`` marks the expected boundaries."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.sentences import split_paragraphs, split_sentences

ENDS = [
    # Arabic
    "خطر القاعدة. | وكشفت مصادر مطلعة.",
    "خطر القاعدة.| وكشفت مصادر مطلعة.",
    "من زار الجزائر؟ | زارها الرئيس! | ثم عاد.",
    "قال الوزير: «لن نتراجع.» | وأضاف أن القوات باقية.",
    "قال الوزير: «لن نتراجع».| وأضاف أن القوات باقية.",
    "انتهى الاجتماع عام 2011م. | وعاد الوفد.",
    "وُلد عام 1432 هـ. | وتوفي بعدها.",
    "في عام 2011.| وقال الخبراء ذلك.",
    "یہ پہلا جملہ ہے۔ | یہ دوسرا ہے۔",
    "انضم إلى NATO.| وقال إن ذلك كاف.",
    "أول عربي حائز على جائزة نوبل في الأدب .| كتب نجيب محفوظ.",
    "أبطال الدوري للأندية.| و تضم الأندية الأبطال.",
    "بلغت سرعته ٢٠ في سُتّ.| تم حساب الضرر.",
    "تستعمل المحطات الغازية.[بحاجة لمصدر] | ثم انتشرت.",
    # Latin
    "The army left. | It came back.",
    "The army left.| It came back.",
    'He said "No." | Then he left.',
    "Il a dit : « Oui. » | Puis il est parti.",
    "Il a dit : « Non » ! | Puis il est parti.",
    "Qui ? | Quand ? | Où ?",
    "Was it 3.5? | No, it was 4.",
    "It cost 5 m. | He paid.",
    "He lives in the U.S. | The army left.",
    "They make steel, coal etc. | Paris buys it.",
    "It was 2010. | Fifteen people came.",
    "See the list.[12] | Then go.",
    "He left (in May.) | She stayed.",
    "Er kam 1999. | Danach ging er.",
    "Wait… | What?",
    "He paused... | Then he spoke.",
    "An idea widely held. ... | The reason is this.",
    "Seen across the U.S.). | Several series followed.",
    "Le RER E. | C'est un défaut majeur.",
    "Sur le front Est. | Le gouvernement tomba.",
    "Il vit aux États-Unis (Maine).| Il y travaille.",
    "Il finira le 9 août 2021.| Puis il partira.",
    "Er nahm die Interstate 9. | Sie ist lang.",
    "¿Cuándo? | ¡Ahora! | Mañana.",
    "Он приехал в 2010 г. | Потом уехал.",
    # other scripts
    "他来了。|他走了！|真的吗？|是。",
    "彼は「行く。」と言った。|そして行った。",
    "यह पहला है। | यह दूसरा है।",
    # lines
    "A title without a stop\n| The first sentence. | The second.",
    "عنوان الخبر\n| أعلنت الحكومة ذلك.",
    "One paragraph\n\n| another one",
    "one line\r\n| Two lines\r\n| Three lines",
    "- first\n| - second\n| - third",
    "1. The first point\n| 2. The second point",
]

HOLDS = [
    # Arabic
    "قال د. محمد علي إن الأمر انتهى.",
    "قال أ.د. محمد علي إن الأمر انتهى.",
    "قال د.محمد علي إن الأمر انتهى.",
    "ارتفع بنسبة 3.5 في المئة و٣٫٥ نقطة.",
    "وقع في 12.10.2011 عند الساعة 10.30 صباحا.",
    "زوروا موقع www.example.org/path.html للمزيد.",
    "قال ... ثم سكت.",
    "القمح والسكر و... كلها غالية.",
    "قال جورج آر. آر. مارتن ذلك في جي.بي. مورغان.",
    "انطلق في عام 334 ق.م في حملة.",
    "ذكرت القاعدة، وهي تنظيم، أن الأمر انتهى، وأن الجيش عاد، وأنه باق.",
    "في عام 300 ق.م كانت المدينة.",
    # Latin
    "Mr. Smith met Dr. Jones and Gen. Carter Ham.",
    "M. Alain Juppé a reçu Mme. Clinton et le Col. Kadhafi.",
    "J. K. Rowling met George W. Bush.",
    "The U.S. Army left.",
    "The U.S. said so.",
    "Some tools, e.g. hammers, i.e. Heavy ones.",
    "It is at 10 a.m. Monday.",
    "See example.org, foo.bar and https://a.example/x.y?Q=1.Z now.",
    "Write to A.Smith@example.org today.",
    "Version 1.2.3 costs 3.50 euros.",
    "He works at Acme Inc. Monday to Friday.",
    "See No. 5, p. 12, art. 3 and vol. 2.",
    "On Oct. 12 he came.",
    'The "Who?" and the "Yahoo!" of it.',
    "He said (wrongly!) that it was over [...] and left.",
    "Well... maybe not.",
    "That (see below.) is it.",
    "E. I. du Pont and E. A. Poe met.",
    "Carolan et al. (2006) use three.",
    "Vers 814 av. J.-C. il arriva.",
    "Voir p. ex. la page suivante.",
    "I use .NET and Node.js daily.",
    "Das war am 3. Oktober 1990.",
    "A. First of all.",
    "Он жил на ул. Ленина.",
    # lines
    "The ministers of the four countries met on Monday in Algiers,\nand they agreed to share what they know.",
    "La décision a été prise lundi par les quatre ministres,\nParis n'ayant pas été consulté.",
]


@pytest.mark.parametrize("marked", ENDS)
def test_ends(marked: str) -> None:
    text = marked.replace("| ", "").replace("|", "")
    expected = [part.strip() for part in marked.split("|")]
    language = "de" if marked.startswith("Er ") else "und"
    assert [span.of(text) for span in split_sentences(text, language)] == expected


@pytest.mark.parametrize("text", HOLDS)
def test_holds(text: str) -> None:
    language = "de" if text.startswith("Das ") else "und"
    assert [span.of(text) for span in split_sentences(text, language)] == [text]


def test_a_long_sentence_parts_at_its_semicolons_and_a_short_one_does_not() -> None:
    clause = "كلمة " * 20 + "أخيرة"
    long = f"{clause}؛ {clause}؛ ثم انتهى؛ {clause}."
    short = "قال هذا؛ ثم قال ذاك."
    assert [span.of(long) for span in split_sentences(long)] == [f"{clause}؛", f"{clause}؛", f"ثم انتهى؛ {clause}."]
    assert [span.of(short) for span in split_sentences(short)] == [short]


def test_a_long_sentence_without_semicolons_stays_whole() -> None:
    text = "وأكد المراقبون أن الأمر، " * 40 + "انتهى."
    assert [span.of(text) for span in split_sentences(text)] == [text]


def test_a_wrapped_paragraph_is_one_and_its_title_stands_apart() -> None:
    wrapped = (
        "أعلنت الحكومة أمس أنها سترسل وفدا إلى الدول الأربع\n"
        "لبحث سبل التعاون في مواجهة تهريب السلاح بعد انهيار\n"
        "النظام السابق وما تلاه من فوضى في المنطقة كلها، وقالت\n"
        "إن الوفد سيعود قريبا."
    )
    text = f"وفد إلى الدول الأربع\n\n{wrapped}"
    assert [span.of(text) for span in split_paragraphs(text)] == ["وفد إلى الدول الأربع", wrapped]
    assert [span.of(text) for span in split_sentences(text)] == ["وفد إلى الدول الأربع", wrapped]


def test_one_sentence_a_line_stays_one_sentence_a_line() -> None:
    lines = ["أعرب الأعضاء عن قلقهم", "هناك استياء بين بعض أعضاء الجمعية من الاقتراح الجديد كله", "وقد نشأ ذلك أمس"]
    text = "\r\n".join(lines)
    assert [span.of(text) for span in split_paragraphs(text)] == lines


def test_the_seed_has_one_sentence_for_each_of_its_stops(seed_path: Path) -> None:
    seed_text = seed_path.read_text(encoding="utf-8")
    sentences = [span.of(seed_text) for span in split_sentences(seed_text, "ar")]
    assert len(sentences) == 9
    assert sentences[4].startswith("وكانت الجزائر قد بادرت")
    assert sentences[4].endswith("وتهريب السلاح في المنطقة.")


anything = st.text(
    st.one_of(
        st.sampled_from(list(" \n\r\t.!?؟؛;،,:()[]«»\"'”’…-1٢aBéأبم。你\u0301\u064e\u200f\u202e\x00\ud800\u2028😀")),
        st.characters(),
    ),
    max_size=300,
)


@given(anything, st.sampled_from(["und", "ar", "en", "de"]))
def test_spans_are_ordered_trimmed_apart_and_hold_everything_but_white_space(text: str, language: str) -> None:
    spans = split_sentences(text, language)
    covered = "".join(span.of(text) for span in spans)
    assert "".join(covered.split()) == "".join(text.split())
    for span in spans:
        assert span.of(text) == span.of(text).strip() != ""
    for before, after in pairwise(spans):
        assert before.end <= after.start


@pytest.mark.timeout(60)  # quadratic work would take many minutes
@pytest.mark.parametrize("piece", ["a. ", "a", ".", "؛ ", "\n", "a\n", "(", "[", ". [", "قال.", '" ', "1. ", "؟»"])
def test_time_grows_with_the_text_only(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    assert split_sentences(text) or not text.strip()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("المدينة | المسافرون\nصفاقس | 12.000 مسافر. تقديرا\nسوسة | 9000", 3),
        ("City | Mayor\nSfax | Dr. A. Ben Salah. Elected in 2018.\n\nThe mayors met. They agreed.", 4),
        ("Breaking | The level rose. Three gates were opened.", 2),  # one line alone is no table
        ("A name of forty characters or more, in a row, | 12\nof a table | 13", 2),
    ],
)
def test_a_row_of_a_table_is_one_unit(text: str, sentences: int) -> None:
    assert len(split_sentences(text)) == sentences
