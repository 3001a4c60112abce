"""The network against its ONNX form, and a run: it learns, stops, goes on, and exports what it learnt."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from rag.encoding.bundled_graph import build_reading_graph
from rag.reader.weights import provenance_of, read_trained
from tests.tiny_weights import HIDDEN, PIECES, tiny_weights
from training.mixture import Lesson

torch = pytest.importorskip("torch", reason="needs torch")
from training.export import main as export  # noqa: E402  # after the check that torch is there
from training.loop import Training, batches, collate, rate, read_loss, span_loss  # noqa: E402
from training.network import ReaderNetwork  # noqa: E402

pytestmark = pytest.mark.torch


def network(seed: int = 0) -> ReaderNetwork:
    torch.manual_seed(seed)
    return ReaderNetwork(tiny_weights(), torch.float32, frozen=1)


def training_of(plan: list[list[Lesson]], folder: Path, seed: int, seconds: float = math.inf) -> Training[Lesson]:
    reader = network()
    return Training(reader, plan, read_loss(reader), folder, seed, seconds)


def lessons(count: int, seed: int = 0) -> list[Lesson]:
    """The answer is wherever token 9 stands, which the network can learn."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        ids = random.integers(10, len(PIECES), random.integers(8, 20)).tolist()
        place = int(random.integers(4, len(ids) - 1))
        ids[place] = 9
        made.append(Lesson([0, *ids[1:-1], 2], 4, place, place))
    return made


def test_the_onnx_form_scores_as_the_network_does() -> None:
    import onnxruntime

    torch_network = network().eval()
    with torch.no_grad():
        for values in torch_network.tensors.values():
            values.add_(0.02 * torch.randn_like(values))
    trained = {name.replace("_", "."): values.detach().numpy() for name, values in torch_network.tensors.items()}
    assert trained["head.w"].shape == (2, HIDDEN)
    session = onnxruntime.InferenceSession(
        build_reading_graph(tiny_weights(), "float32", trained), providers=["CPUExecutionProvider"]
    )
    batch = collate(lessons(5), torch.device("cpu"))
    mask = (torch.arange(batch.ids.shape[1])[None] < batch.lengths[:, None]).int()
    (logits,) = session.run(None, {"ids": batch.ids.numpy(), "mask": mask.numpy()})
    with torch.no_grad():
        expected = torch_network(batch.ids, batch.lengths).numpy()
    seen = mask.numpy().astype(bool)
    np.testing.assert_allclose(logits[seen], expected[seen], atol=2e-3)


def test_batches_hold_every_lesson_once_and_pad_little() -> None:
    given = lessons(500)
    groups = batches(given, seed=0)
    assert sorted(id(one) for group in groups for one in group) == sorted(map(id, given))
    padded = sum(len(group) * max(len(one.ids) for one in group) for group in groups)
    assert padded < 1.3 * sum(len(one.ids) for one in given)
    assert batches(given, seed=0) == groups


@pytest.mark.parametrize(("done", "share"), [(0.0, 0.0), (0.03, 0.5), (0.06, 1.0), (0.53, 0.5), (1.0, 0.0)])
def test_the_rate_rises_then_falls(done: float, share: float) -> None:
    assert rate(done) == pytest.approx(share)


def test_the_loss_looks_at_the_text_and_the_first_token_only() -> None:
    batch = collate([Lesson([0, 5, 6, 7, 8, 2], 3, 4, 4)], torch.device("cpu"))
    logits = torch.zeros(1, 6, 2)
    assert float(span_loss(logits, batch)) == pytest.approx(np.log(3))  # first token and the text's two
    logits[0, [1, 2, 5]] = 50.0
    assert float(span_loss(logits, batch)) == pytest.approx(np.log(3))


def test_a_run_learns_and_one_that_was_cut_goes_on_to_the_same(tmp_path: Path) -> None:
    plan = [lessons(16, seed) for seed in range(60)]
    said: list[str] = []

    def started(folder: Path) -> Training[Lesson]:
        folder.mkdir(exist_ok=True)
        training = training_of(plan, folder, seed=0)
        training.resume()
        return training

    whole = started(tmp_path / "whole")
    whole.run(said.append, lambda: "validated", every=0.5)
    cut = started(tmp_path / "cut")
    while cut.step < 25:
        cut._learn(plan[cut.step])
        cut.step += 1
    cut.save()
    resumed = started(tmp_path / "cut")
    resumed.run(lambda line: None, lambda: "", every=0.5)
    assert "step 31 validated" in said
    assert said[-1] == "done validated"
    for name, values in whole.network.tensors.items():
        torch.testing.assert_close(values, resumed.network.tensors[name], atol=1e-4, rtol=1e-3)
    losses = [float(line.split("loss ")[1].split()[0]) for line in said if "loss" in line]
    assert losses[1] < losses[0]


def test_a_run_ends_when_its_time_is_spent(tmp_path: Path) -> None:
    training = training_of([lessons(4)] * 1000, tmp_path, seed=0, seconds=0.2)
    training.run(lambda line: None, lambda: "", every=1.0)
    assert 0 < training.step < 1000
    assert training.done == 1.0


def test_an_export_holds_what_was_trained(tmp_path: Path) -> None:
    training = training_of([lessons(4)], tmp_path, seed=0)
    (tmp_path / "log.txt").write_text("12:00:00 step 1\n12:00:01 done xquad ar->ar 60.0/40.0\n")
    training.run(lambda line: None, lambda: "", every=1.0)
    assert export([str(tmp_path), "--output", str(tmp_path / "reader.safetensors")]) == 0
    read = read_trained(tmp_path / "reader.safetensors")
    assert read.keys() == {name.replace("_", ".") for name in training.network.tensors}
    np.testing.assert_array_equal(read["head.w"], training.network.tensors["head_w"].detach().numpy())
    assert "60.0/40.0" in json.dumps(json.loads(provenance_of(tmp_path / "reader.safetensors").read_text()))


def test_a_run_begins_with_the_weights_of_another_and_nothing_else_of_it(tmp_path: Path) -> None:
    first = training_of([lessons(4)] * 3, tmp_path / "first", seed=0)
    first.folder.mkdir()
    first.run(lambda line: None, lambda: "", every=1.0)
    second = training_of([lessons(4)] * 3, tmp_path / "second", seed=0)
    second.begin_with(tmp_path / "first")
    assert (second.step, second.spent) == (0, 0)
    for name, values in first.network.tensors.items():
        torch.testing.assert_close(values, second.network.tensors[name])


def test_several_runs_become_the_mean_of_their_weights_by_share(tmp_path: Path) -> None:
    heads = []
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "log.txt").write_text("12:00:00 step 1\n")
        training = training_of([lessons(4)] * number, folder, seed=number)
        training.run(lambda line: None, lambda: "", every=1.0)
        heads.append(training.network.tensors["head_w"].detach().numpy())
    export([f"{tmp_path / '1'}=3", f"{tmp_path / '2'}", "--output", str(tmp_path / "reader.safetensors")])
    read = read_trained(tmp_path / "reader.safetensors")
    np.testing.assert_allclose(read["head.w"], 0.75 * heads[0] + 0.25 * heads[1], rtol=1e-5, atol=1e-7)
