"""The one place where text becomes HTML.

Everything shown comes from a reader, an article or a model, so nothing is trusted: :func:`element` escapes every
child that is not already :class:`Html`, sends every link through :func:`safe_url` and refuses attributes that
could run code. Other modules build pages from it and never write markup of their own; :func:`drawing` writes figures
in SVG, and :func:`document` a whole page that stands alone.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import markupsafe

from rag.documents import Gloss

# Codes no HTML parser keeps as they are: controls but tab, newline and return; lone surrogates; noncharacters.
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x20\x7f\\]")
_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
_FORBIDDEN_TAGS = frozenset(
    ["script", "style", "iframe", "object", "embed", "img", "svg", "math", "form", "base", "link", "meta", "template"]
)
_FORBIDDEN_ATTRIBUTES = frozenset(
    ["style", "src", "srcset", "srcdoc", "action", "formaction", "ping", "background", "poster"]
)
_SHAPES = frozenset(["g", "path", "line", "polyline", "rect", "circle", "text", "title"])
_RIGHT_TO_LEFT = frozenset(["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"])
_VOID_TAGS = frozenset({"br", "hr", "input", "meta"})

Value = str | int | float | bool | None


class Html(markupsafe.Markup):
    """Markup that is safe to show. Made only by this module; a plain ``str`` is text and gets escaped."""

    __slots__ = ()


EMPTY = Html("")


def escape(text: str) -> Html:
    """``text`` as HTML that shows it, in an element or in a quoted attribute; unshowable codes become U+FFFD."""
    return text if isinstance(text, Html) else Html(markupsafe.escape(_UNSHOWABLE.sub("\ufffd", text)))


def join(parts: Iterable[str], between: str = "") -> Html:
    """The parts one after another, each escaped unless it is :class:`Html`."""
    return Html(escape(between).join(escape(part) for part in parts))


def element(tag: str, attributes: Mapping[str, Value] | None = None, /, *children: str) -> Html:
    """One element. ``None`` and ``False`` leave an attribute out, ``True`` gives it without a value.

    Raises ValueError for a tag or an attribute that could load or run something: those are mistakes in the program,
    never in the data, since names are not taken from data.
    """
    if not _NAME.match(tag) or tag in _FORBIDDEN_TAGS:
        raise ValueError(f"No <{tag}> may be written.")
    return _written(tag, attributes, children)


class Shape(Html):
    """A part of a figure. It comes from :func:`shape` only, and only such parts go into a :func:`drawing`."""

    __slots__ = ()


def shape(tag: str, attributes: Mapping[str, Value], /, *children: str) -> Shape:
    """One SVG element that draws and can neither load nor run; ``children`` are text or other shapes."""
    if tag not in _SHAPES:
        raise ValueError(f"No <{tag}> may be drawn.")
    return Shape(_written(tag, attributes, [child if isinstance(child, Shape) else str(child) for child in children]))


def drawing(attributes: Mapping[str, Value], shapes: Iterable[Shape]) -> Html:
    """A figure of ``shapes``. Names are lower-case throughout; the parser knows ``viewbox`` by ``viewBox``."""
    return _written("svg", attributes, list(shapes))


def document(title: str, language: str, css: str, /, *body: str) -> Html:
    """A whole page that needs nothing else: its policy lets it load nothing and run nothing, and only ``css`` apply.

    ``css`` is the program's own. Raises ValueError where it could end the element it stands in.
    """
    if "<" in css:
        raise ValueError("A style sheet that holds < may not be written.")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    head = [
        _written("meta", {"charset": "utf-8"}),
        _written("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        _written(
            "meta",
            {"http-equiv": "Content-Security-Policy", "content": f"default-src 'none'; style-src 'sha256-{digest}'"},
        ),
        _written("meta", {"name": "color-scheme", "content": "light dark"}),
        element("title", {}, title),
        Html(f"<style>{css}</style>"),
    ]
    page = _written("html", {"lang": language}, [element("head", {}, *head), element("body", {}, *body)])
    return Html(f"<!doctype html>{page}\n")


def _written(tag: str, attributes: Mapping[str, Value] | None, children: Sequence[str] = ()) -> Html:
    written = "".join(_attribute(name, value) for name, value in (attributes or {}).items())
    return Html(f"<{tag}{written}>" if tag in _VOID_TAGS else f"<{tag}{written}>{join(children)}</{tag}>")


def link(url: str, attributes: Mapping[str, Value], /, *children: str) -> Html:
    """A link that opens apart and tells its target nothing; the bare children where the address is not http(s)."""
    if not safe_url(url):
        return join(children)
    away = {"href": url, "target": "_blank", "rel": "noopener noreferrer nofollow", "referrerpolicy": "no-referrer"}
    return element("a", {**attributes, **away}, *children)


def jump(to: str, /, *children: str) -> Html:
    """A link to the element of the same page whose id is ``to``. Raises ValueError for what is no plain name."""
    if not _NAME.match(to):
        raise ValueError(f"No element may be called {to!r}.")
    return Html(f'<a href="#{to}">{join(children)}</a>')


def leads_to(page: str, style: str, words: str) -> Html:
    """A link of class ``style`` to another page of this server. Raises ValueError for what is no plain name."""
    if not _NAME.match(page):
        raise ValueError(f"No page may be called {page!r}.")
    return Html(f'<a class="{escape(style)}" dir="auto" href="/{page}">{escape(words)}</a>')


def button(words: str, style: str, /, **attributes: Value) -> Html:
    """A button of class ``style``; keyword names are attribute names, with underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    return element("button", {"type": "button", "class": style, "dir": "auto", **named}, words)


