"""Whatever stands in a file of rows, each event of it is answered once: as a message, or as a refusal with its row."""

from hypothesis import given
from hypothesis import strategies as st

from models.files.pieces import FileRefused, pieces
from models.files.reading import Message, read_files
from tests.unit.contract.builders import PSEUDONYM
from tests.unit.files.judged import NOW, judged

HEADING = (
    "type;source;id;version;order;placed_at;unit;supplier;channel;line;item;description;quantity;unit_price;net_amount"
)
ROWS = (
    "order.placed;erp/csv;e1;1;77;2026-03-02T09:00:00+01:00;U-1;S-1;phone;1;;Papir, A4;10;24,50;245,00",
    "order.placed;erp/csv;e1;1;;;;;;2;11-22;Kuglepenne;1;0,50;0,50",
    "order.cancelled;erp/csv;e2;2;77;;;;;;;;;;",
    "invoice.received;erp/csv;e3;1;;2026-03-02;U-1;S-1;;1;;Lim;1;2;2",
)
CELLS = st.text(max_size=12) | st.sampled_from(
    ["", "order.placed", "1e999", "NaN", "-0", "1.234,5", "2026-02-30", '"', '""', "\r", "\n", "\0", "=1+1", "document"]
)


def taken(content: bytes) -> list[Message | FileRefused]:
    """One answer for each piece; each refusal says something."""
    answers = list(read_files([("rows.csv", content)], pseudonym=PSEUDONYM, now_ms=int(NOW.timestamp() * 1000)))
    assert len(answers) == len(list(pieces("rows.csv", content)))
    for answer in answers:
        assert isinstance(answer, Message) or (answer.message.endswith(".") and "\n" not in answer.message)
    return answers


def answered(content: bytes) -> None:
    refused = [answer for answer in taken(content) if isinstance(answer, FileRefused)]
    assert len(judged(("rows.csv", content)).refused) == len(refused)


@st.composite
def rows_with_other_cells(draw: st.DrawFn) -> bytes:
    table = [row.split(";") for row in (HEADING, *ROWS)]
    for _ in range(draw(st.integers(1, 4))):
        row = draw(st.sampled_from(table))
        row[draw(st.integers(0, len(row) - 1))] = draw(CELLS)
    separator = draw(st.sampled_from(";,\t"))
    return "\n".join(separator.join(row) for row in table).encode(errors="replace")


@st.composite
def damaged_rows(draw: st.DrawFn) -> bytes:
    value = "\n".join((HEADING, *ROWS)).encode()
    at = draw(st.integers(0, len(value)))
    return value[:at] + draw(st.binary(max_size=6)) + value[at + draw(st.integers(0, 40)) :]


@given(rows_with_other_cells())
def test_rows_with_any_cells_are_answered(content: bytes) -> None:
    answered(content)


@given(damaged_rows())
def test_any_damaged_rows_are_answered(content: bytes) -> None:
    answered(content)


@given(st.binary(max_size=300))
def test_any_bytes_named_as_rows_are_answered(content: bytes) -> None:
    answered(content)
