"""Encoding in shards, without Ray where it can be, and on a cluster of two workers that loses its driver."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag.documents import Article
from rag.encoding.encoder import Encoder
from rag.errors import EncoderError
from rag.ingestion import ray_encoding
from rag.ingestion.indexing import index_given
from rag.ingestion.passage_encoding import encode_passages
from rag.ingestion.ray_encoding import EncodedShard, Shard, ShardedEncoding, ShardEncoder, on_ray, shards_of
from rag.settings import Settings
from rag.store.profile import Profile
from rag.text.chunking import split_article
from tests.conftest import ROOT
from tests.fakes import HashEncoder
from tests.ray_cluster import WORKERS, ray_cluster
from tests.storage import CORPUS, ENCODER, article, everything, give, opened

LONG = article("long", "\n\n".join(f"Paragraph {n} tells of rain. {'It fell on the valley. ' * 60}" for n in range(9)))
EMPTY = article("empty", "Nothing of it is a passage.")
PROFILE = Profile.current(ENCODER.fingerprint)


@pytest.fixture(autouse=True)
def stand_in(monkeypatch) -> None:
    """What a worker loads."""
    monkeypatch.setattr(ray_encoding, "load_encoder", lambda settings: ENCODER)
    ray_encoding._loaded.cache_clear()


class Workers:
    """Runs shards here, in place of a cluster; the one numbered ``failing`` (from one) fails."""

    def __init__(self, failing: int = 0) -> None:
        self.failing = failing
        self.shards: list[int] = []

    def __call__(self, shards: Sequence[Shard]) -> Iterator[EncodedShard]:
        for shard in shards:
            self.shards.append(len(shard.passages))
            if len(self.shards) == self.failing:
                raise EncoderError("The Ray cluster failed.")
            yield ShardEncoder(Settings(), PROFILE).encode(shard)


def cut(given: Sequence[Article], encoder: Encoder = ENCODER):
    return [(each, [] if each is EMPTY else split_article(each, encoder.token_spans)) for each in given]


def stories(count: int) -> list[Article]:
    return [article(f"a{n}", f"Story {n} tells of the border.") for n in range(count)]


def as_values(encoded):
    return [(e.passage, e.pooled.tolist(), e.codes, e.spans.tolist(), e.counts.tolist()) for e in encoded]


# -- shards --------------------------------------------------------------------------------------------------------


def test_shards_hold_every_passage_in_order_and_no_article_text():
    articles = cut([*CORPUS, LONG])
    shards = shards_of(articles, 4)
    flat = [pair for shard in shards for pair in shard.passages]
    assert [len(shard.passages) for shard in shards[:-1]] == [4] * (len(shards) - 1)
    assert [passage for _, passage in flat] == [passage for _, passages in articles for passage in passages]
    assert not any(head.text for head, _ in flat)
    assert [head.id for head, _ in flat] == [owner.id for owner, passages in articles for _ in passages]


def test_nothing_makes_no_shard():
    assert shards_of([]) == shards_of([(EMPTY, [])]) == []


@pytest.mark.parametrize("size", [1, 2, 5, 64])
def test_what_shards_give_is_what_one_encoder_gives(size):
    articles = cut([CORPUS[0], EMPTY, LONG, *CORPUS[1:]])
    found = ShardedEncoding(Workers(), 2, size).encode(articles)
    wanted = encode_passages(ENCODER, articles)
    assert [as_values(each) for each in found] == [as_values(each) for each in wanted]


def test_a_batch_keeps_every_core_busy():
    one, sixteen, none_yet = (ShardedEncoding(Workers(), cpus).batch_passages for cpus in (1, 16, 0))
    assert one == none_yet == ray_encoding.SHARD_PASSAGES * ray_encoding.SHARDS_PER_CPU
    assert sixteen == 16 * one


# -- ingestion -----------------------------------------------------------------------------------------------------


def test_an_index_made_elsewhere_is_the_one_made_here(tmp_path):
    workers = Workers()
    index_given(
        [*CORPUS, LONG], index_dir=tmp_path / "there", encoder=ENCODER, elsewhere=ShardedEncoding(workers, cpus=2)
    )
    give(tmp_path / "here", [*CORPUS, LONG])
    assert everything(opened(tmp_path / "there")) == everything(opened(tmp_path / "here"))
    assert len(workers.shards) == 1


def test_batches_are_as_large_as_the_cluster_wants(tmp_path):
    workers = Workers()
    index_given(stories(30), index_dir=tmp_path, encoder=ENCODER, elsewhere=ShardedEncoding(workers, 1, 3))
    assert workers.shards == [3] * 10  # batches of twelve, twelve and six


def test_after_a_failure_only_what_was_not_committed_is_encoded(tmp_path):
    broken, sound = Workers(failing=10), Workers()
    with pytest.raises(EncoderError, match="cluster failed"):
        index_given(stories(40), index_dir=tmp_path, encoder=ENCODER, elsewhere=ShardedEncoding(broken, 1, 2))
    report = index_given(stories(40), index_dir=tmp_path, encoder=ENCODER, elsewhere=ShardedEncoding(sound, 1, 2))
    assert (len(report.unchanged), len(report.indexed)) == (16, 24)  # the third batch of eight failed
    assert sum(sound.shards) == 24
    assert report.articles == 40


# -- what is told --------------------------------------------------------------------------------------------------


def test_a_worker_with_another_encoder_is_refused(monkeypatch):
    monkeypatch.setattr(ray_encoding, "load_encoder", lambda settings: HashEncoder(name="other"))
    with pytest.raises(EncoderError, match=r"The encoder other on .+ differs.*Install the same requirements"):
        next(Workers()([shards_of(cut(CORPUS))[0]]))


@pytest.mark.parametrize(
    ("said", "from_task", "told"),
    [
        ("ray::Map()\n  File x, line 1\nKeyError: 'a'\n\nThe above exception was …\nRetry.", True, "KeyError: 'a'"),
        ("The node ran out of memory.\nMemory on the node: 3 GB", False, "The node ran out of memory."),
    ],
)
def test_a_failure_of_the_cluster_says_why_and_that_running_again_goes_on(said, from_task, told):
    assert str(ray_encoding._failed(said, from_task)) == (
        f"The Ray cluster failed: {told} What was committed is kept: mend the cluster and run the same command again."
    )


def test_without_ray_the_command_that_installs_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(EncoderError, match="not installed") as caught, on_ray("local", Settings(), PROFILE):
        pass
    assert caught.value.hint == "Install it: pip install 'ray[data]>=2.60,<3'"


def test_where_nothing_listens_is_told_at_once(monkeypatch):
    monkeypatch.setattr(ray_encoding, "_imported", lambda: None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(EncoderError, match=f"No Ray cluster answers at '127.0.0.1:{port}'"):
        on_ray(f"127.0.0.1:{port}", Settings(), PROFILE).__enter__()


class StandInRay(SimpleNamespace):
    """As much of Ray as is called here: a dataset maps its rows one by one, in this process."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        context = SimpleNamespace(execution_options=SimpleNamespace(preserve_order=False))
        data = SimpleNamespace(DataContext=SimpleNamespace(get_current=lambda: context), from_items=self.from_items)
        super().__init__(
            data=data, context=context, exceptions=SimpleNamespace(RayError=OSError, RayTaskError=ConnectionResetError)
        )

    def init(self, address: str, **options) -> None:
        self.calls.append(f"init {address}")
        self.options = options

    def cluster_resources(self) -> dict[str, float]:
        print("(raylet) A machine went.")
        return {"CPU": 3.0}

    def shutdown(self) -> None:
        self.calls.append("shutdown")

    def from_items(self, items, override_num_blocks: int):
        self.calls.append(f"{override_num_blocks} blocks")
        return SimpleNamespace(
            map=lambda fn, fn_kwargs: SimpleNamespace(iter_rows=lambda: self.rows(items, fn, fn_kwargs))
        )

    def rows(self, items, fn, fn_kwargs):
        self.worker = fn_kwargs["worker"]
        for item in items:
            yield fn(item, **fn_kwargs)


