"""Markdown and plain text, both with front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from rag.errors import ArticleError
from rag.formats.decoding import decode
from rag.formats.drafts import Find, draft_from_fields

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)(?:^---|^\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FRONT_MATTER_CHARS: Final = 1 << 16  # a bound on what the YAML parser is given
_TITLE_CHARS: Final = 120  # a guess: longer than headlines are, shorter than paragraphs
_NESTING: Final = 100  # what lies deeper than that, MarkdownIt leaves out without a word
_SENTENCE_ENDS: Final = ".!?؟…:;،,؛»”"


def read_text(data: bytes) -> Iterator[Find]:
    """One article: front matter, if any, as its fields.

    Without a title there, the first line is it too where it is short, stands alone and is no sentence.
    """
    decoded = decode(data)
    fields, body = split_front_matter(decoded.text)
    fields = {**fields, "title": fields.get("title") or _title_line(body)}
    yield draft_from_fields(fields, body=body, warnings=decoded.warnings)


def _title_line(text: str) -> str:
    lines = text.lstrip().split("\n", 2)
    alone = len(lines) == 3 and not lines[1].strip() and lines[2].strip()
    title = lines[0].strip()
    return title if alone and len(title) <= _TITLE_CHARS and title[-1] not in _SENTENCE_ENDS else ""


def read_markdown(data: bytes) -> Iterator[Find]:
    """One article: front matter as its fields, its text without the marks of Markdown.

    A first heading is the title where the front matter gives none, and is then not part of the text.
    """
    decoded = decode(data)
    fields, body = split_front_matter(decoded.text)
    heading, text = markdown_text(body)
    if heading and not fields.get("title"):
        fields = {**fields, "title": heading}
    elif heading and heading != fields["title"]:
        text = f"{heading}\n\n{text}"
    yield draft_from_fields(fields, body=text, warnings=decoded.warnings)


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """(fields, body); no fields where there is no front matter. Raises ArticleError where it is not valid YAML.

    Values stay text: YAML would make a date of ``2011-10-12`` and ``false`` of the language ``no``. Its base loader
    also knows no merge keys, which can grow without bound.
    """
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    if len(found[1]) > _FRONT_MATTER_CHARS:
        raise ArticleError("Its front matter is longer than 64 kB.", "Close it with a line of three hyphens.")
    try:
        fields = yaml.load(found[1], Loader=yaml.BaseLoader)  # noqa: S506 # nosec B506 # text, lists, mappings
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ArticleError(_yaml_reason(error), "Quote values that hold a colon or begin with a mark.") from None
    if fields in ("", None):
        return {}, text[found.end() :]
    if not isinstance(fields, dict):
        return {}, text  # two rules around a paragraph, not front matter
    return fields, text[found.end() :]


def _yaml_reason(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f" in line {mark.line + 2}" if mark else ""
    return f"Its front matter is not valid YAML{where}."


def markdown_text(text: str) -> tuple[str, str]:
    """(first heading, the rest) as plain text: link texts without addresses, no HTML, list marks kept."""
    from markdown_it import MarkdownIt

    blocks: list[str] = []
    heading, mark = "", ""
    tokens = MarkdownIt("commonmark", {"maxNesting": _NESTING}).parse(text)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "list_item_open":
            mark = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.rstrip("\n"))
        elif token.type == "inline":
            words = _inline_text(token.children or [])
            if before and before.type == "heading_open" and before.tag == "h1" and not blocks and not heading:
                heading = words
            elif words:
                blocks.append(mark + words)
            mark = ""
    return heading, "\n\n".join(blocks)


def _inline_text(tokens: list[Any]) -> str:
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    kept = (breaks.get(t.type, t.content if t.type in ("text", "code_inline", "image") else "") for t in tokens)
    return "".join(kept).strip()
