"""Mails (.eml) with what is attached to them, and pages saved with their pictures (.mhtml). Run in the sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy, default
from functools import lru_cache
from typing import Any, Final

from rag.errors import ArticleError
from rag.formats.content_types import as_utf8, suffix_of_type
from rag.formats.contents import kind_of
from rag.formats.decoding import decode
from rag.formats.drafts import ArticleDraft, Find, NotRead, draft_from_fields
from rag.formats.html import read_html
from rag.formats.markup import whole_text
from rag.formats.recognition import Recogniser, current
from rag.formats.registry import FORMATS, SUFFIXES, hint_for, is_readable, suffix_of
from rag.formats.stories import are_no_letters
from rag.text.marks import page_mark

_FLOWS_ON: Final = re.compile(r"(?<!^--) \r?\n(?! ?[>\r\n])", re.MULTILINE)
# How a file of several begins the next, as mail programs of Unix do (RFC 4155).
_NEXT_MAIL: Final = re.compile(rb"(?<=\n)\r?\n(?=From [^\s]+ [^\n]{10,60}\n[\w-]+:)")
_BARE_BOUNDARY: Final = re.compile(r"boundary\s*=\s*([^\s\";][^\s\";]*)", re.IGNORECASE)
_HEADER_CHARS: Final = 4_000  # a bound: as long as the longest subject is kept
_LEAST_PICTURE: Final = 20_000  # bytes; smaller ones are signs and logos
_LEAST_WORDS: Final = 10  # of a picture that is a page
_NO_MAIL: Final = ArticleError("It has no part with text.", "Save it again with the program that made it.")


def read_eml(data: bytes) -> Iterator[Find]:
    """The mail as one article, and each attachment as what it is; forwarded mails, and others behind it, too."""
    first, *others = _NEXT_MAIL.split(data) if data.startswith(b"From ") else [data]
    yield from _mail(_parsed(first), "")
    for number, other in enumerate(others, 2):
        yield from _mail(_parsed(other), f"#{number}")


def _mail(message: EmailMessage, place: str) -> Iterator[Find]:
    parts = list(message.iter_attachments())
    pictures = [part for part in parts if part.get_content_maintype() == "image"]
    pages = [find for part in pictures for find in _recognised(part, f"{place}!{part.get_filename() or 'picture'}")]
    left_out = len(pictures) - len(pages)
    warnings = (f"its pictures were left out: {left_out}",) if left_out else ()
    bodies = (_text(body) for kind in ("plain", "html") if (body := message.get_body((kind,))) is not None)
    if text := next(filter(None, bodies), ""):
        yield draft_from_fields(_fields(message), body=text, place=place, warnings=warnings)
    elif not parts:
        raise _NO_MAIL
    for number, part in enumerate(parts, 1):
        if part.get_content_maintype() != "image":
            yield from _attachment(part, f"{place}!{part.get_filename() or number}")
    yield from pages


def _recognised(part: MIMEPart, place: str) -> Iterator[Find]:
    """A picture that is a page, where tesseract is installed."""
    recogniser, data = Recogniser(b"", current()), _content(part)
    text = recogniser.picture(data) if recogniser.can and len(data) >= _LEAST_PICTURE else ""
    if len(text.split()) >= _LEAST_WORDS and not are_no_letters(text):
        warning = "it is a picture that was recognised (OCR): its text may have errors"
        yield draft_from_fields({}, body=f"{page_mark(1, True)} {text}", place=place, warnings=[warning])


def _text(part: MIMEPart) -> str:
    text = decode(_content(part), declared=part.get_content_charset("")).text
    told = dict(part.get_params([]))
    if told.get("format") == "flowed":  # RFC 3676: a line that ends in a space goes on in the next
        text = _FLOWS_ON.sub("" if told.get("delsp") == "yes" else " ", text)
    return whole_text(text) if part.get_content_type() == "text/html" else text.strip()


def _content(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _fields(message: EmailMessage) -> dict[str, str]:
    """Title, author and date; the date is when it was sent, as of a press release."""
    sender = message.get("from")
    addresses = getattr(sender, "addresses", ())
    author = (addresses[0].display_name or addresses[0].addr_spec) if addresses else str(sender or "")
    return {"title": str(message.get("subject", "")), "author": author, "date": str(message.get("date", ""))}


def _attachment(part: MIMEPart, place: str) -> Iterator[Find]:
    if part.get_content_type() == "message/rfc822":
        (inner,) = part.iter_parts()
        assert isinstance(inner, EmailMessage)
        yield from _mail(inner, place)
        return
    suffix = suffix_of(part.get_filename() or "") or suffix_of_type(part.get_content_type())
    if suffix not in SUFFIXES:
        hint = "Save it by itself, and index it." if is_readable(suffix) else hint_for(suffix)
        yield NotRead(place, "It is an attachment of a kind that is not read.", hint, skipped=True)
        return
    try:
        for find in FORMATS[kind_of(suffix, data := _content(part))].read(data, {}):
            if isinstance(find, ArticleDraft):
                yield replace(find, place=f"{place}{find.place}")
            else:
                yield replace(find, origin=f"{place}{find.origin}")
    except ArticleError as error:
        yield NotRead.of(error, place)


def read_mhtml(data: bytes) -> Iterator[Find]:
    """The page itself; frames and pictures beside it are no part of the story. The date of saving is not its date."""
    message = _parsed(data)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        raise _NO_MAIL
    url = str(message.get("snapshot-content-location") or page.get("content-location") or "")
    for find in read_html(as_utf8(_content(page), page.get_content_charset("utf-8"))):
        yield replace(find, url=find.url or url) if isinstance(find, ArticleDraft) else find


class _Bounded(EmailPolicy):
    """Reads so much of each header, since the time that one takes grows with the square of its length."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return _header(name, value[:_HEADER_CHARS])


@lru_cache(maxsize=1_000)  # the parts of a mail have the same, and each is asked for many times
def _header(name: str, value: str) -> Any:
    if name.lower() == "content-type":  # many programs quote no boundary, whatever it is of
        value = _BARE_BOUNDARY.sub(r'boundary="\1"', re.sub(r"\s+;", ";", value))
    try:
        return default.header_fetch_parse(name, value)
    except (IndexError, ValueError, AttributeError, TypeError):  # the library trips over some that are cut off
        return value


def _parsed(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=_Bounded())
    assert isinstance(message, EmailMessage)
    if not message.keys():
        raise ArticleError("It does not begin with the lines of a mail.", "Save it again from the mail program.")
    return message
