"""Keys: random, hashed, found in constant time, kept through crashes and between processes."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path

import pytest

from rag.errors import AccessError, StorageError
from rag.serving.gate.access import KeyRing, bearer_key, is_loopback, require_keys
from rag.serving.gate.ledger import Ledger


def test_a_secret_is_long_random_and_stored_only_as_its_hash(tmp_path: Path) -> None:
    ring = KeyRing.open(tmp_path)
    secrets = [ring.create("", ["ask"])[1] for _ in range(3)]

    assert len(set(secrets)) == 3
    assert all(len(secret.split("_", 2)[2]) == 43 for secret in secrets)  # 256 bits in base64
    stored = (tmp_path / "keys.json").read_text()
    assert not any(secret in stored for secret in secrets)
    assert all(len(row["sha256"]) == 64 for row in json.loads(stored))
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("scopes", [[], ["root"], ["ask", "*"]])
def test_only_known_scopes_make_a_key(tmp_path: Path, scopes: list[str]) -> None:
    with pytest.raises(AccessError):
        KeyRing.open(tmp_path).create("", scopes)  # type: ignore[arg-type]
    assert not KeyRing.open(tmp_path)


@pytest.mark.parametrize(("held", "wanted", "reaches"), [
    ("ask", "ask", True), ("ask", "ingest", False), ("ask", "admin", False), ("ingest", "ask", False),
    ("ingest", "ingest", True), ("admin", "ask", True), ("admin", "ingest", True), ("admin", "admin", True),
])  # fmt: skip
def test_scopes_reach_their_own_and_admin_reaches_all(tmp_path: Path, held: str, wanted: str, reaches: bool) -> None:
    key, _ = KeyRing.open(tmp_path).create("", [held])  # type: ignore[list-item]

    assert key.reaches(wanted) is reaches  # type: ignore[arg-type]


def test_near_misses_are_not_found(tmp_path: Path) -> None:
    ring = KeyRing.open(tmp_path)
    key, secret = ring.create("", ["ask"])

    assert ring.find(secret) == key
    for wrong in ("", secret[:-1], secret + "x", secret.upper(), f"isnad_{key.id}_", "\udc80", secret + "\n"):
        assert ring.find(wrong) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Bearer abc", "abc"),
        ("bearer   abc ", "abc"),
        ("Basic bWU6YWJj", ""),
        ("Bearer", ""),
        ("Digest abc", ""),
        ("", ""),
    ],
)
def test_the_authorization_header_is_read(header: str, expected: str) -> None:
    assert bearer_key(header) == expected


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("192.168.1.5", False), ("localhost.evil.example", False), ("", False)],
)  # fmt: skip
def test_loopback_is_this_machine_only(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_others_are_let_in_only_with_keys_or_an_explicit_word(tmp_path: Path) -> None:
    ring = KeyRing.open(tmp_path)
    require_keys("127.0.0.1", ring, insecure=False)
    require_keys("0.0.0.0", ring, insecure=True)
    with pytest.raises(AccessError):
        require_keys("0.0.0.0", ring, insecure=False)
    ring.create("", ["ask"])
    require_keys("0.0.0.0", ring, insecure=False)


@pytest.mark.parametrize("damage", [b"", b"{", b"{}", b"[1]", b"\xff"])
def test_a_damaged_file_closes_the_door(tmp_path: Path, damage: bytes) -> None:
    ring = KeyRing.open(tmp_path)
    ring.create("", ["ask"])
    (tmp_path / "keys.json").write_bytes(damage)

    with pytest.raises(StorageError, match=r"keys\.json"):
        bool(ring)
    with pytest.raises(StorageError):
        ring.create("", ["ask"])


def test_another_process_change_is_seen_and_none_is_lost(tmp_path: Path) -> None:
    rings = [KeyRing.open(tmp_path) for _ in range(4)]
    threads = [threading.Thread(target=ring.create, args=("", ["ask"])) for ring in rings for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [len(ring.list()) for ring in rings] == [20] * 4


def test_a_failed_write_leaves_the_old_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(tmp_path / "rows.json")
    ledger.change(lambda rows: [{"id": 1}])

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        ledger.change(lambda rows: [*rows, {"id": 2}])
    assert ledger.rows() == ({"id": 1},)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.json", "rows.lock"]
