"""A model's text made harmless: no HTML, no images, no links, nothing invisible.

What a model writes may have been planted in an article it read, so nothing in it may load or lead anywhere: pictures
and links are the way data leaves a chat. Citations carry the only addresses an answer may show.
"""

from __future__ import annotations

import re

from rag.text.cleaning import clean_line

_TEMPLATE_TOKEN = re.compile(r"<\|[^|>\s]{0,40}\|>|<<?/?(?:SYS|INST)>>?|\[/?INST\]|</?s>|<(?:start|end)_of_turn>")
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,20}://|//(?=\w+\.)|www\.|(?:javascript|vbscript|mailto):|data:\w+/)[^\s\[\]【】]*",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_PICTURE = re.compile(r"!+(?=\[)")
_LINK = re.compile(r"\](?=\(|\[(?!\d))")
_BLOCK_MARK = re.compile(r"\A\s*(?:[-*+•]|\d{1,3}[.)]|#{1,6})\s+")
_MARKUP = re.compile(r"\\(?=[^\w\s]|_)|\*\*|__|(?<![\w\\])[*_](?=\w)|(?<=[\w.!?])[*_](?!\w)")
_WORD = re.compile(r"\S+")


def without_markup(text: str) -> str:
    """A sentence of Markdown as its words alone; nothing where it holds none, as the rule in a table does."""
    words = _MARKUP.sub("", _BLOCK_MARK.sub("", text)).replace("|", " ").strip()
    return " ".join(words.split()) if re.search(r"\w", words) else ""


def neutralise(text: str) -> str:
    """The same text with addresses cut out and markup broken; white space and citation markers stay as they are."""
    return _WORD.sub(lambda match: _plain(match.group()), text)


def strip_template_tokens(text: str) -> str:
    """The text without the tokens chat templates give a meaning to (``<|im_start|>``, ``[INST]``, ``<s>``)."""
    return _TEMPLATE_TOKEN.sub("", text)


def _plain(word: str) -> str:
    word = _ADDRESS.sub("…", strip_template_tokens(clean_line(word)))
    return _LINK.sub("] ", _PICTURE.sub("", _TAG.sub("‹", word)))
