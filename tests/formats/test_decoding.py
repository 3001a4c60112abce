from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.formats.decoding import decode, mend_mojibake

ARABIC = "بادرت الجزائر إلى إنشاء هيئة أركان مشتركة مع مالي والنيجر وموريتانيا."
FRENCH = "L’armée a été déployée à la frontière, où l’état-major décide."
TURKISH = "İstanbul'da güneşli bir gün. Şehirde ışıklar yandı ve çocuklar sığınağa koştu. "
RUSSIAN = "Военные действия начались вчера утром"


@pytest.mark.parametrize(
    ("text", "written_as", "read_as", "guessed"),
    [
        (ARABIC, "utf-8", "utf-8", False),
        (ARABIC, "utf-8-sig", "utf-8-sig", False),
        (ARABIC, "utf-16", "utf-16", False),
        (ARABIC, "utf-32", "utf-32", False),
        (ARABIC, "utf-16-le", "utf-16-le", True),
        (ARABIC, "utf-16-be", "utf-16-be", True),
        (FRENCH, "utf-16-le", "utf-16-le", True),
        (ARABIC, "windows-1256", "windows-1256", True),
        (ARABIC[:12], "windows-1256", "windows-1256", True),
        ("Le président " + ARABIC, "windows-1256", "windows-1256", True),
        (FRENCH, "windows-1252", "windows-1252", True),
        ("DÉCÈS", "windows-1252", "windows-1252", True),
        ("ÉVÉNEMENTS À VENIR", "windows-1252", "windows-1252", True),
        ("¿Cuántos años?", "windows-1252", "windows-1252", True),
        ("Größe, Übung, Straße", "windows-1252", "windows-1252", True),
        ("Það var sagt að ríkisstjórnin hefði ákveðið að hækka skatta", "windows-1252", "windows-1252", True),
        (TURKISH, "windows-1254", "windows-1254", True),
        ("Göç için işbirliği", "windows-1254", "windows-1254", True),
    ],
)
def test_encodings_told_apart(text: str, written_as: str, read_as: str, guessed: bool) -> None:
    decoded = decode(text.encode(written_as))
    assert decoded.text == text
    assert decoded.encoding == read_as
    assert bool(decoded.warnings) is guessed


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (RUSSIAN.encode("cp1251"), "encoding"),
        (RUSSIAN.encode("koi8-r"), "encoding"),
        ("κυβέρνηση της χώρας".encode("cp1253"), "encoding"),
        (ARABIC.encode("iso8859-6"), "encoding"),
        (bytes(range(128, 256)), "encoding"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x7fELF\x02", "program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"text\0text", "NUL"),
        (b"\0" * 100, "NUL"),
        (bytes(range(256)), "NUL"),
        (codecs.BOM_UTF16_LE + b"abc", "cut off"),
        (codecs.BOM_UTF8 + b"\xff\xff", "cut off"),
        (codecs.BOM_UTF16_LE + "a\0b".encode("utf-16-le"), "NUL"),
    ],
)
def test_what_is_not_text_known_here_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError, match=says) as refused:
        decode(data)
    assert refused.value.hint


def test_a_declared_encoding_is_believed_where_utf_8_fails() -> None:
    assert decode(RUSSIAN.encode("cp1251"), declared="windows-1251").text == RUSSIAN


@pytest.mark.parametrize("declared", ["windows-1251", "ascii", "hex", "no-such-encoding", "utf-7", "\0"])
def test_a_wrong_declaration_does_no_harm_to_utf_8(declared: str) -> None:
    assert decode(ARABIC.encode(), declared=declared).text == ARABIC


@pytest.mark.parametrize("declared", ["hex", "rot13", "no-such-encoding", "undefined", "idna"])
def test_a_declaration_that_is_no_text_encoding_is_passed_over(declared: str) -> None:
    assert decode(FRENCH.encode("windows-1252"), declared=declared).text == FRENCH


def test_a_few_damaged_bytes_do_not_condemn_the_file() -> None:
    data = bytearray((ARABIC * 3).encode())
    data[40] = 0xFF
    decoded = decode(bytes(data))
    assert decoded.text.count("\ufffd") == 2  # the byte and the half character beside it
    assert decoded.encoding == "utf-8"
    assert decoded.warnings == ("2 damaged characters could not be read",)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (ARABIC, "latin-1"),
        (ARABIC, "cp1256"),
        (FRENCH, "latin-1"),
        (FRENCH, "cp1252"),
        (FRENCH, "cp1256"),
        ("été", "cp1252"),
        ("l’armée\nplain\ndéjà", "cp1252"),
        ("«Größe»", "latin-1"),
    ],
)
def test_mojibake_is_put_right(text: str, wrong: str) -> None:
    mojibake = text.encode().decode(wrong)
    assert mend_mojibake(mojibake) == text


@pytest.mark.parametrize("text", [ARABIC, FRENCH, RUSSIAN, "LIBERTÉ»", "São Paulo, Ã", "Â© 2011 l’Â»", "日本語", ""])
def test_sound_text_is_left_alone(text: str) -> None:
    assert mend_mojibake(text) == text


@given(st.text())
def test_what_was_written_as_utf_8_is_never_refused(text: str) -> None:
    if "\0" not in text and text[:1] not in "%PGRIOBMS\u01b5{7(\x7f\x1f\ufeff":
        assert decode(text.encode()).encoding == "utf-8"


@given(st.binary())
def test_any_bytes_are_text_or_an_article_error(data: bytes) -> None:
    try:
        text = decode(data).text
    except ArticleError:
        return
    assert "\0" not in text


ARABIC_NEWS = "اجتمع رؤساء أركان الجيوش في العاصمة يوم الاثنين وبحثوا أمن الحدود مع الجزائر. "


@pytest.mark.parametrize(
    ("text", "written", "declared"),
    [
        (TURKISH, "cp1254", "windows-1254"),
        (TURKISH, "cp1254", "ISO-8859-9"),
        (TURKISH, "iso-8859-9", "latin5"),
        ("“Déjà” – l’été", "cp1252", "ISO-8859-1"),  # marks that Latin-1 has not
        ("Un été à l’œil", "cp1252", "us-ascii"),
        ("Привет, мир", "koi8-r", "koi8-r"),
        (ARABIC_NEWS, "iso-8859-6", "iso-8859-6"),
        (ARABIC_NEWS, "cp1256", "windows-1256"),
    ],
)
def test_the_declared_encoding_is_believed(text: str, written: str, declared: str) -> None:
    decoded = decode(text.encode(written), declared)
    assert (decoded.text, decoded.warnings) == (text, ())


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "US-ASCII", "latin1"])
def test_arabic_that_calls_itself_western_is_read_as_arabic(declared: str) -> None:
    decoded = decode(ARABIC_NEWS.encode("cp1256"), declared)
    assert decoded.text == ARABIC_NEWS
    assert decoded.warnings == ("read as windows-1256, which is a guess",)


def test_what_windows_1252_lacks_is_still_latin_1() -> None:
    assert decode(b"caf\xe9 \x81", "iso-8859-1").text == "café \x81"
