"""A partition's rows on disk."""

import shutil
from pathlib import Path

import msgspec
import pytest
import rocksdict

from streams.errors import ChangelogReplaced, StoreDamaged, StoreInUse
from streams.pending import Pending
from streams.store import IDENTITY_KEY, Identity, Store, block_cache

THIS = Identity(cluster="c", topic="t", topic_id="1", partition=0)


@pytest.fixture(scope="module")
def cache() -> rocksdict.Cache:
    return block_cache(megabytes=8)


def opened(path: Path, cache: rocksdict.Cache, identity: Identity = THIS) -> Store:
    return Store.open(path=path, identity=identity, cache=cache)


def filled(path: Path, cache: rocksdict.Cache) -> Store:
    store = opened(path, cache)
    store.write({b"a": b"1", b"b": b"2", b"\0position": b"{}"}, 7)
    return store


def test_rows_and_the_next_offset_are_there_after_a_restart(tmp_path: Path, cache: rocksdict.Cache) -> None:
    filled(tmp_path / "s", cache).close()
    again = opened(tmp_path / "s", cache)
    assert (again.get(b"a"), again.get(b"c"), again.next) == (b"1", None, 7)


def test_a_scan_gives_rows_in_order_and_nothing_of_the_store_itself(tmp_path: Path, cache: rocksdict.Cache) -> None:
    store = filled(tmp_path / "s", cache)
    assert list(store.scan()) == [(b"\0position", b"{}"), (b"a", b"1"), (b"b", b"2")]
    assert list(store.scan(b"b")) == [(b"b", b"2")]


@pytest.mark.parametrize("other", [{"cluster": "d"}, {"topic": "another"}, {"partition": 1}])
def test_a_copy_of_something_else_is_wiped(tmp_path: Path, cache: rocksdict.Cache, other: dict[str, str]) -> None:
    filled(tmp_path / "s", cache).close()
    store = opened(tmp_path / "s", cache, msgspec.structs.replace(THIS, **other))
    assert (list(store.scan()), store.next) == ([], 0)
    store.close()
    assert opened(tmp_path / "s", cache, msgspec.structs.replace(THIS, **other)).next == 0


def test_rows_of_a_changelog_that_was_created_anew_are_not_wiped(tmp_path: Path, cache: rocksdict.Cache) -> None:
    filled(tmp_path / "s", cache).close()
    for _ in range(2):
        with pytest.raises(ChangelogReplaced, match="Rebuild under the next generation"):
            opened(tmp_path / "s", cache, msgspec.structs.replace(THIS, topic_id="2"))
    assert opened(tmp_path / "s", cache).get(b"a") == b"1"


@pytest.mark.parametrize("written", [{"format": 1, "else": 1}, {"format": 3}])
def test_a_copy_in_another_format_is_wiped(tmp_path: Path, cache: rocksdict.Cache, written: dict[str, int]) -> None:
    store = filled(tmp_path / "s", cache)
    store._db.put(IDENTITY_KEY, msgspec.json.encode(written))
    store.close()
    again = opened(tmp_path / "s", cache)
    assert (list(again.scan()), again.next) == ([], 0)


def test_damage_that_shows_while_reading_is_told_and_mended_by_a_restart(
    tmp_path: Path, cache: rocksdict.Cache
) -> None:
    store = filled(tmp_path / "s", cache)
    store.write({b"row %05d" % number: b"%064d" % (number * 7919) for number in range(5_000)}, 9)
    store.close()
    largest = max((tmp_path / "s").glob("*.sst"), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 64] = b"\xff" * 64
    largest.write_bytes(content)
    store = opened(tmp_path / "s", cache)
    with pytest.raises(StoreDamaged, match="a restart rebuilds it"):
        list(store.scan(b"row"))
    store._db.close()
    assert opened(tmp_path / "s", cache).next == 0


def test_a_damaged_store_is_rebuilt(tmp_path: Path, cache: rocksdict.Cache) -> None:
    filled(tmp_path / "s", cache).close()
    for table in (tmp_path / "s").glob("MANIFEST-*"):
        table.write_bytes(b"\xff" * 200)
    assert opened(tmp_path / "s", cache).next == 0


def test_two_workers_with_one_folder_are_told_so(tmp_path: Path, cache: rocksdict.Cache) -> None:
    store = filled(tmp_path / "s", cache)
    with pytest.raises(StoreInUse, match="instance name"):
        opened(tmp_path / "s", cache)
    assert store.get(b"a") == b"1"


def test_what_a_crash_leaves_is_a_prefix(tmp_path: Path, cache: rocksdict.Cache) -> None:
    store = filled(tmp_path / "s", cache)
    store._db.flush()
    store.write({b"a": b"9"}, 8)
    shutil.copytree(tmp_path / "s", tmp_path / "crashed", ignore=shutil.ignore_patterns("LOCK"))
    crashed = opened(tmp_path / "crashed", cache)
    assert (crashed.get(b"a"), crashed.next) == (b"1", 7)


def test_pending_rows_lie_over_the_store_in_order(tmp_path: Path, cache: rocksdict.Cache) -> None:
    pending = Pending(filled(tmp_path / "s", cache))
    for key in (b"b", b"aa", b"z"):
        pending.put(key, b"new")
    assert [key for key, value in pending.scan() if value == b"new"] == [b"aa", b"b", b"z"]
    assert [key for key, _ in pending.scan()] == [b"\0position", b"a", b"aa", b"b", b"z"]
    assert (pending.get(b"a"), pending.get(b"b"), pending.get(b"y")) == (b"1", b"new", None)
    assert pending.changes == {b"b": b"new", b"aa": b"new", b"z": b"new"}
