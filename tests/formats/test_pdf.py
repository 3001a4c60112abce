from __future__ import annotations

import pytest
from pypdf.errors import DependencyError

from rag.errors import ArticleError
from rag.formats.drafts import ArticleDraft
from rag.formats.pdf import paragraphs, read_pdf, without_running_heads
from rag.formats.pdf_pages import logical_order
from rag.text.cleaning import clean
from tests.zoo.pdfs import described_pdf, drawn_pdf, latin_page, locked_pdf, pdf

ARABIC = "بادرت الجزائر سنة 2011 (مع مالي) إلى إنشاء هيئة أركان مشتركة"
LINES = [
    "The four countries of the region met in the south",
    "of the country to speak of weapons that had left",
    "Libya.",
]


def read(data: bytes) -> ArticleDraft:
    (draft,) = read_pdf(data)
    assert isinstance(draft, ArticleDraft)
    return draft


def drawn(words: str) -> list[str]:
    """An Arabic line's glyphs as drawn, left to right; numbers and brackets as they look, lam-alef as one glyph."""
    glyphs: list[str] = []
    for word in reversed(words.split()):
        inner = word.strip("()")
        piece = list(inner) if inner.isdigit() else list(reversed(ligated(inner)))
        glyphs += [*(["("] if word.endswith(")") else []), *piece, *([")"] if word.startswith("(") else []), " "]
    return glyphs[:-1]


def ligated(word: str) -> list[str]:
    glyphs: list[str] = []
    for letter in word:
        if glyphs and glyphs[-1] == "ل" and letter in "اأإآ":
            glyphs[-1] += letter
        else:
            glyphs.append(letter)
    return glyphs


def test_a_latin_page_becomes_paragraphs() -> None:
    assert read(pdf([latin_page(LINES)])).text == " ".join(LINES)


def test_a_gap_before_a_comma_is_none() -> None:
    assert read(pdf([latin_page(["one , two ; three . Four .5 ."])])).text == "one, two ; three. Four .5."


def test_arabic_drawn_from_left_to_right_is_put_into_reading_order() -> None:
    assert read(drawn_pdf([drawn(ARABIC)])).text == ARABIC


def test_arabic_drawn_letter_by_letter_from_the_right_reads_the_same() -> None:
    assert read(drawn_pdf([drawn(ARABIC)] * 2, backwards=True)).text == f"{ARABIC} {ARABIC}"


@pytest.mark.parametrize("words", ["الأمن في الإقليم لا يتجزأ", "الولايات الأولى", "دوال وأموال", "لا إله إلا الله"])
def test_ligatures_are_turned_round_as_one(words: str) -> None:
    assert read(drawn_pdf([drawn(words)])).text == words


def test_a_glyph_of_the_name_of_god_keeps_its_letters_in_order() -> None:
    assert read(drawn_pdf([["الله", " ", "م", "س", "ب"]])).text == "بسم الله"


def test_presentation_forms_become_letters() -> None:
    shaped = "ﺍﻟﺠﺰﺍﺋﺮ ﻭﻣﺎﻟﻲ"
    assert clean(read(drawn_pdf([list(reversed(shaped))])).text).text == "الجزائر ومالي"


def test_columns_follow_one_another_from_the_right() -> None:
    right = [
        "بادرت الجزائر إلى إنشاء",
        "هيئة أركان مشتركة مع",
        "مالي والنيجر في مدينة",
        "تمنراست جنوب البلاد و",
        "حضر القادة العسكريون",
    ]
    left = [
        "وناقش المجتمعون خطر",
        "السلاح القادم من ليبيا",
        "بعد سقوط النظام هناك",
        "وتعهدوا بتبادل كل ما",
        "يعرفون عن المهربين",
    ]
    lines = [
        [*drawn(one), *" " * (40 - len(drawn(one))), *drawn(other)] for one, other in zip(left, right, strict=True)
    ]
    assert read(drawn_pdf(lines)).text.split() == " ".join(right + left).split()


def test_an_alef_without_a_width_stands_to_the_left_of_its_lam() -> None:
    glyphs = {3: "ا", 4: "ل", 5: "أ", 6: "ر", 7: "ض"}
    content = b"BT /F2 12 Tf 1 0 0 1 72 720 Tm [-1500<0003>1000<0004>500<0005>500<0006>1000<0007>] TJ ET"
    widths = b"/DW 500/W[5[0]]"
    assert read(pdf([content], glyphs).replace(b"/DW 500", widths)).text == "الأرض"


def test_vowel_signs_on_a_line_of_their_own_are_left_out() -> None:
    signs = ["\u064e", " ", "\u0651", " ", " ", "\u064b"]
    assert read(drawn_pdf([signs, drawn("بادرت الجزائر"), drawn("أيضًا")])).text == "بادرت الجزائر أيضًا"


