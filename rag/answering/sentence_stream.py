"""A model's text while it streams: words as they come, and each sentence, with what it cites, once it is whole.

Its markers number passages, whereas what is shown has the numbers of quotes, which are known only when a sentence is
whole and matched to its source: so markers are taken out of the running text and returned with the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.answering.citations import Marker, MarkerStream, find_markers
from rag.answering.remarks import may_be_label, without_label
from rag.documents import AnswerSentence
from rag.text.sentences import split_sentences

_NEXT = "The"  # begins a sentence after whatever can end one
_OPEN_NUMBER = re.compile(r"\d[.,]?\Z")


class SentenceStream:
    """``feed`` and ``finish`` yield text to show (str) and, after its last word, each whole sentence.

    The text shown is that of the sentences, each but the first after its lead: a space, or the line breaks before it.
    """

    def __init__(self, passages: int, language: str) -> None:
        self._passages, self._language = passages, language
        self.restart()

    def restart(self) -> None:
        """Begin anew: what was fed so far is taken back."""
        self._markers = MarkerStream(self._passages)
        self._held = ""  # from the start of the sentence being written
        self._shown = ""  # what of it has been yielded
        self._sentences = 0  # whole ones
        self._lead = " "  # of the sentence being written

    @property
    def begun(self) -> bool:
        """Whether any text was yielded."""
        return bool(self._sentences or self._shown)

    def feed(self, piece: str) -> Iterator[str | AnswerSentence]:
        """What the next piece of the model's text makes ready."""
        self._held += self._markers.feed(piece)
        if not self.begun and may_be_label(self._held):
            return
        yield from self._whole()
        yield from self._show(_words(self._held, find_markers(self._held, self._passages)))

    def finish(self, cut: bool = False) -> Iterator[str | AnswerSentence]:
        """The rest; of a text that was ``cut``, its whole sentences. Call once, at the end."""
        self._held += self._markers.finish()
        yield from self._whole()
        if not cut or self._ends():
            yield from self._release(len(self._held))

    def _whole(self) -> Iterator[str | AnswerSentence]:
        if not self.begun:
            self._held = without_label(self._held)
        while (end := self._sentence_end()) is not None:
            yield from self._release(end)

    def _sentence_end(self) -> int | None:
        """Where in the held text the next sentence begins; None while the first is still being written.

        A boundary within what was already shown, which later words made one, is let pass.
        """
        markers = find_markers(self._held, self._passages)
        plain, kept = _without(self._held, markers)
        for span in split_sentences(plain, self._language)[1:]:
            if len(" ".join(plain[: span.start].split())) >= len(self._shown):
                return kept[span.start]
        return None

    def _ends(self) -> bool:
        """Whether the held text would be a sentence whatever came next. A number may go on after its point."""
        text = _words(self._held, find_markers(self._held, self._passages))
        return not _OPEN_NUMBER.search(text) and len(split_sentences(f"{text} {_NEXT}", self._language)) > 1

    def _release(self, end: int) -> Iterator[str | AnswerSentence]:
        """The sentence that ends at ``end`` of the held text, its markers included."""
        written, self._held = self._held[:end], self._held[end:]
        markers = find_markers(written, self._passages)
        text = _words(written, markers)
        yield from self._show(text)
        self._shown = ""
        if text:
            self._sentences += 1
            numbers = dict.fromkeys(number for marker in markers for number in marker.numbers)
            yield AnswerSentence(text, tuple(numbers), lead=self._lead)
            self._lead = " "
        breaks = written[len(written.rstrip()) :].count("\n")
        self._lead = "\n" * min(breaks, 2) if self._sentences and breaks else self._lead

    def _show(self, text: str) -> Iterator[str]:
        """What of a sentence's text was not shown yet."""
        if len(text) > len(self._shown):
            apart = self._lead if self._sentences and not self._shown else ""
            new, self._shown = text[len(self._shown) :], text
            yield apart + new


def _words(text: str, markers: list[Marker]) -> str:
    return " ".join(_without(text, markers)[0].split())


def _without(text: str, markers: list[Marker]) -> tuple[str, list[int]]:
    """The text without its markers and the space before them, and for each character left its place in ``text``."""
    places: list[int] = []
    at = 0
    for marker in markers:
        places += range(at, at + len(text[at : marker.start].rstrip()))
        at = marker.end
    places += range(at, len(text))
    return "".join(text[place] for place in places), places
