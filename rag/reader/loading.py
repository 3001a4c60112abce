"""Chooses the reader by the settings; what it does not need is never imported."""

from __future__ import annotations

from rag.encoding.bundled_encoder import BundledEncoder, open_converted
from rag.encoding.bundled_tokenizer import BundledTokenizer
from rag.encoding.bundled_weights import is_installed
from rag.encoding.encoder import Encoder, Report
from rag.reader.windows import AnswerReader
from rag.settings import Settings


def require_reader(settings: Settings) -> None:
    """Raises EncoderError where the reader that the settings name is missing or of another kind; nothing is loaded."""
    if settings.reading and settings.reader not in ("", "bundled"):
        from rag.encoding.placement import Placement
        from rag.reader.transformer_reader import reader_folder

        reader_folder(settings.reader, Placement.of(settings))


def load_reader(settings: Settings, encoder: Encoder, report: Report = lambda line: None) -> AnswerReader | None:
    """The reader named by ``settings.reader``, beside any encoder; None where nothing is to be read.

    None too where the bundled one is not to be had on this machine and another encoder is used, which is told.
    Raises EncoderError when it cannot be found, built or trusted.
    """
    if not settings.reading or not settings.reader:
        return None
    if settings.reader != "bundled":
        from rag.encoding.placement import Placement
        from rag.reader.transformer_reader import TransformerReader

        return TransformerReader.load(settings.reader, Placement.of(settings), report)
    from rag.reader.bundled_reader import BundledReader

    if isinstance(encoder, BundledEncoder):
        return BundledReader.load(encoder.tokenizer, settings.cache_dir, report)
    if not is_installed():
        report("The bundled reader is for Linux on x86-64: no short answers. ISNAD_READER names another.")
        return None
    folder = open_converted(settings.cache_dir, "int8", report).folder
    return BundledReader.load(BundledTokenizer.from_files(folder), settings.cache_dir, report)