@pytest.fixture
def ray(monkeypatch) -> StandInRay:
    stand_in = StandInRay()
    monkeypatch.setattr(ray_encoding, "_imported", lambda: stand_in)
    return stand_in


def test_a_batch_is_a_dataset_of_shards_in_order(ray, capsys):
    articles = cut(stories(2 * ray_encoding.SHARD_PASSAGES + 1))
    with on_ray("local", Settings(), PROFILE) as encoding:
        found = list(encoding.encode(articles))
    assert ray.calls == ["init local", "3 blocks", "shutdown"]
    assert ray.context.execution_options.preserve_order
    assert encoding.batch_passages == 3 * ray_encoding.SHARD_PASSAGES * ray_encoding.SHARDS_PER_CPU
    assert [as_values(each) for each in found] == [as_values(each) for each in encode_passages(ENCODER, articles)]
    assert capsys.readouterr() == ("", "(raylet) A machine went.\n")  # the report alone goes to standard output


def test_workers_get_this_package_and_no_key(ray):
    settings = Settings(encoder="/models/e5", openai_api_key="secret", qdrant_api_key="secret")
    with on_ray("local", settings, PROFILE) as encoding:
        list(encoding.encode(cut(CORPUS)))
    assert ray.options["runtime_env"] == {"py_modules": [str(ROOT / "rag")]}
    assert ray.worker.settings == replace(Settings(), encoder="/models/e5")


