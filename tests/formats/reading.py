"""A file read, and sentences of a story to put into one."""

from __future__ import annotations

from rag.documents import Article
from rag.formats.articles import read_bytes
from rag.formats.drafts import NotRead

EN = "The ministry of water said on Tuesday that the reservoir had reached 49 billion cubic metres."
EN2 = "Talks will resume next month in Cairo, the minister said, with experts from three countries."
AR = "أعلنت وزارة الموارد المائية يوم الثلاثاء أن السد بلغ مستوى تخزين قدره 49 مليار متر مكعب."


def read(data: bytes | str, name: str) -> tuple[list[Article], list[NotRead]]:
    """The articles of a file, and what of it was not read."""
    found = list(read_bytes(data.encode() if isinstance(data, str) else data, name))
    return (
        [each for each in found if isinstance(each, Article)],
        [each for each in found if isinstance(each, NotRead)],
    )
