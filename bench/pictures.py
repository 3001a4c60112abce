"""The report's figures as SVG files that stand alone, light or dark as the reader's screen is."""

from __future__ import annotations

from bench.reports import RESULTS
from rag.evaluation.report.plots import HEIGHT, WIDTH
from rag.rendering import Html

_STYLE = """
svg { color-scheme: light dark; --paper: #fff; --ink: #1d1f21; --muted: #5b5e60; --line: #ddd8cc;
  --line-strong: #8d897e; --first: #0b6f69; font: 10.5px system-ui, sans-serif }
@media (prefers-color-scheme: dark) { svg { --paper: #121517; --ink: #ebe8e1; --muted: #a9aba9; --line: #30353a;
  --line-strong: #767b80; --first: #58b5ab } }
.ground { fill: var(--paper) } text { fill: var(--muted) } .middle { text-anchor: middle } .end { text-anchor: end }
.label { fill: var(--ink); font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 3px }
.grid { stroke: var(--line) } .base, .nick { stroke: var(--line-strong) }
.line { fill: none; stroke: var(--first); stroke-width: 2; stroke-linejoin: round }
.line.ceiling { stroke: var(--line-strong); stroke-width: 1.25; stroke-dasharray: 4 4 }
.dot, .mark { fill: var(--first) }
"""


def save_picture(name: str, figure: Html, says: str) -> str:
    """Write ``bench/results/NAME.svg``; the line of Markdown that shows it."""
    style = "".join(_STYLE.split("\n"))
    ground = f'<style>{style}</style><rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>'
    head, body = figure.replace("viewbox=", "viewBox=", 1).split(">", 1)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.svg").write_text(f'{head} xmlns="http://www.w3.org/2000/svg">{ground}{body}\n', "utf-8")
    return f"![{says}]({name}.svg)"
