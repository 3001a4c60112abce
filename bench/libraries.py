"""Where files are read by code of our own and a library exists: both on the same files.

    pip install -r bench/requirements.txt
    python -m bench.libraries

Broken feeds (lxml, as before feedparser), days of publication (htmldate without its extensive search, extruct) and Word
documents (mammoth, docx2python, python-docx). The files are those of the tests. Writes ``bench/results/libraries.md``;
``docs/own_code.md`` says what follows.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lxml import etree

from bench.reports import write_report
from rag.documents import Article
from rag.formats.articles import read_bytes
from rag.formats.markup import whole_text
from rag.formats.metadata import iso_date
from tests.formats.test_cases import CASES
from tests.formats.test_neighbours import DAYS, FLAWS, JUNK, MORE, OTHER_DAYS, STORY, flawed_feed, page, undated
from tests.zoo.word import PROBES

DAY = "2024-03-05"


def main() -> None:
    """Count what each reads, and write the table."""
    feeds = [flawed_feed(junk, flaw) for junk in JUNK for flaw in FLAWS]
    cases = [path.read_text("utf-8") for folder in ("05-*", "06-*") for path in sorted(CASES.glob(f"{folder}/*"))]
    dated, others = [page(head) for head in DAYS] + cases, [undated(body) for body in OTHER_DAYS]
    documents = len(PROBES)
    rows = (
        (f"broken feeds of which every entry is read, of {len(feeds)}", _counts(_FEEDS, feeds, _is_whole)),
        (f"pages that tell their day of publication, of {len(dated)}", _counts(_DATES, dated, DAY.__eq__)),
        (f"pages that do not, and are given a day all the same, of {len(others)}", _counts(_DATES, others, bool)),
        (f"Word documents with what is easily lost or read twice, of {documents}", _documents()),
    )
    heads = ["| | ours | the library |", "|---|---|---|"]
    lines = [f"| {what} | {ours} | {', '.join(theirs)} |" for what, (ours, *theirs) in rows]
    write_report("libraries", "python -m bench.libraries", "\n".join([*heads, *lines]))
    sys.stdout.write("\n".join([*heads, *lines, ""]))


Reader = Callable[[Any], Any]


def _counts(readers: Mapping[str, Reader], files: Iterable[Any], is_right: Callable[[Any], bool]) -> list[str]:
    """How many files each reader reads so, ours first and without its name."""
    counts = {name: sum(_holds(reader, each, is_right) for each in files) for name, reader in readers.items()}
    return [f"{name} {count}".strip() for name, count in counts.items()]


def _holds(reader: Reader, data: Any, is_right: Callable[[Any], bool]) -> bool:
    try:
        return bool(is_right(reader(data)))
    except Exception:  # noqa: BLE001 (whatever a library raises, it has not read the file)
        return False


def _documents() -> list[str]:
    counts = {
        name: sum(_holds(reader, probe.data, probe.holds) for probe in PROBES.values())
        for name, reader in _WORD.items()
    }
    return [f"{name} {count}".strip() for name, count in counts.items()]


def _is_whole(texts: list[str]) -> bool:
    return len(texts) == 2 and STORY in texts[0] and MORE in texts[1]


def _ours(name: str) -> Callable[[Any], list[Article]]:
    def read(data: Any) -> list[Article]:
        found = read_bytes(data if isinstance(data, bytes) else data.encode(), name)
        return [each for each in found if isinstance(each, Article)]

    return read


def _by_lxml(data: bytes) -> list[str]:
    return ["".join(item.itertext()) for item in etree.fromstring(data).iter("item")]


def _by_htmldate(page: str) -> str:
    from htmldate import find_date

    return find_date(page, extensive_search=False, original_date=True) or ""


def _by_extruct(page: str) -> str:
    import extruct

    found = extruct.extract(page, syntaxes=["json-ld", "microdata"], uniform=True)
    items = [item for syntax in found.values() for item in syntax]
    return next((iso_date(str(item["datePublished"])) for item in items if "datePublished" in item), "")


def _by_mammoth(data: bytes) -> str:
    import mammoth

    return whole_text(str(mammoth.convert_to_html(io.BytesIO(data)).value))


def _by_docx2python(data: bytes) -> str:
    from docx2python import docx2python

    with docx2python(io.BytesIO(data)) as document:
        return str(document.text)


def _by_python_docx(data: bytes) -> str:
    import docx

    return "\n".join(each.text for each in docx.Document(io.BytesIO(data)).paragraphs)


_FEEDS: Mapping[str, Reader] = {
    "": lambda data: [each.text for each in _ours("a.rss")(data)],
    "lxml": _by_lxml,
}
_DATES: Mapping[str, Reader] = {
    "": lambda page: "".join(each.date for each in _ours("a.html")(page)),
    "htmldate": _by_htmldate,
    "extruct": _by_extruct,
}
_WORD: Mapping[str, Reader] = {
    "": lambda data: "".join(each.text for each in _ours("a.docx")(data)),
    "mammoth": _by_mammoth,
    "docx2python": _by_docx2python,
    "python-docx": _by_python_docx,
}


if __name__ == "__main__":
    main()
