"""What the command line shows a person: answers, passages, errors and progress.

The one place that writes to the terminal. Text from articles is laid out in its own direction: every line of a
right-to-left quote stands in directional isolates (Unicode UAX 9), or the terminal would shuffle it into the labels
around it. Control characters are replaced, so that an article cannot send the terminal commands.
"""

from __future__ import annotations

import io
import json
import re
import sys
import unicodedata
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console
from rich.text import Text

from rag.asking import Delta, Ended, Event, named
from rag.documents import Answer, Citation, Evidence
from rag.errors import IsnadError

if TYPE_CHECKING:
    from rag.commands.finding import Finding

_LEFT_TO_RIGHT, _RIGHT_TO_LEFT, _POP = "\u2066", "\u2067", "\u2069"
# C0 and C1 controls except tab and newline, bidi embeddings, overrides and isolates, lone surrogates.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_INDENT = 4  # columns before a quote
_WIDEST = 100  # columns, beyond which lines are hard to follow
_NEAREST_SHOWN = 3  # passages after a refusal: they fit on one screen
_EXCERPT_CHARS = 300  # about three lines
_MATCHES, _ANSWERS, _CAUTION = "green", "bold underline", "bold yellow"
_ISOLATES = dict.fromkeys(range(0x2066, 0x206A))  # in a text streamed piece by piece they could not be balanced


class _Console(Console):
    """rich's console, which leaves it to the caller what a reader that went away means."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def open_console(stream: TextIO | None) -> Console:
    """A console on ``stream``: no colour when piped or under NO_COLOR, and never a character it cannot write.

    None is an output that whoever started the program has closed; nothing is written then.
    """
    stream = stream or io.StringIO()
    if reconfigure := getattr(stream, "reconfigure", None):
        reconfigure(errors="backslashreplace")
    # A pipe has no width: a line stays whole for the program that reads it.
    return _Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=not stream.isatty())


def write_json(console: Console, value: Any) -> None:
    """``value`` as indented JSON, in real letters where the stream can carry them."""
    console.file.write(as_json(value, ascii_only=not console.encoding.lower().startswith("utf")))


def as_json(value: Any, ascii_only: bool = False) -> str:
    """``value`` as indented JSON with a newline at its end."""
    return json.dumps(value, ensure_ascii=ascii_only, indent=2) + "\n"


def as_called(text: str) -> str:
    """``text`` with the program named as it was started: ``isnad``, where that is installed, or ``python -m rag``."""
    return text.replace("python -m rag", "isnad") if Path(sys.argv[0]).name == "isnad" else text


def printable(text: str) -> str:
    """``text`` with every unsafe character replaced by U+FFFD, so that offsets still hold."""
    return _UNSAFE.sub("\ufffd", text)


def is_right_to_left(text: str) -> bool:
    """The direction of the first letter that has one (UAX 9, rules P2 and P3)."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)


def isolate(text: str) -> str:
    """``text`` made safe and, where it holds right-to-left letters, isolated from the line it stands in."""
    safe = printable(text)
    if not any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in safe):
        return safe
    return f"{_RIGHT_TO_LEFT if is_right_to_left(safe) else _LEFT_TO_RIGHT}{safe}{_POP}"


def show_answer(console: Console, answer: Answer) -> None:
    """The answer with its sources, or what is only related or a refusal with what is nearest, named as such."""
    {"answered": _show_answered, "related": _show_related, "not_found": _show_refusal}[answer.status](console, answer)
    _show_notes(console, answer)


def show_stream(console: Console, events: Generator[Event, None, None]) -> None:
    """The answer's text as it comes, then its sources; all of it anew where it is not what was streamed.

    Whoever reads from a pipe takes the first text for the answer: there a sentence waits until it is verified.
    """
    from rag.answering.standing import only_standing  # lazy: what reads answers is not needed to show anything else

    said, held = "", not console.is_terminal
    for event in only_standing(events, lambda answer: answer.answer) if held else events:
        if isinstance(event, Delta):
            said += event.text
            console.file.write(printable(event.text.translate(_ISOLATES)))
            console.file.flush()
        elif isinstance(event, Ended):
            console.file.write("\n\n")
            if not held and event.answer.answer != said:
                show_answer(console, event.answer)
                return
            _show_short(console, event.answer)
            for citation in event.answer.quoted:
                _show_citation(console, citation, event.answer.answering(citation.number))
            _show_unsupported(console, event.answer)
            _show_nearest(console, event.answer)
            _show_notes(console, event.answer)


def write_events(console: Console, events: Iterable[Event]) -> None:
    """One JSON object a line, as soon as it comes: the events of the HTTP stream, by the same names."""
    for event in events:
        name, data = named(event)
        console.file.write(json.dumps({"event": name, "data": data}) + "\n")
        console.file.flush()


def show_passages(console: Console, passages: Iterable[Evidence], scored: bool = True) -> None:
    """Passages in the order given, each with the article it is from and, where ``scored``, its score."""
    for rank, passage in enumerate(passages, start=1):
        score = f" · score {passage.score:.3f}" if scored else ""
        console.print(_heading(f"{rank}.", passage).append(score, style="dim"))
        text = printable(passage.text)
        _block(console, Text(text if len(text) <= _EXCERPT_CHARS else text[:_EXCERPT_CHARS].rstrip() + " …"))
        if passage.url:
            _block(console, Text(printable(passage.url), style="dim"))
        console.print()


def show_error(console: Console, error: IsnadError) -> None:
    """What is wrong, then the cure on its own line."""
    console.print(Text("Error: ", style="bold red").append(printable(error.message), style="not bold default"))
    if error.hint:
        console.print(Text(as_called(printable(error.hint))))


