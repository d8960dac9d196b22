"""Rows changed but not yet committed, seen over the rows they change."""

from collections.abc import Iterator
from typing import Protocol


class Rows(Protocol):
    """What a step reads."""

    def get(self, key: bytes) -> bytes | None: ...

    def scan(self, prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]: ...


class Pending:
    """A step's own writes over a table; `changes` is what its transaction will hold."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.changes: dict[bytes, bytes] = {}

    def get(self, key: bytes) -> bytes | None:
        changed = self.changes.get(key)
        return changed if changed is not None else self._rows.get(key)

    def put(self, key: bytes, value: bytes) -> None:
        self.changes[key] = value

    def scan(self, prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Rows in order of their keys, changed ones as they will be."""
        waiting = sorted(key for key in self.changes if key.startswith(prefix))
        at = 0
        for key, value in self._rows.scan(prefix):
            while at < len(waiting) and waiting[at] < key:
                yield waiting[at], self.changes[waiting[at]]
                at += 1
            if at < len(waiting) and waiting[at] == key:
                yield key, self.changes[key]
                at += 1
            else:
                yield key, value
        for key in waiting[at:]:
            yield key, self.changes[key]
