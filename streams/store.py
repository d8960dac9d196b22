"""One partition's rows on the local disk: always a prefix of the partition's changelog, never more than a cache of it."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import msgspec
import rocksdict
import structlog

from streams.errors import ChangelogReplaced, StoreDamaged, StoreInUse

log = structlog.get_logger(__name__)

FORMAT = 2
"""Of the files: another one, older or newer, is no harm, for the changelog has the same rows."""
DAMAGED = "DAMAGED"
"""A file of this name beside the others: what they hold is to be read from the changelog again."""
OWN = b"\0\0"  # keys of the store itself; no row's key begins so
IDENTITY_KEY = OWN + b"identity"
NEXT_KEY = OWN + b"next"
END_KEY = b"\xff\xff"
"""Behind all rows: a scan that does not come to it has missed some."""


class Identity(msgspec.Struct, frozen=True):
    """Which changelog partition the rows are a copy of, and how they are written down."""

    cluster: str
    topic: str
    topic_id: str
    partition: int
    format: int = FORMAT

    def is_former(self, now: "Identity") -> bool:
        """Is it the same partition of a topic that is another one now, under its name?"""
        same = (self.cluster, self.topic, self.partition) == (now.cluster, now.topic, now.partition)
        return same and self.topic_id != now.topic_id


def block_cache(*, megabytes: int) -> rocksdict.Cache:
    """The memory for blocks, indexes and filters: one for all partitions of a process."""
    return rocksdict.Cache(megabytes << 20)


class Store:
    """Open it by `Store.open`. Not safe for two threads."""

    def __init__(self, *, path: Path, identity: Identity, cache: rocksdict.Cache) -> None:
        self.path = path
        self._identity = identity
        self._cache = cache
        self._db = _database(path, cache)
        self.next = self._read_next()
        """The changelog offset to read next."""

    @classmethod
    def open(cls, *, path: Path, identity: Identity, cache: rocksdict.Cache) -> Self:
        """The store at this path, emptied first if it is damaged, or a copy of something else, or in another format.

        Raises:
            StoreInUse: another process has it open.
            ChangelogReplaced: it knows rows that its changelog has lost.
        """
        if (path / DAMAGED).exists():
            _remove(path, why="it was found damaged while it was read")
        try:
            store = cls(path=path, identity=identity, cache=cache)
        except Exception as error:
            if not _tells_of_damage(error):
                raise _explained(path, error) from error
            _remove(path, why=str(error))
            store = cls(path=path, identity=identity, cache=cache)
        store._verify()
        return store

    def _read_next(self) -> int:
        try:
            return int(self._db.get(NEXT_KEY) or 0)
        except Exception:
            self._db.close()  # what stays open locks the folder
            raise

    def _verify(self) -> None:
        written = self._db.get(IDENTITY_KEY)
        if written is None:
            self._sign()
            return
        found = _identity(written)
        if isinstance(found, Identity) and found.is_former(self._identity):
            self._db.close()
            raise ChangelogReplaced(
                f"{found.topic} was deleted and created anew since {self.path} was written: its rows are in no changelog. "
                "Rebuild under the next generation; or, if the topic is meant to begin anew, remove the folder"
            )
        if found != self._identity:
            self.wipe(f"it is a copy of {found}, wanted is {self._identity}")

    def _sign(self) -> None:
        self._db.put(END_KEY, b"")
        self._db.put(IDENTITY_KEY, msgspec.json.encode(self._identity))
        self._db.flush()  # on disk before any row: rows without a name never exist

    def wipe(self, why: str) -> None:
        """Start again from nothing."""
        log.warning("the local store is emptied and will be rebuilt from its changelog", path=str(self.path), why=why)
        self._db.close()
        shutil.rmtree(self.path)
        self._db = _database(self.path, self._cache)
        self.next = 0
        self._sign()

    def get(self, key: bytes) -> bytes | None:
        """A row. Raises StoreDamaged, as all reading and writing does: the next opening rebuilds the store."""
        try:
            found: bytes | None = self._db.get(key)
        except Exception as error:
            raise self._told(error) from error
        return found

    def scan(self, prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Rows in order of their keys, as of now."""
        for key, value in self._db.items(from_key=prefix or None):
            if key == END_KEY or not key.startswith(prefix):
                return
            if not key.startswith(OWN):
                yield key, value
        raise self._damaged("rows that follow cannot be read")  # over damage an iterator ends without a word

    def write(self, changes: Mapping[bytes, bytes], changelog_next: int) -> None:
        """Rows and the changelog's next offset, in one write. A crash may lose the last writes, in order, from the end."""
        batch = rocksdict.WriteBatch(raw_mode=True)
        for key, value in changes.items():
            batch.put(key, value)
        batch.put(NEXT_KEY, b"%d" % changelog_next)
        try:
            self._db.write(batch)
        except Exception as error:
            raise self._told(error) from error
        self.next = changelog_next

    def _told(self, error: Exception) -> Exception:
        """Damage that shows only now is noted: else every restart would find it anew, and end of it."""
        return self._damaged(str(error)) if _tells_of_damage(error) else error

    def _damaged(self, why: str) -> StoreDamaged:
        (self.path / DAMAGED).touch()
        return StoreDamaged(f"the local store {self.path} is damaged, a restart rebuilds it: {why}")

    def size(self) -> int:
        """About how many rows there are."""
        return int(self._db.property_int_value("rocksdb.estimate-num-keys") or 0)

    def close(self) -> None:
        """Put all on disk and let go of it."""
        self._db.flush()
        self._db.close()


def _identity(written: bytes) -> Any:
    """What the store says it is; of an older or newer format it may say it in other words."""
    found = msgspec.json.decode(written)
    return msgspec.convert(found, Identity) if found.get("format") == FORMAT else found


def _tells_of_damage(error: Exception) -> bool:
    return "Corruption" in str(error)


def _remove(path: Path, *, why: str) -> None:
    log.warning("the local store is damaged: it is rebuilt from its changelog", path=str(path), why=why)
    shutil.rmtree(path)


def _explained(path: Path, error: Exception) -> Exception:
    if "lock" in str(error).lower():
        return StoreInUse(
            f"the local store {path} is open in another process: every worker needs its own instance name"
        )
    return error


def _database(path: Path, cache: rocksdict.Cache) -> Any:
    path.mkdir(parents=True, exist_ok=True)
    options = _options(cache)
    # An existing database is else opened with the options saved in it, without the shared cache.
    families = {"default": options} if (path / "CURRENT").exists() else None
    database = rocksdict.Rdict(str(path), options, column_families=families)
    without_log = rocksdict.WriteOptions()
    without_log.disable_wal = True  # type: ignore[method-assign,assignment]  # a property, whatever its stub says; the changelog is the log
    database.set_write_options(without_log)
    return database


def _options(cache: rocksdict.Cache) -> rocksdict.Options:
    blocks = rocksdict.BlockBasedOptions()
    blocks.set_block_cache(cache)
    blocks.set_cache_index_and_filter_blocks(True)  # else their memory is outside the bound
    blocks.set_bloom_filter(10, block_based=False)  # most keys asked for are new: answered without a read
    options = rocksdict.Options(raw_mode=True)
    options.set_block_based_table_factory(blocks)
    options.set_write_buffer_size(16 << 20)
    options.set_max_write_buffer_number(3)
    options.set_compression_type(rocksdict.DBCompressionType.lz4())
    options.set_max_background_jobs(2)
    options.set_keep_log_file_num(2)
    return options
