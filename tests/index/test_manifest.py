from __future__ import annotations

import hashlib
import json
import random
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from rag.encoding.encoder import Fingerprint
from rag.errors import IndexDamagedError, IndexMismatchError
from rag.files import FileRecord, write_durably
from rag.index.manifest import Manifest
from rag.store.profile import Profile

FINGERPRINT = Fingerprint("e5", "ab" * 32, "mean", "query: ", "passage: ", 384)
PROFILE = Profile(FINGERPRINT, 1, 2)
MANIFEST = Manifest(12, "store", 7, PROFILE, 3, 9, {"vectors.faiss": FileRecord("cd" * 32, 100)})


def test_bytes_and_back() -> None:
    assert Manifest.from_bytes(MANIFEST.to_bytes()) == MANIFEST


def test_every_flipped_bit_and_every_truncation_is_found() -> None:
    data = MANIFEST.to_bytes()
    choose = random.Random(5)
    for position in range(len(data)):
        damaged = bytearray(data)
        damaged[position] ^= 1 << choose.randrange(8)
        with pytest.raises(ValueError, match=r"."):
            Manifest.from_bytes(bytes(damaged))
        with pytest.raises(ValueError, match=r"."):
            Manifest.from_bytes(data[:position])


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"manifest": 3}', b"\xff\xfe", b"null"])
def test_other_files_are_no_manifest(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(data)
    with pytest.raises(IndexDamagedError, match=r"manifest\.json is damaged"):
        Manifest.read(tmp_path / "manifest.json")


def test_a_missing_manifest_is_not_damage(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Manifest.read(tmp_path / "manifest.json")


def test_verify_checks_every_file(tmp_path: Path) -> None:
    record = write_durably(tmp_path / "f", b"content")
    manifest = replace(MANIFEST, files={"f": record})
    manifest.verify(tmp_path)
    (tmp_path / "f").write_bytes(b"contend")
    with pytest.raises(IndexDamagedError, match="hash is wrong"):
        manifest.verify(tmp_path)


def test_profiles_survive_json() -> None:
    assert Profile.from_json(PROFILE.to_json()) == PROFILE


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(PROFILE, chunker=2), "chunker version 1"),
        (replace(PROFILE, analyser=3), "analyser version 2"),
        (replace(PROFILE, token_code="e5.tokens-1"), "token code 'int8'"),
        (replace(PROFILE, fingerprint=replace(FINGERPRINT, sha256="ff" * 32)), "encoder sha256"),
        (replace(PROFILE, fingerprint=replace(FINGERPRINT, name="other")), "'other'"),
        (replace(PROFILE, fingerprint=replace(FINGERPRINT, query_prefix="")), "query_prefix"),
    ],
)
def test_a_mismatch_names_what_differs_and_the_cure(other: Profile, said: str) -> None:
    with pytest.raises(IndexMismatchError, match=said) as caught:
        PROFILE.require(other)
    assert "python -m rag index --rebuild" in caught.value.hint


def test_the_same_profile_is_accepted() -> None:
    PROFILE.require(Profile.from_json(PROFILE.to_json()))


def test_an_index_from_before_codes_had_names_is_read_as_int8() -> None:
    body = asdict(replace(MANIFEST, profile=replace(PROFILE, token_code="int8")))
    del body["profile"]["token_code"]
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    data = json.dumps({"manifest": body, "sha256": digest}, sort_keys=True, indent=1) + "\n"
    assert Manifest.from_bytes(data.encode()).profile == PROFILE
    assert Profile.from_json(json.dumps(body["profile"])) == PROFILE


@pytest.mark.parametrize(("store", "revision", "said"), [("other", 7, "another store"), ("store", 6, "newer than")])
def test_a_generation_of_another_store_is_damage(store: str, revision: int, said: str) -> None:
    with pytest.raises(IndexDamagedError, match=said):
        MANIFEST.require_store(store, revision)


def test_a_store_that_went_on_is_no_damage() -> None:
    MANIFEST.require_store("store", 8)
