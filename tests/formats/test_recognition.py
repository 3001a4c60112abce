"""Scans: pages without letters are recognised where tesseract is, marked, and told of; else how to get it is said."""

from __future__ import annotations

import io
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from rag.errors import ArticleError, CorpusError
from rag.formats import recognition, sandbox
from rag.formats.drafts import ArticleDraft
from rag.formats.pdf import read_pdf
from rag.formats.recognition import GET_IT, Recogniser, Recognition, set_current
from rag.formats.sandbox import Sandbox
from tests.zoo.pdfs import latin_page, pdf

WORDS = "The dam on the upper river was opened on Monday."
TEXT_PAGE, EMPTY_PAGE = latin_page(["A page with letters on it."]), b""
MIXED = pdf([TEXT_PAGE, EMPTY_PAGE, TEXT_PAGE])


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stands in for tesseract: it reads the same from every picture, and says what it was given."""
    path = tmp_path_factory.mktemp("bin") / "tesseract"
    path.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = --list-langs ]; then echo "List of languages (2):"; echo eng; echo osd; exit; fi\n'
        'head -c 2 | grep -q P5 || exit 1\ncat > /dev/null\nprintf "Read with $4, $TESSDATA_PREFIX.\\n\\f"\n'
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def how(program: Path) -> Iterator[Recognition]:
    """A program for this very process, whose readers recognise nothing otherwise."""
    how = Recognition("auto", str(program), "eng", "here")
    set_current(how)
    yield how
    set_current(Recognition("never"))


def read(data: bytes) -> ArticleDraft:
    (draft,) = read_pdf(data)
    assert isinstance(draft, ArticleDraft)
    return draft


def test_a_page_without_text_is_recognised_and_marked(how: Recognition) -> None:
    draft = read(MIXED)
    assert draft.text.split("\n\n") == [
        "A page with letters on it.",
        "[OCR p. 2]",
        "Read with eng, here.",
        "[p. 3]",
        "A page with letters on it.",
    ]
    assert draft.warnings == ("1 of 3 pages were recognised (OCR): their text may have errors",)


def test_all_pages_are_recognised_where_that_is_wished(how: Recognition, program: Path) -> None:
    set_current(Recognition("always", str(program), "eng"))
    assert [line for line in read(MIXED).text.split("\n\n") if line.startswith("[")] == [
        "[OCR p. 1]",
        "[OCR p. 2]",
        "[OCR p. 3]",
    ]


def test_a_file_with_letters_needs_no_recognition(how: Recognition) -> None:
    draft = read(pdf([TEXT_PAGE]))
    assert (draft.text, draft.warnings) == ("A page with letters on it.", ())


def test_without_tesseract_it_is_said_how_to_get_it() -> None:
    with pytest.raises(ArticleError) as told:
        read(pdf([EMPTY_PAGE]))
    assert "--ocr auto" in told.value.hint
    (warning,) = read(MIXED).warnings
    assert warning.startswith("1 of 3 pages have no text, and may be scans. ")


def test_the_hint_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert Recogniser(b"", Recognition.found("auto")).hint == GET_IT
    assert "tesseract-ocr-ara" in GET_IT
    with pytest.raises(CorpusError, match="not installed"):
        sandbox.recognise("always")


def test_the_languages_are_those_it_has(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: str(program))
    monkeypatch.setenv("TESSDATA_PREFIX", "/data")
    found = Recognition.found("auto")
    assert found == Recognition("auto", str(program), "eng", "/data")
    assert (found.key, Recognition.found("always").key, Recognition.found("never").key) == (
        "auto eng",
        "always eng",
        "",
    )


@pytest.mark.parametrize("script", ["sleep 5", "exit 3", "kill -9 $$"])
def test_a_page_that_cannot_be_recognised_costs_a_bounded_time(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "slow"
    path.write_text(f"#!/bin/sh\nexec {script}\n" if script.startswith("sleep") else f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    monkeypatch.setattr(recognition, "_PAGE_S", 0.3)
    recogniser = Recogniser(MIXED, Recognition("auto", str(path), "eng"))
    assert (recogniser.text(1), recogniser.left) == ("", 1)


def test_a_file_has_its_time_and_the_rest_is_told(program: Path) -> None:
    recogniser = Recogniser(MIXED, Recognition("auto", str(program), "eng"), seconds=0)
    assert (recogniser.text(1), recogniser.left) == ("", 1)


def test_a_page_too_large_to_draw_is_told(how: Recognition) -> None:
    huge = pdf([EMPTY_PAGE]).replace(b"/MediaBox[0 0 612 792]", b"/MediaBox[0 0 99999 9999]")
    with pytest.raises(ArticleError, match="no text layer"):
        read(huge)


def test_the_sandbox_starts_tesseract_for_pdfs_and_nothing_else(program: Path) -> None:
    with Sandbox(recognition=Recognition("auto", str(program), "eng")) as child:
        (draft,) = child.parse("pdf", MIXED)
        assert isinstance(draft, ArticleDraft)
        assert "[OCR p. 2]\n\nRead with eng, ." in draft.text


def test_no_other_program_is_started(how: Recognition) -> None:
    sandbox._deny("subprocess.Popen", (how.program, [how.program], None, None))
    for event, program in (("subprocess.Popen", "/bin/true"), ("os.system", how.program), ("socket.connect", "")):
        with pytest.raises(PermissionError):
            sandbox._deny(event, (program,))


@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
def test_tesseract_reads_a_scan() -> None:
    buffer = io.BytesIO()
    document = pypdfium2.PdfDocument(pdf([latin_page([WORDS])]))
    document[0].render(scale=2).to_pil().save(buffer, "PDF")
    how = Recognition.found()
    if "eng" not in how.languages:
        pytest.skip("tesseract has no English")
    set_current(how)
    try:
        assert WORDS in read(buffer.getvalue()).text
    finally:
        set_current(Recognition("never"))
