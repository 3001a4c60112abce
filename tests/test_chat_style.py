"""The chat's colours keep the contrast that WCAG 2.2 AA asks for, and its files fetch nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ASSETS = Path(__file__).resolve().parent.parent / "rag" / "assets"
SCRIPTS = sorted(path.name for path in ASSETS.glob("chat*.js"))
CSS = (ASSETS / "chat.css").read_text(encoding="utf-8")
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "muted", "accent-strong") for ground in ("paper", "surface", "sunken")),
    ("on-accent", "accent"),
    ("accent-strong", "accent-soft"),
    ("mark-ink", "mark"),
    ("ink", "quoted"),
    ("caution", "caution-soft"),
    ("caution", "paper"),
    ("danger", "danger-soft"),
    ("ink", "danger-soft"),
]
EDGE_PAIRS = [("accent", "paper"), ("accent", "surface"), ("accent", "sunken"), ("line-strong", "surface")]


def tokens(selector: str) -> dict[str, str]:
    block = re.search(rf"^{re.escape(selector)} \{{(.*?)^\}}", CSS, re.DOTALL | re.MULTILINE)
    assert block
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of ``#rrggbb``."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [":root", ".dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_stands_out_from_its_ground(theme: str, ink: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", [":root", ".dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_of_controls_stand_out(theme: str, edge: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[edge], colours[ground]) >= 3


def test_black_on_white_is_the_known_ratio() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("name", ["chat.css", *SCRIPTS])
def test_the_files_name_no_other_host(name: str) -> None:
    text = (ASSETS / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert "//" not in re.sub(r"(?m)(^|\s)//.*$", "", text)
    assert "@import" not in text


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_script_writes_no_markup(name: str) -> None:
    script = (ASSETS / name).read_text(encoding="utf-8")
    for risky in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert risky not in script
