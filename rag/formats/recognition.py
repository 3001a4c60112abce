"""Pages without letters recognised (OCR): drawn by pdfium and read by tesseract, where that is installed.

Both run in the sandbox: tesseract is the one program that it may start, gets a picture that was drawn here, and takes
on the sandbox's limits on memory and on writing files. Its time is bounded by the page and by the file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

Mode = Literal["auto", "never", "always"]
RECOGNISED: Final = ("pdf", "eml")  # formats in which there may be pages without letters
LANGUAGES: Final = ("ara", "fra", "eng")  # as tesseract calls them
FILE_S: Final = 900.0  # a bound: some hundreds of pages
_PAGE_S: Final = 90.0
_DPI: Final = 300  # what tesseract's makers advise
_MOST_PIXELS: Final = 30_000_000  # a newspaper's page at 300 dpi; a poster is drawn coarser
_LEAST_DPI: Final = 70
_OTHERWISE: Final = "ocrmypdf --force-ocr"
GET_IT: Final = (
    "Install tesseract with its languages ara, fra and eng (on Debian: apt install tesseract-ocr tesseract-ocr-ara "
    f"tesseract-ocr-fra) and index it again, or recognise its text with {_OTHERWISE}."
)


@dataclass(frozen=True, slots=True)
class Recognition:
    """What is recognised, and with what. program: tesseract's path, empty where it is not installed.

    data: the folder of its languages, where the environment names one.
    """

    mode: Mode = "auto"
    program: str = ""
    languages: str = ""
    data: str = ""

    @classmethod
    def found(cls, mode: Mode = "auto") -> Recognition:
        """With the tesseract of this machine, if any, and those of our languages that it has."""
        program = shutil.which("tesseract") if mode != "never" else None
        if not program:
            return cls(mode)
        listed = subprocess.run(  # noqa: S603 (the program that was found)
            [program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False
        )
        there = listed.stdout.split()
        languages = "+".join(language for language in LANGUAGES if language in there)
        return cls(mode, program if languages else "", languages, os.environ.get("TESSDATA_PREFIX", ""))

    @property
    def key(self) -> str:
        """What makes a file read otherwise than by one who recognises nothing."""
        return f"{self.mode} {self.languages}" if self.program else ""


class Recogniser:
    """Recognises pages of one PDF for as long as its time lasts. ``left`` counts those that were not."""

    def __init__(self, data: bytes, how: Recognition, seconds: float = FILE_S) -> None:
        self._data = data
        self._how = how
        self._ends = time.monotonic() + seconds
        self._document: Any = None
        self.left = 0

    @property
    def can(self) -> bool:
        """Whether anything is recognised here."""
        return self._how.mode != "never" and bool(self._how.program)

    @property
    def hint(self) -> str:
        """What to do about a page without letters."""
        if self._how.mode == "never":
            return f"Index it with --ocr auto, where tesseract is installed, or recognise its text with {_OTHERWISE}."
        return f"Scan it again, larger and straight, or try {_OTHERWISE}." if self._how.program else GET_IT

    def wants(self, page: str | None) -> bool:
        """Whether a page is to be recognised; None for one whose letters are not known."""
        return self.can and (self._how.mode == "always" or not (page or "").strip())

    def text(self, number: int) -> str:
        """The text of a page (from 0); empty where there is none, or no time for it."""
        return self._in_time(lambda: self._drawn(number))

    def picture(self, data: bytes) -> str:
        """The text of a picture, which tesseract opens itself (PNG, JPEG, TIFF and others); empty as above."""
        return self._in_time(lambda: data)

    def _in_time(self, picture: Callable[[], bytes]) -> str:
        seconds = min(_PAGE_S, self._ends - time.monotonic())
        if seconds <= 0:
            self.left += 1
            return ""
        try:
            return self._read(picture(), seconds)
        except (subprocess.SubprocessError, OSError, ValueError, RuntimeError):  # in vain, or for too long
            self.left += 1
            return ""

    def _drawn(self, number: int) -> bytes:
        """The page as a grey picture (PGM)."""
        import pypdfium2

        if self._document is None:
            self._document = pypdfium2.PdfDocument(self._data)
        page = self._document[number]
        width, height = page.get_size()  # in points, of which an inch has 72
        dpi = min(_DPI, 72 * (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        if dpi < _LEAST_DPI:
            raise ValueError("too large to be read")
        picture = page.render(scale=dpi / 72, grayscale=True)
        rows = memoryview(picture.buffer).cast("B")
        lines = (rows[at * picture.stride : at * picture.stride + picture.width] for at in range(picture.height))
        drawn = b"P5 %d %d 255\n" % (picture.width, picture.height) + b"".join(lines)
        picture.close()
        page.close()
        return drawn

    def _read(self, picture: bytes, seconds: float) -> str:
        environment = {"OMP_THREAD_LIMIT": "1", "PATH": os.defpath}
        if self._how.data:
            environment["TESSDATA_PREFIX"] = self._how.data
        found = subprocess.run(  # noqa: S603 (the program that was found, and a picture of our own)
            [self._how.program, "stdin", "stdout", "-l", self._how.languages, "--dpi", str(_DPI)],
            input=picture,
            capture_output=True,
            timeout=seconds,
            env=environment,
            check=True,
        )
        return found.stdout.decode("utf-8", "replace").replace("\f", "\n").strip()


_current = Recognition("never")


def current() -> Recognition:
    """What this process recognises: set for each file in the sandbox, nothing outside it."""
    return _current


def set_current(how: Recognition) -> None:
    """Recognise so from now on, in this process."""
    global _current  # readers are functions of a file's bytes alone
    _current = how
