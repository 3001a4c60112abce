"""Markdown and plain text, both with front matter in YAML, TOML or JSON."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from html import escape
from typing import Any, Final

import yaml

from rag.errors import ArticleError
from rag.formats.decoding import decode
from rag.formats.drafts import Find, draft_from_fields
from rag.formats.fields import FIELDS, plain_name
from rag.formats.markup import field_text, parse_page, whole_text

_FRONT_MATTER = re.compile(
    r"\ufeff?\s*(?P<mark>---|\+\+\+|;;;)(?P<kind>yaml|json|toml)?[ \t]*\r?\n"
    r"(?P<fields>.*?)(?:^(?P=mark)|^\.\.\.)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_FIELD_LINE = re.compile(r"^([\w -]{1,40}):[ \t]*(.+)$", re.MULTILINE)
_YAML_MARKS: Final = ("[", "{", ">", "|", "&", "*", "!", "#")  # values that begin so are left to it
# Lines "Title: …" above a text, as archives keep it; two at the least are of fields that are known.
_HEAD = re.compile(r"\ufeff?(?:[ \t]*[^\W\d][\w -]{0,40}:[^\n]{0,500}\n){2,12}(?=[ \t\r]*\n)")
_HEAD_NAMES: Final = {name for field, names in FIELDS.items() if field != "text" for name in names}
_PANDOC = re.compile(r"\ufeff?%[ \t](.+)\n(?:%(.*)\n)?(?:%(.*)\n)?(?=\s*\n)")
_FRONT_MATTER_CHARS: Final = 1 << 16  # a bound on what the YAML parser is given
_TITLE_CHARS: Final = 120  # a guess: longer than headlines are, shorter than paragraphs
_NESTING: Final = 100  # what lies deeper than that, MarkdownIt leaves out without a word
_NOTE = re.compile(r"(?<=\S)\[\^[\w-]{1,30}\](?!:)|^\[\^[\w-]{1,30}\]:\s*", re.MULTILINE)
# What a site's generator puts in the place of it: tags of Hugo, Jekyll, kramdown and Pandoc, and Obsidian's remarks.
_TAG = re.compile(
    r"\{\{[<%].{0,500}?[%>]\}\}|\{%.{0,500}?%\}|\n?\{:[^{}\n]*\}|!\[\[[^\[\]]*\]\]|%%.{0,500}?%%|^:{3,}[^\n]*$\n?"
    r"|^\[!\w+\][+-]?[ \t]*",
    re.DOTALL | re.MULTILINE,
)
_MARKED = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]|==(?=[^\s=])([^=\n]+)(?<=\S)==")  # a link, or a marker's ink
_SHAPING = re.compile(r"<(?:br|su[bp]|del|r[tp])\b", re.IGNORECASE)
_CARRIAGE = re.compile(r"\r\n?")
_SENTENCE_ENDS: Final = ".!?؟…:;،,؛»”"


def read_text(data: bytes) -> Iterator[Find]:
    """One article: front matter, if any, as its fields; markup in it is taken out.

    Without a title there, the first line is it too where it is short, stands alone and is no sentence.
    """
    decoded = decode(data)
    fields, body = split_front_matter(decoded.text)
    body = field_text(_CARRIAGE.sub("\n", body))
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
    """(fields, body), of YAML, TOML or JSON; no fields where there is no front matter. Raises ArticleError.

    Values of YAML stay text: YAML would make a date of ``2011-10-12`` and ``false`` of the language ``no``. Its base
    loader also knows no merge keys, which can grow without bound.
    """
    found = _FRONT_MATTER.match(text)
    if not found:
        return _json(text) or _head(text) or ({}, text)
    if len(found["fields"]) > _FRONT_MATTER_CHARS:
        raise ArticleError("Its front matter is longer than 64 kB.", "Close it with a line of three hyphens.")
    fields = (_toml if found["mark"] == "+++" or found["kind"] == "toml" else _yaml)(found["fields"])
    if fields in ("", None):
        return {}, text[found.end() :]
    if not isinstance(fields, dict):
        return {}, text  # two rules around a paragraph, not front matter
    return {plain_name(str(name)): value for name, value in fields.items()}, text[found.end() :]


def _json(text: str) -> tuple[dict[str, Any], str] | None:
    """Front matter as an object, as Hugo has it too: it begins the file, and a line ends behind it."""
    if text.startswith("{"):
        with suppress(ValueError, RecursionError):
            fields, end = json.JSONDecoder().raw_decode(text[:_FRONT_MATTER_CHARS])
            if fields and text[end : end + 1] in ("\r", "\n"):
                return fields, text[end:]
    return None


def _head(text: str) -> tuple[dict[str, Any], str] | None:
    """Lines of fields above a text, as archives, MultiMarkdown, Pelican and Pandoc have them."""
    if head := _PANDOC.match(text):
        return dict(zip(("title", "author", "date"), head.groups(""), strict=True)), text[head.end() :]
    if head := _HEAD.match(text):
        fields = {plain_name(name): value.strip() for name, value in _FIELD_LINE.findall(head[0])}
        if len(_HEAD_NAMES & fields.keys()) > 1:
            return fields, text[head.end() :]
    return None


def _toml(text: str) -> dict[str, Any]:
    try:
        fields = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise ArticleError("Its front matter is not valid TOML.", f"Correct it: {str(error)[:100]}.") from None
    return {name: str(value) if isinstance(value, date) else value for name, value in fields.items()}


def _yaml(text: str) -> Any:
    """Where it is not valid, a value that is not so by itself is tried in quotes: it has no other reading."""
    try:
        return _load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        with suppress(yaml.YAMLError, ValueError, RecursionError):
            return _load(_FIELD_LINE.sub(_quoted, text))
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark else ""
        reason = f"Its front matter is not valid YAML{where}."
        raise ArticleError(reason, "Quote values that hold a colon or begin with a mark.") from None


def _quoted(line: re.Match[str]) -> str:
    with suppress(yaml.YAMLError, ValueError):
        return line[0] if line[2].startswith(_YAML_MARKS) or _load(line[0]) else ""
    return f"{line[1]}: '{line[2].rstrip().replace(chr(39), chr(39) * 2)}'"


def _load(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 # nosec B506 # text, lists, mappings


def markdown_text(text: str) -> tuple[str, str]:
    """(first heading, the rest) as plain text: link texts without addresses, list marks kept, a row of a table a line.

    Blocks of HTML are read as such; the numbers of notes are left out.
    """
    from markdown_it import MarkdownIt

    blocks: list[str] = []
    heading, mark = "", ""
    cells, rows = list[str](), list[str]()
    tokens = MarkdownIt("commonmark", {"maxNesting": _NESTING}).enable(["table", "strikethrough"]).parse(text)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "list_item_open":
            mark = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.rstrip("\n"))
        elif token.type == "html_block":
            blocks.append(whole_text(token.content))
        elif token.type == "tr_close":
            rows, cells = [*rows, " | ".join(cells)], []
        elif token.type == "table_close":
            blocks, rows = [*blocks, "\n".join(rows)], []
        elif token.type == "inline":
            words = _inline_text(token.children or [])
            if before and before.type in ("td_open", "th_open"):
                cells.append(words)
            elif before and before.type == "heading_open" and before.tag == "h1" and not any(blocks) and not heading:
                heading = words
            elif words:
                blocks.append(mark + words)
            mark = ""
    return heading, "\n\n".join(filter(None, blocks))


def _inline_text(tokens: list[Any]) -> str:
    """The words; where HTML parts, raises or strikes them, as they are read in that."""
    is_html = any(token.type == "html_inline" and _SHAPING.match(token.content) for token in tokens)
    words = "".join(_words(token, is_html) for token in tokens)
    words = _MARKED.sub(r"\1\2", _TAG.sub("", _NOTE.sub("", words))).strip()
    return parse_page(words, keeps_lines=True).text() if is_html else words


def _words(token: Any, is_html: bool) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "html_inline":
        return str(token.content) if is_html else ""
    words = str(token.content) if token.type in ("text", "code_inline", "image") else ""
    return escape(words, quote=False) if is_html else words
