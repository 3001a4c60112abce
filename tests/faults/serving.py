"""Questions to an assistant while its index is changed under it: none fails, each is answered from one generation.

Every change gives all articles the same turn, so an answer that tells of two turns saw half a change. Each change is a
run of ``index``, or in its place, now and then, a rebuild, or a backup taken back.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from rag.assistant import Assistant
from rag.index.backup import backup_index, restore_index
from rag.ingestion.indexing import index_articles
from rag.settings import Settings
from tests.fakes import HashEncoder

SUBJECTS = ("rain", "harvest", "border", "river", "market", "school")
READERS = 3
_TURN = re.compile(r"turn (\d+)")


def run(root: Path, changes: int, questions: int, encoder: HashEncoder) -> Counter[str]:
    """Change everything ``changes`` times while at least ``questions`` are asked; counts what was done.

    Raises what a question or a change raised, and AssertionError for an answer from two generations.
    """
    write(root / "corpus", 0)
    index_articles([root / "corpus"], index_dir=root / "index", encoder=encoder)
    assistant = Assistant.load(Settings(index_dir=root / "index", reading=False), encoder=encoder)
    stop, done = Event(), Counter[str]()
    with ThreadPoolExecutor(READERS) as pool:
        asking = [pool.submit(ask_until, stop, assistant, done) for _ in range(READERS)]
        try:
            for turn in range(1, changes + 1):
                done[change(root, turn, encoder)] += 1
                while done["questions"] * changes < questions * turn and not any(each.done() for each in asking):
                    time.sleep(0.005)
        finally:
            stop.set()
    for each in asking:
        each.result()
    return done


def write(corpus: Path, turn: int) -> None:
    """All articles, telling of the turn."""
    corpus.mkdir(exist_ok=True)
    for subject in SUBJECTS:
        text = f"The {subject} was in the news of turn {turn}.\n\nPeople spoke of the {subject} all day in turn {turn}."
        (corpus / f"{subject}.txt").write_text(text)


def change(root: Path, turn: int, encoder: HashEncoder) -> str:
    """Change every article in one of the ways there are; returns which."""
    write(root / "corpus", turn)
    if turn % 10 == 4:
        backup_index(root / "index", root / "saved")
    if turn % 10 == 6:
        restore_index(root / "index", root / "saved")
        return "restored"
    index_articles([root / "corpus"], index_dir=root / "index", encoder=encoder, rebuild=turn % 10 == 8)
    return "rebuilt" if turn % 10 == 8 else "re-indexed"


def ask_until(stop: Event, assistant: Assistant, done: Counter[str]) -> None:
    """Ask and check, over and over."""
    number = 0
    while not stop.is_set():
        answer = assistant.ask(f"What of the {SUBJECTS[number % len(SUBJECTS)]} in the news?")
        told = [citation.quote for citation in answer.citations] + [passage.text for passage in answer.passages]
        turns = set(_TURN.findall(" ".join(told)))
        assert len(turns) == 1, f"one answer, turns {sorted(turns)}: {told}"
        done["questions"] += 1  # two threads may count one together: that asks one more
        number += 1
