"""The bundled models, by themselves and through the path of any other model: the same answers, and what it costs.

    python -m bench.general_path [../shared/data]

Encoder and reader are written in Hugging Face's format (``training/hub_folders.py``) and loaded from there. Each of 500
questions is read over the sentence that holds its answer and those beside it, by every kind of reader in turn. Spans
are compared with those of the bundled reader in the same precision: int8 as it ships, or float32.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.reports import write_report
from rag.documents import Span
from rag.encoding.bundled_encoder import BundledEncoder, open_session
from rag.encoding.bundled_graph import build_reading_graph
from rag.encoding.bundled_weights import BundledWeights, find_weights
from rag.encoding.encoder import Encoder, PassageText
from rag.encoding.placement import Placement
from rag.encoding.transformer_encoder import TransformerEncoder
from rag.evaluation.evaluation_set import GoldQuestion, load_set
from rag.reader.bundled_reader import BundledReader
from rag.reader.transformer_reader import TransformerReader
from rag.reader.weights import read_trained
from rag.reader.windows import AnswerReader, Marked, Window
from rag.settings import Settings
from rag.text.sentences import split_sentences
from training.hub_folders import ENCODER, READER, write_encoder_folder, write_reader_folder
from training.hub_graphs import write_reader_graphs

SETS = ("xquad-en-ar", "xquad-ar-ar", "xquad-en-en", "arcd", "xquad-es-ar")
QUESTIONS, PASSAGES = 500, 100
EXACT, SHIPPED, GENERAL = "bundled, float32", "bundled, int8 (as shipped)", "general, transformers"
GRAPHS = {"general, ONNX float32": "onnx", "general, ONNX int8": "onnx-int8"}
Asked = tuple[str, Window]


def main(data: Path) -> None:
    """Write the folders, ask every reader, encode with every encoder, report."""
    asked = [one for name in SETS for one in windows(data / name, QUESTIONS // len(SETS))]
    cache = Settings.load().cache_dir
    with tempfile.TemporaryDirectory() as parent:
        weights, trained, folder = BundledWeights.read(find_weights()), read_trained(), Path(parent)
        write_encoder_folder(folder / ENCODER, weights)
        write_reader_graphs(write_reader_folder(folder / READER, weights, trained), weights, trained)
        (folder / "exact.onnx").write_bytes(build_reading_graph(weights, "float32", trained))
        shipped = BundledEncoder.load(cache)
        readers: dict[str, AnswerReader] = {
            SHIPPED: BundledReader.load(shipped.tokenizer, cache),
            EXACT: BundledReader(shipped.tokenizer, open_session(folder / "exact.onnx")),
            GENERAL: TransformerReader.load(str(folder / READER), Placement("cpu"), print),
        }
        for name, backend in GRAPHS.items():
            readers[name] = TransformerReader.load(str(folder / READER), Placement("cpu", backend), print)
        encoders: dict[str, Encoder] = {
            SHIPPED: shipped,
            GENERAL: TransformerEncoder.load(str(folder / ENCODER), print, Placement("cpu")),
        }
        lines = [*reading(asked, readers), "", *encoding(encoders, [window.text for _, window in asked[:PASSAGES]])]
    write_report("general_path", "python -m bench.general_path ../shared/data", "\n".join(lines))
    print("\n".join(lines))


def windows(folder: Path, most: int) -> Iterator[Asked]:
    """The first questions of a set, each with the sentence of its first answer and its neighbours."""
    given = load_set(folder)
    answerable = [question for question in given.questions if question.answers]
    for question in answerable[:: max(1, len(answerable) // most)][:most]:
        yield question.question, _around(question, given.articles[question.answers[0].article_id].text)


def _around(question: GoldQuestion, text: str) -> Window:
    sentences, at = split_sentences(text), question.answers[0].start
    number = next(place for place, span in enumerate(sentences) if at < span.end)
    near = sentences[max(0, number - 1) : number + 2]
    start = near[0].start
    return Window(text[start : near[-1].end], tuple(Span(each.start - start, each.end - start) for each in near))


def reading(asked: Sequence[Asked], readers: Mapping[str, AnswerReader]) -> Iterator[str]:
    """A line a reader: how many best spans are those of both bundled ones, and the time of a question, by medians.

    They take turns at each question, so that whatever else the machine does is everyone's.
    """
    marks: dict[str, list[Marked | None]] = {name: [] for name in readers}
    took: dict[str, list[float]] = {name: [] for name in readers}
    for question, window in asked:
        for name, reader in readers.items():
            started = time.perf_counter()
            marks[name].append(best(reader.read(question, [window])[0]))
            took[name].append(time.perf_counter() - started)
    yield from ("| reader | questions | words as in int8 | as in float32 | and margin | ms | times |", "|---" * 7 + "|")
    for name, found in marks.items():
        shipped, exact = (_alike(found, marks[other]) for other in (SHIPPED, EXACT))
        margin = max(each[1] for each in (shipped, exact))
        times = np.median(np.divide(took[name], took[SHIPPED]))
        told = f"{1000 * np.median(took[name]):.1f} | {times:.2f}"
        yield f"| {name} | {len(found)} | {shipped[0]} | {exact[0]} | {margin} | {told} |"


def _alike(found: Sequence[Marked | None], others: Sequence[Marked | None]) -> tuple[int, int]:
    """How many mark the same words, and how many of these with a margin within .1."""
    equal = [
        (one.margin, other.margin)
        for one, other in zip(found, others, strict=True)
        if one and other and one[:2] == other[:2]
    ]
    return len(equal), sum(abs(one - other) < 0.1 for one, other in equal)


def best(marks: Sequence[Marked | None]) -> Marked | None:
    """The likeliest words of a window."""
    return max((mark for mark in marks if mark), key=lambda mark: mark.margin, default=None)


def encoding(encoders: Mapping[str, Encoder], texts: Sequence[str]) -> Iterator[str]:
    """A line an encoder: how near its vectors are to the first one's, and the time of a passage."""
    passages, vectors = [PassageText("", text) for text in texts], {}
    yield from ("| encoder | passages | least cosine | ms a passage |", "|---|---|---|---|")
    for name, encoder in encoders.items():
        list(encoder.encode_passages(passages[:4]))
        started = time.perf_counter()
        vectors[name] = np.stack([each.pooled for each in encoder.encode_passages(passages)])
        took = (time.perf_counter() - started) / len(passages)
        near = np.einsum("nd,nd->n", vectors[name], vectors[SHIPPED]).min()
        yield f"| {name} | {len(passages)} | {near:.4f} | {1000 * took:.1f} |"


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
