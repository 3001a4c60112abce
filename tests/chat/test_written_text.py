"""A model's Markdown becomes paragraphs, lists, bold words and tables, and nothing else."""

from __future__ import annotations

import pytest

from rag.chat.written_text import Said, draw
from rag.rendering import element
from tests.fake_assistant import HOSTILE_STRINGS

ONE, FLAG = element("b", {}, "1"), element("i", {}, "doubtful")


def drawn(*sentences: Said) -> str:
    return "".join(draw(sentences)).replace(' dir="auto"', "")


def test_a_list_has_each_sentence_with_its_marker_in_its_item() -> None:
    said = [
        Said("The **states** are:"),
        Said("- **Mali**", "\n", ONE),
        Said("- Niger sent 3,000 men.", "\n", ONE, FLAG),
        Said("That is all.", "\n\n", ONE),
    ]
    assert drawn(*said) == (
        '<p><span class="said">The <strong>states</strong> are:</span></p>'
        '<ul><li><p><span class="said"><strong>Mali</strong><b>1</b></span></p></li>'
        '<li><p><span class="unsupported"><span class="said">Niger sent 3,000 men.<b>1</b></span> '
        '<i>doubtful</i></span></p></li></ul><p><span class="said">That is all.<b>1</b></span></p>'
    )


def test_a_table_has_its_markers_in_the_last_cell() -> None:
    rows = Said("| State | Men |"), Said("|---|---|", "\n"), Said("| Mali | 200 |", "\n", ONE, FLAG)
    markup = drawn(*rows)
    assert markup.startswith("<table><thead><tr><th> State</th><th>")
    assert "<td> Mali</td><td>" in markup
    assert markup.index("200") < markup.index("<b>1</b>") < markup.index("</tbody>")
    assert "doubtful" in markup


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. First\n2. Second", "<ol><li>"),
        ("3. Third", '<ol start="3">'),
        ("# Head", '<p class="heading">'),
        ("Mali,\nNiger", 'Mali,</span> <span class="said">Niger'),
        ("NOT\\_IN a_b_c", "NOT_IN a_b_c"),
        ("**whole**", "<strong>whole</strong>"),
        ("• one\n• two", "<ul>"),
    ],
)
def test_what_may_be_drawn(text: str, shown: str) -> None:
    lines = text.split("\n")
    assert shown in drawn(*(Said(line, "\n") for line in lines))


@pytest.mark.parametrize(
    "text",
    [
        *HOSTILE_STRINGS,
        "[a](https://evil.example) <https://evil.example> ![p](https://evil.example/p.png)",
        "<script>alert(1)</script>",
        "```\n<img src=x>\n```",
        "> quote",
        "\ue0000;\ue00199;",
    ],
)
def test_nothing_else_becomes_markup(text: str) -> None:
    markup = drawn(Said(text, "\n", ONE))
    for tag in ("p", "span", "b", "strong", "em", "ul", "ol", "li"):
        for name in (f"<{tag}>", f"</{tag}>", f'<{tag} class="said">', f'<{tag} class="heading">'):
            markup = markup.replace(name, "")
    assert "<" not in markup
    assert "<b>1</b>" in drawn(Said(text, "\n", ONE))


def test_a_sentence_that_ends_elsewhere_than_it_begins_keeps_its_marker() -> None:
    assert drawn(Said("**It is.**"), Said("Now: **so.", " ", ONE), Said("And so.**", " ", ONE)).count("<b>1</b>") == 2


@pytest.mark.parametrize(
    "after", [Said("And more.", " ", ONE), Said("| a | b | c |", "\n", ONE), Said("|alone|", " ", ONE), Said("|", " ")]
)
def test_no_sentence_is_lost_beside_a_table(after: Said) -> None:
    rows = Said("| State | Men |"), Said("|---|---|", "\n"), Said("| Mali | 200 |", "\n", ONE, FLAG)
    markup = drawn(*rows, after)
    for word in ("State", "Men", "Mali", "200", *after.text.strip("|. ").split(" | ")):
        assert word in markup
    assert markup.count("<b>1</b>") == 1 + bool(after.markers)
    assert markup.count("doubtful") == 1