def test_glyphs_without_letters_are_no_text() -> None:
    with pytest.raises(ArticleError, match="do not tell which letters") as caught:
        read(drawn_pdf([["\ufffd"] * 20 + ["ل", "ا"]]))
    assert "ocrmypdf --force-ocr" in caught.value.hint


def test_an_arabic_word_does_not_change_how_an_english_page_is_read() -> None:
    content = latin_page(LINES) + b" BT /F2 12 Tf 1 0 0 1 72 600 Tm <00030004> Tj ET"
    assert read(pdf([content], {3: "ب", 4: "أ"})).text == f"{' '.join(LINES)}\n\nأب"


def test_title_author_and_language_are_those_declared() -> None:
    data = described_pdf(pdf([latin_page(LINES)], extra="/Lang(en-GB)"), {"/Title": "A title", "/Author": "A. Writer"})
    draft = read(data)
    assert (draft.title, draft.author, draft.language) == ("A title", "A. Writer", "en-GB")
    assert draft.date == ""  # when a file was made is not when its story was published


@pytest.mark.parametrize("name", ["untitled", "(anonymous)", "Untitled", "Document1", "Microsoft Word - draft 3.docx"])
def test_what_a_program_writes_unasked_is_no_title(name: str) -> None:
    draft = read(described_pdf(pdf([latin_page(LINES)]), {"/Title": name, "/Author": "anonymous"}))
    assert (draft.title, draft.author) == ("", "")


def test_a_title_may_begin_as_such_a_name_does() -> None:
    assert read(described_pdf(pdf([latin_page(LINES)]), {"/Title": "Untitled deeds"})).title == "Untitled deeds"


def test_an_empty_password_opens_what_a_reader_would_open() -> None:
    assert read(locked_pdf(pdf([latin_page(LINES)]), "", "RC4-128")).text == " ".join(LINES)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (locked_pdf(pdf([latin_page(LINES)]), "secret", "RC4-128"), "password"),
        (pdf([b"0 0 100 100 re f"]), "no text layer"),
        (pdf([]), "no text layer"),
        (pdf([latin_page(LINES)])[:200], "not a readable PDF"),
        (b"%PDF-1.7\nnonsense", "not a readable PDF"),
        (b"<html><p>Not a PDF</p></html>", "not a readable PDF"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError, match=says) as refused:
        read(data)
    assert refused.value.hint


def test_a_strong_lock_is_told_too() -> None:
    pytest.importorskip("cryptography", reason="AES needs it, to lock as to unlock")
    with pytest.raises(ArticleError, match="password"):
        read(locked_pdf(pdf([latin_page(LINES)]), "secret", "AES-256"))


def test_an_encryption_that_cannot_be_undone_here_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(*_: object) -> None:
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    monkeypatch.setattr("pypdf.PdfReader.decrypt", lacking)
    with pytest.raises(ArticleError, match="encrypted"):
        read(locked_pdf(pdf([latin_page(LINES)]), "", "RC4-128"))


def test_a_damaged_page_does_not_lose_the_others() -> None:
    whole = pdf([latin_page(LINES), latin_page(["Second page."])])
    page = whole.index(b"/Contents 11 0 R")
    damaged = whole[:page] + b"/Contents/Bad 0 R"[: len(b"/Contents 11 0 R")] + whole[page + 16 :]
    assert read(damaged).text == " ".join(LINES)


def test_running_heads_and_page_numbers_go() -> None:
    pages = [f"The Daily News\nPage {n}\nStory {word} goes on\nto {word}\n- {n} -" for n, word in enumerate("abcd", 1)]
    assert [page.split("\n") for page in without_running_heads(pages)] == [
        [f"Story {word} goes on", f"to {word}"] for word in "abcd"
    ]


@pytest.mark.parametrize(
    ("pages", "kept"),
    [
        (["In 2019: 98 dead\nIn 2020: 97 dead\n2021\n12000"], None),  # one page outvotes nobody, least of all itself
        (
            [f"Report {2018 + n}\nfirst {word}\nmore {word}\nlast {word}" for n, word in enumerate("abcd")],
            None,
        ),  # years
        ([f"Total {n * n}\nfirst {word}\nmore {word}\nlast {word}" for n, word in enumerate("abcd", 3)], None),
        (["text\n1500\n1", "text\n900\n2"], ["text\n1500", "text\n900"]),  # a number is its page's where it counts up
        ([f"Le Temps, 12/03/2024 – {n + 7}/30\n{word}" for n, word in enumerate("abc")], ["a", "b", "c"]),
        ([f"جريدة {n}\n{word}" for n, word in zip("٤٥٦", "abc", strict=True)], ["a", "b", "c"]),
    ],
)
def test_a_line_that_differs_by_a_number_is_a_head_only_where_it_is_the_pages(
    pages: list[str], kept: list[str] | None
) -> None:
    assert without_running_heads(pages) == (kept or pages)