def safe_url(url: str) -> str:
    """``url`` where it is an absolute http(s) address without white space, controls or credentials; else empty."""
    if _SPACE_OR_CONTROL.search(url) or _UNSHOWABLE.search(url):
        return ""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises for a port that is no number
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else ""


def text_in(language: str, tag: str, attributes: Mapping[str, Value] | None = None, /, *children: str) -> Html:
    """An element whose text finds its own direction and is announced in its language (left out when unknown)."""
    known = language if re.fullmatch(r"[a-z]{2,3}", language) and language != "und" else None
    return element(tag, {"dir": "auto", "lang": known, **(attributes or {})}, *children)


def direction_of(language: str) -> str | None:
    """``rtl`` or ``ltr``; None where the language is unknown and the surroundings decide."""
    if language == "und":
        return None
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


_Mark = Literal["", "matches", "answers"]


class _Piece(NamedTuple):
    start: int
    end: int
    mark: _Mark
    gloss: str


def marked_text(
    text: str,
    origin: int = 0,
    highlights: Sequence[tuple[int, int]] = (),
    glosses: Sequence[Gloss] = (),
    language: str = "und",
    answers: Sequence[tuple[int, int]] = (),
    answers_title: str = "",
) -> Html:
    """``text`` with its highlighted words in ``<mark>`` and each gloss as a caption under its word.

    ``highlights``, ``glosses`` and ``answers`` count from the start of the article, of which ``text`` begins at
    ``origin``. What lies outside the text is cut off, overlapping and neighbouring highlights become one, and of
    overlapping glosses the first is kept: a wrong offset may lose a mark but never a letter. ``language`` is that of
    the glosses. The words that answer are ``<mark class="answers">`` instead, and ``answers_title`` says what they are.
    """
    captions = _captions(glosses, origin, text)
    matching, answering = (
        _merged([(s - origin, e - origin) for s, e in spans], text) for spans in (highlights, answers)
    )
    shown: list[Html] = []
    for mark, run in groupby(_pieces(len(text), matching, answering, captions), key=lambda piece: piece.mark):
        words = [_glossed(text[piece.start : piece.end], piece.gloss, language) for piece in run]
        named = {"class": mark, "title": answers_title or None} if mark == "answers" else {}
        shown += [element("mark", named, *words)] if mark else words
    return join(shown)


def _attribute(name: str, value: Value) -> str:
    if not _NAME.match(name) or name in _FORBIDDEN_ATTRIBUTES or name.startswith("on"):
        raise ValueError(f"No attribute {name!r} may be written.")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    return f' {name}="{escape(safe_url(str(value)) if name == "href" else str(value))}"'


def _glossed(word: str, gloss: str, language: str) -> Html:
    if not gloss:
        return escape(word)
    bracket = [element("rp", {}, sign) for sign in (" (", ")")]
    return element("ruby", {}, word, bracket[0], text_in(language, "rt", {}, gloss), bracket[1])


def _merged(spans: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Spans cut to the text, in order; those that overlap, touch or have only white space between become one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(0, s), min(len(text), e)) for s, e in spans):
        if start >= end:
            continue
        if merged and (start <= merged[-1][1] or text[merged[-1][1] : start].isspace()):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _captions(glosses: Sequence[Gloss], origin: int, text: str) -> dict[int, tuple[int, str]]:
    """Start -> (end, gloss) of the glosses that lie in the text and do not overlap an earlier one.

    A caption stands under the whole word: cutting an Arabic word apart would also cut the joins of its letters.
    """
    kept: dict[int, tuple[int, str]] = {}
    reached = 0
    for gloss in sorted(glosses, key=lambda gloss: gloss.start):
        start, end = gloss.start - origin, gloss.end - origin
        if not (0 <= start < end <= len(text) and gloss.gloss):
            continue
        while start > 0 and _in_word(text[start - 1]):
            start -= 1
        while end < len(text) and _in_word(text[end]):
            end += 1
        if start >= reached:
            kept[start] = (end, gloss.gloss)
            reached = end
    return kept


def _in_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"


def _pieces(
    length: int,
    matching: list[tuple[int, int]],
    answering: list[tuple[int, int]],
    captions: dict[int, tuple[int, str]],
) -> Iterator[_Piece]:
    """The text cut where a mark or a caption begins or ends; a captioned word is never cut, and marked if part is."""
    marks = [at for mark in (*matching, *answering) for at in mark]
    cuts = {0, length, *marks, *captions, *(end for end, _ in captions.values())}
    inside = {at for start, (end, _) in captions.items() for at in range(start + 1, end)}
    edges = sorted(cuts - inside)

    def touched(spans: list[tuple[int, int]], start: int, end: int) -> bool:
        return any(first < end and start < last for first, last in spans)

    for start, end in pairwise(edges):
        mark: _Mark = (
            "answers" if touched(answering, start, end) else "matches" if touched(matching, start, end) else ""
        )
        yield _Piece(start, end, mark, captions.get(start, (0, ""))[1])
