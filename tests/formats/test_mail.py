"""Mails and saved pages."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest

from rag.errors import ArticleError
from rag.formats.drafts import ArticleDraft, NotRead
from rag.formats.mail import read_eml, read_mhtml
from rag.formats.recognition import Recogniser, Recognition, set_current
from tests.zoo.archives import docx

STORY = "The dam on the upper river was opened on Monday, and six hundred workers came to see it."


def mail(text: str = "", html: str = "", charset: str = "utf-8") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "وكالة الأنباء <desk@example.org>"
    message["Subject"] = "افتتاح السد"
    message["Date"] = "Wed, 12 Oct 2011 08:00:00 +0100"
    if text:
        message.set_content(text, charset=charset)
    if html:
        (message.add_alternative if text else message.set_content)(html, subtype="html")
    return message


def test_a_mail_is_an_article() -> None:
    (draft,) = read_eml(mail("افتتح السد.\n\nSecond.", "<p>Other</p>", "windows-1256").as_bytes())
    assert isinstance(draft, ArticleDraft)
    assert draft.text == "افتتح السد.\n\nSecond."
    assert (draft.title, draft.author) == ("افتتاح السد", "وكالة الأنباء")
    assert draft.date == "Wed, 12 Oct 2011 08:00:00 +0100"


def test_a_mail_of_markup_alone_is_read_from_it() -> None:
    (draft,) = read_eml(mail(html="<h1>Dam</h1><p>It <b>opened</b>.</p>").as_bytes())
    assert isinstance(draft, ArticleDraft)
    assert draft.text == "Dam\nIt opened."


def test_what_is_attached_is_read_as_what_it_is() -> None:
    message = mail("See below.")
    message.add_attachment(docx([STORY]), maintype="application", subtype="x", filename="dam.DOCX")
    message.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="logo.gif")
    message.add_attachment(b"\xd0\xcf", maintype="application", subtype="msword", filename="old.doc")
    message.add_attachment(b"not a zip", maintype="application", subtype="x", filename="bad.docx")
    message.add_attachment(mail("Forwarded."))
    body, attached, old, bad, forwarded = read_eml(message.as_bytes())
    assert isinstance(body, ArticleDraft)
    assert isinstance(attached, ArticleDraft)
    assert isinstance(forwarded, ArticleDraft)
    assert body.warnings == ("its pictures were left out: 1",)
    assert (attached.text, attached.place) == (STORY, "!dam.DOCX")
    assert isinstance(old, NotRead)
    assert (old.origin, old.hint, old.skipped) == ("!old.doc", "Save it as .docx.", True)
    assert isinstance(bad, NotRead)
    assert not bad.skipped
    assert (forwarded.text, forwarded.place) == ("Forwarded.", "!5")


@pytest.mark.parametrize("size", [30_000, 300])
def test_a_picture_that_is_a_page_is_recognised(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Recogniser, "picture", lambda self, data: f"{STORY} {STORY} {STORY}")
    message = mail("See the page.")
    message.add_attachment(bytes(size), maintype="image", subtype="jpeg", filename="page.jpg")
    set_current(Recognition("auto", "tesseract", "eng"))
    body, *pages = read_eml(message.as_bytes())
    set_current(Recognition("never"))
    assert isinstance(body, ArticleDraft)
    if size == 300:  # a logo
        assert (pages, body.warnings) == ([], ("its pictures were left out: 1",))
        return
    (page,) = pages
    assert isinstance(page, ArticleDraft)
    assert (page.place, page.text) == ("!page.jpg", f"[OCR p. 1] {STORY} {STORY} {STORY}")
    assert "may have errors" in page.warnings[0]
    assert body.warnings == ()


@pytest.mark.parametrize(("data", "says"), [(b"\n\nno head", "lines of a mail"), (b"Subject: x\n\n", "no part")])
def test_mails_that_cannot_be_read(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError, match=says):
        list(read_eml(data))


def test_a_saved_page_is_its_story() -> None:
    page = f"<html><head><meta charset='iso-8859-1'><title>السد</title></head><body><p>{STORY} سد</p></body></html>"
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://example.org/dam"
    message["Subject"] = "saved"
    message.set_content(page, subtype="html", cte="quoted-printable")
    message.make_related()
    message.add_related("body {}", subtype="css")
    (draft,) = read_mhtml(message.as_bytes())
    assert isinstance(draft, ArticleDraft)
    assert (draft.text, draft.title, draft.url, draft.date) == (f"{STORY} سد", "السد", "https://example.org/dam", "")


def test_a_saved_page_without_a_page() -> None:
    with pytest.raises(ArticleError, match="no part with text"):
        list(read_mhtml(mail("text").as_bytes()))


@pytest.mark.parametrize(
    "header",
    [
        "Subject: " + "=?utf-8?b?2KfZhNiz2K8=?= " * 40_000,
        "From: " + "Desk <desk@example.org>, " * 40_000,
        "Content-Type: text/plain; " + "a=b; " * 40_000,
        "From: Desk <",
    ],
    ids=["subject", "senders", "parameters", "cut off"],
)
def test_a_header_without_end_costs_no_time(header: str) -> None:
    began = time.process_time()
    (draft,) = read_eml(f"{header}\nTo: x\n\n{STORY}".encode())
    assert isinstance(draft, ArticleDraft)
    assert draft.text == STORY
    assert time.process_time() - began < 2
