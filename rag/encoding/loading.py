"""Chooses the encoder by the settings and the token code by its name; what neither needs is never imported.

Nothing degrades silently: what cannot be found or built is an error.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from rag.encoding.encoder import Encoder, Fingerprint, Report
from rag.encoding.token_codes import INT8, ScalarCode, TokenCode
from rag.errors import IndexMismatchError
from rag.resources import calibration
from rag.settings import Settings


def load_encoder(settings: Settings, report: Report = lambda line: None) -> Encoder:
    """The encoder named by ``settings.encoder``; ``report`` receives one line per long step.

    Raises EncoderError when it cannot be found, built or trusted, SettingsError for a setting that does not fit it.
    """
    if settings.encoder == "bundled":
        from rag.encoding.bundled_encoder import BundledEncoder

        return BundledEncoder.load(settings.cache_dir, report)
    from rag.encoding.placement import Placement
    from rag.encoding.transformer_encoder import TransformerEncoder

    return TransformerEncoder.load(settings.encoder, report, Placement.of(settings), settings.encoder_dimension)


def token_code_name(fingerprint: Fingerprint) -> str:
    """How an encoder's tokens are packed: by the table shipped for it, if there is one.

    A table never changes under its name: a better one is a new file, and the old stays for the indexes that need it.
    """
    name = f"{fingerprint.name}.tokens-1"
    return name if _table(name).is_file() and load_token_code(name, fingerprint.dimension) else INT8


@lru_cache(maxsize=4)
def load_token_code(name: str, dimension: int) -> TokenCode | None:
    """The code of that name; None where its table has another dimension. Raises IndexMismatchError without a table."""
    if name == INT8:
        return ScalarCode(dimension)
    if not _table(name).is_file():
        raise IndexMismatchError(f"This program has no table of the token codes {name!r}.", "Install a newer version.")
    from rag.encoding.product_code import ProductCode

    code = ProductCode.load(_table(name))
    return code if code.dimension == dimension else None


def _table(name: str) -> Path:
    return calibration(f"{name}.npz")
