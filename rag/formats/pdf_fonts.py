"""Whether the fonts of a PDF page tell which letters they draw.

A font may number its glyphs as it likes. Where no table says which letters those are, what is read are the numbers:
"(QPRUWV" for "En morts". Runs in the sandbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

# Character collections whose numbers readers know (ISO 32000-1, 9.7.5.2).
_KNOWN_COLLECTIONS: Final = {"GB1", "CNS1", "Japan1", "Korea1", "KR"}
_NUMBERED_GLYPH = re.compile(r"/(?:g|cid|glyph|index|c|a|x)\d+|/g[0-9a-f]{2,4}", re.IGNORECASE)
_MOST: Final = 0.3  # of a page's characters; a guess: less may be bullets and signs


def fonts_of(page: Any) -> Iterator[tuple[str, Any]]:
    """Name and dictionary of each font that the page may use."""
    resources = page.get("/Resources", {}).get_object()
    fonts = resources.get("/Font", {}).get_object() if "/Font" in resources else {}
    yield from ((name, font.get_object()) for name, font in fonts.items())


def is_letterless(page: Any) -> bool:
    """Whether fonts that tell no letters draw more than a little of the page."""
    mute = [font for _, font in fonts_of(page) if _tells_nothing(font)]
    if not mute:
        return False
    drawn = {True: 0, False: 0}

    def count(text: str, _matrix: Any, _line: Any, font: Any, _size: Any) -> None:
        drawn[any(font is each or font == each for each in mute)] += len(text.strip())

    page.extract_text(visitor_text=count)
    return drawn[True] > _MOST * max(sum(drawn.values()), 1)


def _tells_nothing(font: Any) -> bool:
    if "/ToUnicode" in font:
        return False
    encoding = font.get("/Encoding")
    if font.get("/Subtype") == "/Type0":
        inner = font["/DescendantFonts"].get_object()[0].get_object()
        collection = inner.get("/CIDSystemInfo", {}).get_object().get("/Ordering", "")
        return str(encoding).startswith("/Identity") and str(collection) not in _KNOWN_COLLECTIONS
    encoding = encoding.get_object() if hasattr(encoding, "get_object") else encoding
    differences = encoding.get("/Differences", ()) if isinstance(encoding, dict) else ()
    named = [str(name) for name in differences if isinstance(name, str) and name not in ("/.notdef", "/space")]
    return bool(named) and all(map(_NUMBERED_GLYPH.fullmatch, named))