def show_finding(console: Console, finding: Finding) -> None:
    """One line for a check, and the cure below it where something is wrong."""
    style = {"ok": "green", "warning": "yellow", "problem": "bold red"}[finding.state]
    console.print(Text.assemble((f"{finding.state:8}", style), f"{finding.check:13}", printable(finding.message)))
    if finding.cure:
        console.print(Text(f"{'':8}{'':13}{as_called(printable(finding.cure))}"))


def show_settings(console: Console, rows: Iterable[tuple[str, str, str]]) -> None:
    """The table of settings: name, default, meaning."""
    for name, default, meaning in rows:
        console.print(Text.assemble((name, "bold"), f" ({default or 'empty'})  {meaning}"))


def show_figures(console: Console, result: Mapping[str, Any]) -> None:
    """The figures of one evaluation set, a line a group; what the set cannot give is not shown."""
    console.print(Text(printable(result["dataset"]), style="bold"))
    counts = {name: result[name] for name in ("articles", "passages", "questions", "peak_rss_mb")}
    groups = {
        name: result[name] for name in ("retrieval", "answers", "short_answers", "refusal", "latency_ms", "index")
    }
    for name, figures in {"counts": counts, **groups}.items():
        if figures:
            console.print(f"  {name:14}" + "  ".join(f"{label} {value}" for label, value in figures.items()))


def _show_refusal(console: Console, answer: Answer) -> None:
    _block(console, Text(printable(answer.plain_answer), style="bold"), indent=0)
    console.print()
    _show_nearest(console, answer)


def _show_nearest(console: Console, answer: Answer) -> None:
    """The nearest passages of a refusal; nothing of an answer."""
    if answer.status == "not_found" and answer.passages:
        console.print("Nearest passages (they do not answer the question):")
        # A score tells how near a passage is, and beside a refusal reads as how well it answers.
        show_passages(console, answer.passages[:_NEAREST_SHOWN], scored=False)


def _show_answered(console: Console, answer: Answer) -> None:
    _show_short(console, answer)
    # An extractive answer is its quotes, which follow with their sources; saying them twice would only be longer.
    if answer.answerer != "extractive":
        _block(console, Text(printable(answer.answer)), indent=0)
        console.print()
        _show_unsupported(console, answer)
    for citation in answer.quoted:
        _show_citation(console, citation, answer.answering(citation.number))


def _show_related(console: Console, answer: Answer) -> None:
    _block(console, Text(printable(answer.lead), style=_CAUTION), indent=0)
    console.print()
    for citation in answer.quoted:
        _show_citation(console, citation)


def _show_short(console: Console, answer: Answer) -> None:
    if answer.short_answer:
        gloss = f" = {isolate(answer.short_answer.gloss)}" if answer.short_answer.gloss else ""
        label = f" ({answer.short_answer.label})" if answer.short_answer.label else ""
        note = f"\n{isolate(answer.short_answer.note)}" if answer.short_answer.note else ""
        console.print(Text(isolate(answer.short_answer.text), style=_ANSWERS).append(gloss + label + note), end="\n\n")


def _show_unsupported(console: Console, answer: Answer) -> None:
    for sentence in answer.sentences:
        if sentence.unsupported:
            _block(console, Text(f"Not borne out by the articles: {isolate(sentence.text)}", style="yellow"), 0)


def _show_notes(console: Console, answer: Answer) -> None:
    """The warnings, who answered and how long it took."""
    for warning in answer.warnings:
        _block(console, Text(f"Note: {isolate(warning)}", style="yellow"), indent=0)
    took = f" · {answer.timings_ms['total']:.0f} ms" if "total" in answer.timings_ms else ""
    console.print(Text(f"{answer.answerer}{took}", style="dim"))


def _show_citation(console: Console, citation: Citation, answers: Iterable[tuple[int, int]] = ()) -> None:
    """A quote under where it is from; what matches the question is marked, and what answers it unlike that."""
    console.print(_heading(f"[{citation.number}]", citation))
    quote = Text(printable(citation.quote))
    for style, spans in ((_MATCHES, citation.highlights), (_ANSWERS, answers)):
        for start, end in spans:
            quote.stylize(style, start - citation.start, end - citation.start)
    _block(console, quote)
    named = [(gloss.text, gloss.gloss) for gloss in (*citation.title_glosses, *citation.glosses)]
    named += [(citation.source, citation.source_gloss)] if citation.source_gloss else []
    pairs = dict.fromkeys(f"{isolate(text)} = {isolate(gloss)}" for text, gloss in named)
    for line in (" · ".join(pairs), printable(citation.url)):
        if line:
            _block(console, Text(line, style="dim"), right_to_left=False)
    console.print()


def _heading(label: str, cited: Citation | Evidence) -> Text:
    told = (cited.source, cited.date, cited.at, cited.language)
    facts = "".join(f" · {isolate(fact)}" for fact in told if fact not in ("", "und"))
    others = f" · also in {', '.join(map(isolate, cited.also_in))}" if cited.also_in else ""
    return Text.assemble((f"{label} {isolate(cited.title)}", "bold"), facts, (others, "dim"))


def _block(console: Console, text: Text, indent: int = _INDENT, right_to_left: bool | None = None) -> None:
    """A paragraph in its own direction. Each line is isolated by itself, since an isolate ends with its line."""
    rtl = is_right_to_left(text.plain) if right_to_left is None else right_to_left
    for line in _lines(console, text, indent):
        edges = (_RIGHT_TO_LEFT, _POP) if rtl else ("", "")
        console.print(Text.assemble(" " * indent, edges[0], line, edges[1]), soft_wrap=True)


def _lines(console: Console, text: Text, indent: int) -> Iterator[Text]:
    if console.soft_wrap:
        yield from text.split("\n")
    else:
        yield from text.wrap(console, max(20, min(console.width, _WIDEST) - indent))
