"""Outlets: their own name where it is known, its sound where it is not, nothing where there is nothing to render."""

from __future__ import annotations

import pytest

from rag.entities.outlets import render_outlet
from rag.resources import asset
from rag.text.folding import normalise, script_of


@pytest.mark.parametrize(
    ("source", "language", "shown"),
    [
        ("الجزيرة", "en", "Al Jazeera"),
        ("قناة الجزيرة", "fr", "Al Jazeera"),
        ("صحيفة الشرق الأوسط", "de", "Asharq Al-Awsat"),
        ("BBC عربي", "en", "BBC Arabic"),
        ("وكالة الأنباء الجزائرية", "fr", "APS"),
        ("Reuters", "ar", "رويترز"),
        ("مكتب إسناد بالقاهرة", "fr", "≈ Maktab Isnad Le Caire"),
        ("جريدة المحمدية", "en", "≈ al-Mahmadya"),
        ("Le Monde", "ar", ""),  # a name that no table has stays as it is
        ("Le Monde", "en", ""),
        ("الجزيرة", "ar", ""),
        ("新华社", "en", ""),
        ("الجزيرة", "und", ""),
        ("", "en", ""),
    ],
)
def test_a_name_in_the_readers_script(source: str, language: str, shown: str) -> None:
    assert render_outlet(source, language) == shown


def test_the_table_names_no_outlet_twice() -> None:
    rows = [line.split("\t") for line in asset("outlets.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
    names = [normalise(name) for name, _ in rows]
    forms = [normalise(form) for _, forms in rows for form in forms.split("|")]
    assert len(set(names)) == len(names)
    assert len(set(forms)) == len(forms)
    assert all(script_of(name) == "latn" for name, _ in rows)
