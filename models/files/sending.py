"""What is sent of a file: the record of each event and document, and of those refused, their bytes where that is asked for."""

from collections.abc import Iterator

import msgspec

from models.contract.bytes_refused import plain_json
from models.files.pieces import FileRefused, Piece, pieces
from models.files.reading import Message, read
from models.topics import DECISIONS, DOCUMENTS, PURCHASES


class Outgoing(msgspec.Struct, frozen=True):
    """A record for an input topic."""

    topic: str
    key: bytes | None
    value: bytes


def outgoing(name: str, content: bytes, *, now_ms: int, as_is: bool = False) -> Iterator[Outgoing | FileRefused]:
    """The records of a file, and why something is none; `as_is` sends what would be refused all the same.

    A row of a CSV file that makes no event is refused always: there are no bytes to send.
    """
    for piece in pieces(name, content):
        if isinstance(piece, FileRefused):
            yield piece
            continue
        message = read(piece, pseudonym=_none, now_ms=now_ms)
        if isinstance(message, Message):
            yield Outgoing(message.topic, message.key, message.value)
        else:
            yield _as_it_is(piece) if as_is else message


def _none(buyer: str) -> str:
    """What is sent is the file's own bytes: no fact made here leaves this process."""
    return buyer


def _as_it_is(piece: Piece) -> Outgoing:
    """The key of what cannot be read is its file: without one the answer would be only that it has none."""
    if piece.document:
        return Outgoing(DOCUMENTS, None, piece.value)
    return Outgoing(_topic(piece.value), piece.place.file.encode(), piece.value)


def _topic(value: bytes) -> str:
    read = plain_json(value)
    kind = read.value.get("type") if read is not None and isinstance(read.value, dict) else None
    return DECISIONS if isinstance(kind, str) and kind.startswith("decision.") else PURCHASES
