"""Pieces of files read as the stream reads its records: what each says and the topic it belongs to, or a refusal."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from models.contract.arrival import refuse_future
from models.contract.csv_cells import place_of
from models.contract.decode import decode_event
from models.documents import CatalogueDocument, NoPurchase, read_document
from models.facts import AnyFact, Decision
from models.files.pieces import FileRefused, Piece, Place, pieces, refused_at, refused_at_row
from models.refusal import RefusalError, Refused, failed
from models.topics import DECISIONS, DOCUMENTS, PURCHASES

Pseudonym = Callable[[str], str]
Said = AnyFact | CatalogueDocument | NoPurchase


class Message(msgspec.Struct, frozen=True):
    """A piece that was understood."""

    place: Place
    topic: str
    value: bytes
    said: Said

    @property
    def key(self) -> bytes | None:
        """The bare number, which brings all that belongs to a purchase to one partition; other documents need none."""
        return None if isinstance(self.said, CatalogueDocument | NoPurchase) else self.said.number.encode()


def read_files(
    files: Iterable[tuple[str, bytes]], *, pseudonym: Pseudonym, now_ms: int
) -> Iterator[Message | FileRefused]:
    """Every event and document of files, given by name and content; `now_ms` is when they came."""
    for name, content in files:
        for piece in pieces(name, content):
            yield piece if isinstance(piece, FileRefused) else read(piece, pseudonym=pseudonym, now_ms=now_ms)


def read(piece: Piece, *, pseudonym: Pseudonym, now_ms: int) -> Message | FileRefused:
    """What a piece says; whatever is wrong with it ends here, in an answer to it."""
    try:
        said = _said(piece, pseudonym)
        if not isinstance(said, CatalogueDocument | NoPurchase):
            refuse_future(said, came_ms=now_ms)
    except RefusalError as error:
        return _refused(piece, error.refused)
    except Exception as error:  # noqa: BLE001 - as in the stream: a fault of ours is answered too
        return refused_at(piece.place, failed(error))
    return Message(piece.place, _topic(piece, said), piece.value, said)


def _said(piece: Piece, pseudonym: Pseudonym) -> Said:
    if piece.document:
        return read_document(piece.value, pseudonym=pseudonym)
    return decode_event(piece.value, headers={}, pseudonym=pseudonym)


def _topic(piece: Piece, said: Said) -> str:
    if piece.document:
        return DOCUMENTS
    return DECISIONS if isinstance(said, Decision) else PURCHASES


def _refused(piece: Piece, refused: Refused) -> FileRefused:
    if not piece.rows:
        return refused_at(piece.place, refused)
    field = place_of(refused.field, piece.rows)
    return refused_at_row(piece.place.file, msgspec.structs.replace(refused, field=field))
