"""Arabic PDFs whose text is known: the sample articles printed by Chromium, read back by three extractors."""

from __future__ import annotations

import html
import io
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from rag.formats.pdf import read_pdf
from rag.formats.plain import split_front_matter

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
LAYOUTS = {"one column": "", "justified": "text-align: justify", "two columns": "columns: 2; column-gap: 24px"}
PAGE = '<html lang="ar" dir="rtl"><body style="font: 16px Noto Naskh Arabic; {style}">{paragraphs}'

Extract = Callable[[bytes], str]


def pdf_rows() -> Iterator[Sequence[object]]:
    """For each layout, the share of words that each extractor gives in the order they were written in."""
    texts = list(arabic_texts())
    for layout, style in LAYOUTS.items():
        printed = list(print_pages(texts, style))
        yield layout, *(in_order(texts, map(extract, printed)) for extract in (ours, by_pdfium, by_pypdf))


def arabic_texts() -> Iterator[str]:
    """The Arabic sample articles, their title first."""
    for path in sorted(CORPUS.glob("*.ar.md")):
        fields, body = split_front_matter(path.read_text(encoding="utf-8"))
        yield f"{fields['title']}\n\n{re.sub(r'^#+ ', '', body, flags=re.MULTILINE)}"


def print_pages(texts: Iterable[str], style: str) -> Iterator[bytes]:
    """Each text as a PDF."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        for text in texts:
            paragraphs = [f"<p>{html.escape(part)}</p>" for part in text.split("\n\n") if part.strip()]
            page.set_content(PAGE.format(style=style, paragraphs="".join(paragraphs)))
            yield page.pdf()
        browser.close()


def in_order(texts: Iterable[str], extracted: Iterable[str]) -> float:
    """Share of the words that stand in the extracted text in their order (longest matching blocks)."""
    kept = written = 0
    for text, found in zip(texts, extracted, strict=True):
        blocks = SequenceMatcher(None, words(text), words(found), autojunk=False).get_matching_blocks()
        kept, written = kept + sum(block.size for block in blocks), written + len(words(text))
    return kept / written


def words(text: str) -> list[str]:
    """Words, presentation forms turned into letters."""
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text))


def ours(data: bytes) -> str:
    """As the program reads it."""
    return "\n".join(getattr(found, "text", "") for found in read_pdf(data))


def by_pdfium(data: bytes) -> str:
    """As pypdfium2 gives it."""
    import pypdfium2

    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def by_pypdf(data: bytes) -> str:
    """As pypdf gives it without the program's work."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
