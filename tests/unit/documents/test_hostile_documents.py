"""Whatever the bytes: an answer or a refusal, never another exception."""

from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from models.documents import read_document
from models.refusal import RefusalError, Refused
from tests.unit.documents.build import pseudonym

DOCUMENTS = [path.read_bytes() for path in sorted((Path(__file__).resolve().parents[2] / "documents").glob("*/*.xml"))]
TEXTS = [
    "",
    "NA",
    "1",
    "-1",
    "9" * 40,
    "1e999",
    "NaN",
    "true",
    "9999-12-31",
    "23:59:60",
    "\u0661",
    "&amp;",
    "x" * 300,
    "2026-03-02",
    "<a/>",
]


def outcome(value: bytes) -> msgspec.Struct:
    try:
        return read_document(value, pseudonym=pseudonym)
    except RefusalError as error:
        return error.refused


def answered(value: bytes) -> None:
    found = outcome(value)
    assert msgspec.json.decode(msgspec.json.encode(found))
    assert msgspec.msgpack.encode(found)
    assert not isinstance(found, Refused) or (found.field.startswith("/") and found.message.endswith("."))


@given(st.binary(max_size=400))
def test_any_bytes_are_answered(value: bytes) -> None:
    answered(value)


@given(st.sampled_from(DOCUMENTS), st.data())
def test_a_document_with_any_piece_replaced_is_answered(value: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(value)))
    end = data.draw(st.integers(start, min(len(value), start + 200)))
    answered(value[:start] + data.draw(st.binary(max_size=20)) + value[end:])


@given(st.sampled_from(DOCUMENTS), st.data())
def test_a_document_with_any_texts_replaced_is_answered(value: bytes, data: st.DataObject) -> None:
    pieces = value.decode("utf-8-sig").split(">")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(1, len(pieces) - 2))
        _, opening, tag = pieces[place].partition("<")
        pieces[place] = f"{data.draw(st.sampled_from(TEXTS) | st.text(max_size=12))}{opening}{tag}"
    answered(">".join(pieces).encode(errors="replace"))


@given(st.sampled_from(DOCUMENTS), st.data())
def test_a_document_with_any_element_missing_or_twice_is_answered(value: bytes, data: st.DataObject) -> None:
    rows = value.split(b"\n")
    place = data.draw(st.integers(0, len(rows) - 1))
    answered(b"\n".join([*rows[:place], *[rows[place]] * data.draw(st.sampled_from([0, 2, 3])), *rows[place + 1 :]]))