def test_what_a_worker_says_is_told(ray):
    told = pytest.raises(EncoderError, match=r"differs from the one here")
    with told, on_ray("local", Settings(), replace(PROFILE, chunker=99)) as encoding:
        list(encoding.encode(cut(CORPUS)))
    assert ray.calls[-1] == "shutdown"


def test_ray_is_shut_down_when_the_cluster_fails(ray):
    def failing(*arguments):
        raise ConnectionResetError("The head is gone.")

    ray.rows = failing
    told = pytest.raises(EncoderError, match=r"The Ray cluster failed: The head is gone\.")
    with told, on_ray("local", Settings(), PROFILE) as encoding:
        list(encoding.encode(cut(CORPUS)))
    assert ray.calls[-1] == "shutdown"


def test_ray_is_shut_down_only_once_nobody_waits_for_it(ray):
    waiting, may_go_on = threading.Event(), threading.Event()

    def slow(items, fn, fn_kwargs):
        try:
            for item in items:
                waiting.set()
                assert may_go_on.wait(timeout=20)
                yield fn(item, **fn_kwargs)
        finally:
            ray.calls.append("left")

    ray.rows = slow
    with ThreadPoolExecutor(1) as pool:
        with on_ray("local", Settings(), PROFILE) as encoding:
            encoded = pool.submit(lambda: list(encoding.encode(cut(stories(200)))))
            assert waiting.wait(timeout=20)
            threading.Timer(0.2, may_go_on.set).start()
        assert ray.calls[-2:] == ["left", "shutdown"]
        assert "stopped" in str(encoded.exception(timeout=20))
    with pytest.raises(EncoderError, match="stopped"):  # a thread that comes too late would start Ray anew
        next(encoding.encode(cut(CORPUS)))


# -- a real cluster ------------------------------------------------------------------------------------------------

ARTICLES, SHARD = 240, 8  # some four batches of two workers
DRIVER = f"""
import sys
from functools import partial
from rag.__main__ import main
from rag.ingestion import ray_encoding
ray_encoding.ShardedEncoding = partial(ray_encoding.ShardedEncoding, shard_passages={SHARD})
sys.exit(main(sys.argv[1:]))
"""


def committed(index_dir: Path) -> int:
    try:
        with sqlite3.connect(f"file:{index_dir / 'store.sqlite3'}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM article_versions").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


@pytest.mark.slow
def test_a_killed_run_on_two_workers_is_completed_by_the_next(tmp_path, bundled_encoder):
    if importlib.util.find_spec("ray") is None:
        pytest.skip(f"needs Ray: {ray_encoding.INSTALL}")
    corpus, index_dir = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for part in range(15):
        lines = [json.dumps({"id": f"{part}-{n}", "text": f"Story {n} of part {part}."}) for n in range(ARTICLES // 15)]
        (corpus / f"part-{part:02}.jsonl").write_text("\n".join(lines), "utf-8")
    environment = {**os.environ, "ISNAD_INDEX_DIR": str(index_dir)}
    with ray_cluster() as address:
        command = [sys.executable, "-c", DRIVER, "index", "--json", "--ray", address, str(corpus)]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as killed:
            while not (before := committed(index_dir)):
                assert killed.poll() is None, "it ended before it was killed"
                time.sleep(0.1)
            killed.kill()
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    batch = SHARD * ray_encoding.SHARDS_PER_CPU * WORKERS
    assert before % batch == 0
    assert report["articles"] == ARTICLES
    assert report["encoded_passages"] == ARTICLES - before
    assert opened(index_dir, bundled_encoder).counts["articles"] == ARTICLES
