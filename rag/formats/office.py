"""EPUB, and what ZIP archives of XML have in common, read with lxml that resolves no entities. Runs in the sandbox."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

from rag.errors import ArticleError
from rag.formats.archives import open_archive, read_member
from rag.formats.decoding import decode
from rag.formats.drafts import Find, NotRead, draft_from_fields
from rag.formats.html import declared_charset
from rag.formats.markup import whole_text
from rag.formats.metadata import given_by_people

MAX_DOCUMENT_BYTES: Final = 200_000_000  # unpacked, pictures included: a bound
MAX_PART_BYTES: Final = 50_000_000  # as much as any file of text may have
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_CREATED: Final = "{http://purl.org/dc/terms/}created"
_OPF: Final = "{http://www.idpf.org/2007/opf}"
_TITLE_CHARS: Final = 120  # a guess: longer than headings are
_HINT: Final = "Save it again with the program that made it, or as plain text."


def parse_xml(data: bytes) -> Any:
    """The root element; entities stay unresolved and nothing is fetched. Raises ArticleError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ArticleError(f"Its XML is damaged: {str(error.msg)[:100]}.", _HINT) from None


def part_of(archive: zipfile.ZipFile, name: str, is_needed: bool = False) -> Any:
    """The root element of a part of XML; an empty one where it is not there, and need not be. Raises ArticleError."""
    if not is_needed and name not in archive.NameToInfo:
        return etree.Element("none")
    return parse_xml(read_member(archive, name, MAX_PART_BYTES))


def core_properties(archive: zipfile.ZipFile) -> dict[str, str]:
    """Title, author, language and source.

    The document's own date is when the file was made, which need not be when the story was published: left out.
    """
    root = part_of(archive, "docProps/core.xml")
    return given_by_people({name: root.findtext(_DC + tag) for name, tag in _DUBLIN_CORE.items()})


_DUBLIN_CORE: Final = {"title": "title", "author": "creator", "language": "language", "source": "publisher"}


def targets_of(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """What a part of an Office document refers to inside the archive: id -> (kind, name). "" is the archive itself."""
    folder, name = posixpath.split(part)
    return {
        each.get("Id", ""): (
            each.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/"),
        )
        for each in part_of(archive, posixpath.join(folder, "_rels", f"{name}.rels")).iter("{*}Relationship")
        if each.get("TargetMode") != "External"
    }


def read_epub(data: bytes) -> Iterator[Find]:
    """One article a chapter, in reading order; title, author, date and language from the book."""
    with open_archive(io.BytesIO(data), MAX_DOCUMENT_BYTES) as archive:
        package = _package_path(archive)
        root = part_of(archive, package, is_needed=True)
        book = {
            name: ", ".join(value for found in root.iter(f"{_DC}{tag}") if (value := (found.text or "").strip()))
            if name == "author"
            else (root.findtext(f".//{_DC}{tag}") or "").strip()
            for name, tag in _BOOK.items()
        }
        for path in _chapters(root, posixpath.dirname(package)):
            try:
                page = read_member(archive, path, MAX_PART_BYTES)
                if text := whole_text(decode(page, declared=declared_charset(page)).text):
                    yield _chapter(text, path, book)
            except ArticleError as error:
                yield NotRead.of(error, f"!{path}")


_BOOK: Final = {**_DUBLIN_CORE, "date": "date"}


def _package_path(archive: zipfile.ZipFile) -> str:
    rootfile = part_of(archive, "META-INF/container.xml", is_needed=True).find(".//{*}rootfile")
    if rootfile is None or not rootfile.get("full-path"):
        raise ArticleError("It does not say where the book begins.", _HINT)
    return str(rootfile.get("full-path"))


def _chapters(package: Any, folder: str) -> Iterator[str]:
    pages = {item.get("id"): item.get("href", "") for item in package.iter(f"{_OPF}item")}
    for reference in package.iter(f"{_OPF}itemref"):
        if href := pages.get(reference.get("idref")):
            yield posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _chapter(text: str, path: str, book: dict[str, str]) -> Find:
    heading, _, more = text.partition("\n")
    is_title = more and len(heading) <= _TITLE_CHARS and heading[-1] not in ".!?؟…:"
    title = " – ".join(filter(None, (book["title"], heading if is_title else "")))
    return draft_from_fields({**book, "title": title}, body=text, place=f"!{path}")