def test_a_page_that_is_in_no_language_is_left_out_and_told() -> None:
    nonsense = latin_page(["QPRUWV BCDFGHJKLM XZWRTP SDFGHJK LMNBVCXZ"] * 3)
    draft = read(pdf([latin_page(LINES), nonsense]))
    assert draft.text == " ".join(LINES)
    (warning,) = draft.warnings
    assert warning.startswith("1 of 2 pages have fonts that do not tell their letters.")
    with pytest.raises(ArticleError, match="fonts do not tell which letters"):
        read(pdf([nonsense]))


def test_lines_that_only_a_few_pages_share_stay() -> None:
    pages = ["A refrain\nfirst", "A refrain\nsecond", "third", "fourth", "fifth"]
    assert without_running_heads(pages) == pages


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("", ""),
        ("one line", "one line"),
        (
            "a full line of words here\nthat goes on to the end.\nshort",
            "a full line of words here that goes on to the end. short",
        ),
        (
            "a full line of words here\nends.\nA new paragraph of words",
            "a full line of words here ends.\n\nA new paragraph of words",
        ),
        ("a word that is divi-\nded at the end of it", "a word that is divided at the end of it"),
        ("a wide heading of page\n\nand then its own story", "a wide heading of page\n\nand then its own story"),
        (
            "double spaced lines a\n\ndouble spaced lines b\n\ndouble spaced lines c",
            "double spaced lines a double spaced lines b double spaced lines c",
        ),
    ],
)
def test_lines_become_paragraphs(page: str, expected: str) -> None:
    assert paragraphs(page) == expected


PEACE, IN, PLANE = "السلام"[::-1], "في"[::-1], "طائرة"[::-1]
ARABIC_PAGE = "أنشأت هيئة الأركان المشتركة في الجزائر بعد اجتماع القادة"[::-1]


@pytest.mark.parametrize(
    ("drawn_line", "read_line"),
    [
        ("plain English", "plain English"),
        (PEACE, "السلام"),
        (f"2011 {PEACE}", "السلام 2011"),
        (f"12.5 {PEACE}", "السلام 12.5"),
        (f"%12.5 {PEACE}", "السلام 12.5%"),
        (f"{PEACE} 12.5%", "12.5% السلام"),  # where a line begins with the number
        (f"12-10-2011 {PEACE}", "السلام 2011-10-12"),  # as UAX 9 draws a date after Arabic
        (f"٢٠١١ {PEACE}", "السلام ٢٠١١"),
        (f"({PEACE}) {IN}", "في (السلام)"),
        (f"«{PEACE}»", "«السلام»"),
        (f"European Union {IN}", "في European Union"),
        (f"Boeing 737 {PLANE}", "طائرة Boeing 737"),
        (f".European Union (EU) {IN}", "في European Union (EU)."),
    ],
)
def test_lines_of_an_arabic_page_are_turned_round(drawn_line: str, read_line: str) -> None:
    assert logical_order(f"{ARABIC_PAGE}\n{drawn_line}").split("\n")[1] == read_line


@pytest.mark.parametrize(
    ("drawn_line", "read_line"),
    [
        ("no Arabic at all (none)", "no Arabic at all (none)"),
        (f"The word {PEACE} means peace", "The word السلام means peace"),
        (f"It says {PEACE} {IN} and more", "It says في السلام and more"),
    ],
)
def test_arabic_in_an_english_line_is_turned_round_in_its_place(drawn_line: str, read_line: str) -> None:
    assert logical_order(drawn_line) == read_line


SAID = ["اجتمع رؤساء الأركان في العاصمة يوم الاثنين", "وبحثوا أمن الحدود مع الجزائر (ومالي) ومع النيجر"]
QUOTED = ["قال الوزير إن «الأمن في منطقة", "الساحل» مسؤولية الجميع (ولا سيما", "الجزائر) بعد اجتماع الاثنين"]


@pytest.mark.parametrize(
    "drawn",
    [
        [line[::-1].translate(str.maketrans("()", ")(")) for line in SAID],  # brackets by how they are drawn
        [line[::-1] for line in SAID],  # brackets by what they mean
        SAID,  # by a program that knows nothing of Arabic: letters from the left
    ],
)
def test_arabic_comes_out_in_order_however_it_was_drawn(drawn: list[str]) -> None:
    (draft,) = read_pdf(drawn_pdf([list(line) for line in drawn]))
    assert isinstance(draft, ArticleDraft)
    assert draft.text.split() == " ".join(SAID).split()


@pytest.mark.parametrize("by_look", [True, False])
def test_brackets_and_quotes_may_end_on_the_next_line(by_look: bool) -> None:
    turned = str.maketrans("()«»", ")(»«") if by_look else {}
    assert (
        read(drawn_pdf([list(line[::-1].translate(turned)) for line in QUOTED])).text.split()
        == " ".join(QUOTED).split()
    )
