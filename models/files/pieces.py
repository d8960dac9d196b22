"""A file taken apart into the values of records: one for each event or document, as they are sent."""

from collections.abc import Iterator

import msgspec

from models.contract.csv_cells import parts_of_place
from models.contract.csv_rows import csv_events
from models.contract.decode import BOM
from models.files.forms import Form, form_of
from models.refusal import Refused
from models.vocabulary import RejectionCode

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Place(msgspec.Struct, frozen=True, omit_defaults=True, order=True):
    """Where in a file something stands; all counts begin at 1, and 0 means the file as a whole."""

    file: str
    line: int = 0
    """Of a file with one event a line."""
    row: int = 0
    """Of a CSV file; the heading is row 1."""
    item: int = 0
    """Of an array of events."""


class FileRefused(msgspec.Struct, frozen=True, omit_defaults=True):
    """What cannot be accepted of a file, where it stands and why."""

    file: str
    code: RejectionCode
    message: str
    field: str = ""
    line: int = 0
    row: int = 0
    item: int = 0
    source: str = ""
    event_id: str = ""

    @property
    def place(self) -> Place:
        return Place(self.file, self.line, self.row, self.item)


class Piece(msgspec.Struct, frozen=True):
    """The value of one record."""

    place: Place
    value: bytes
    document: bool = False
    rows: tuple[int, ...] = ()
    """Of an event of a CSV file: the rows of its lines."""


def pieces(name: str, content: bytes) -> Iterator[Piece | FileRefused]:
    """All that a file holds, in its order."""
    return _TAKE_APART[form_of(name, content)](name, content)


def refused_at(place: Place, refused: Refused) -> FileRefused:
    """A refusal with its place in a file."""
    return FileRefused(
        file=place.file,
        code=refused.code,
        message=refused.message,
        field=refused.field,
        line=place.line,
        row=place.row,
        item=place.item,
        source=refused.source,
        event_id=refused.event_id,
    )


def refused_at_row(file: str, refused: Refused) -> FileRefused:
    """A refusal of a CSV file, which names its row itself."""
    row, column = parts_of_place(refused.field)
    return refused_at(Place(file, row=row), msgspec.structs.replace(refused, field=column))


def _document(name: str, content: bytes) -> Iterator[Piece]:
    yield Piece(Place(name), content, document=True)


def _lines(name: str, content: bytes) -> Iterator[Piece]:
    if not content.strip() or content.startswith(_UTF_16):
        yield Piece(Place(name), content)
        return
    for number, line in enumerate(content.removeprefix(BOM).split(b"\n"), start=1):
        if line.strip():
            yield Piece(Place(name, line=number), line)


def _json(name: str, content: bytes) -> Iterator[Piece]:
    items = _items(content)
    if items is not None:
        yield from (Piece(Place(name, item=number), bytes(item)) for number, item in enumerate(items, start=1))
    elif _is_one_value(content) or not _has_an_event_a_line(content):
        yield Piece(Place(name), content)
    else:
        yield from _lines(name, content)


def _items(content: bytes) -> list[msgspec.Raw] | None:
    """The bytes of an array's items; None if there are none to take apart."""
    if not content.removeprefix(BOM).lstrip().startswith(b"["):
        return None
    try:
        return msgspec.json.decode(content.removeprefix(BOM), type=list[msgspec.Raw]) or None
    except (ValueError, RecursionError):
        return None


def _has_an_event_a_line(content: bytes) -> bool:
    """Any line that is an object by itself tells it: an envelope spread over lines has none that begins at the margin."""
    lines = content.removeprefix(BOM).split(b"\n")
    return any(line.startswith(b"{") and _is_one_value(line.rstrip()) for line in lines)


def _is_one_value(content: bytes) -> bool:
    try:
        msgspec.json.decode(content.removeprefix(BOM), type=msgspec.Raw)
    except (ValueError, RecursionError):
        return False
    return True


def _rows(name: str, content: bytes) -> Iterator[Piece | FileRefused]:
    for event in csv_events(content):
        if isinstance(event, Refused):
            yield refused_at_row(name, event)
        else:
            yield Piece(Place(name, row=event.rows[0]), event.encoded(), rows=event.rows)


_TAKE_APART = {Form.LINES: _lines, Form.JSON: _json, Form.CSV: _rows, Form.XML: _document}
