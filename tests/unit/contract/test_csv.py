import csv
import io
import json

import pytest

from models.contract.csv_cells import place
from models.contract.csv_rows import CsvEvent, csv_events
from models.facts import Decision, Order
from models.files.pieces import FileRefused
from models.files.reading import Message, Said, read_files
from models.refusal import Refused
from models.vocabulary import RejectionCode as Code
from tests.unit.contract.builders import PSEUDONYM, decoded

COLUMNS = "type,source,id,version,order,placed_at,unit,supplier,line,net_amount,quantity,line_unit,category"


def a_row(**changes: str) -> dict[str, str]:
    return {
        "type": "order.placed",
        "source": "erp/kvantum",
        "id": "e-1",
        "version": "1",
        "order": "4500012345",
        "placed_at": "2026-03-02T09:15:00",
        "unit": "U-1",
        "supplier": "S-1",
        "line": "1",
        "net_amount": "245.00",
        "quantity": "10",
        "line_unit": "PK",
        "category": "UNSPSC:14111507",
    } | changes


def a_file(*rows: dict[str, str], delimiter: str = ",") -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


IN_2027 = 1_800_000_000_000


def answers(content: str | bytes) -> list[Said | Refused]:
    """What is read of a file; of a refusal the row and the column."""
    value = content.encode() if isinstance(content, str) else content
    return [_answer(found) for found in read_files([("orders.csv", value)], pseudonym=PSEUDONYM, now_ms=IN_2027)]


def _answer(found: Message | FileRefused) -> Said | Refused:
    if isinstance(found, Message):
        return found.said
    return Refused(found.code, place(found.row, found.field), found.message, found.source, found.event_id)


def the_order(content: str | bytes) -> Order:
    (answer,) = answers(content)
    assert isinstance(answer, Order), answer
    return answer


def the_refusal(content: str | bytes) -> Refused:
    (answer,) = answers(content)
    assert isinstance(answer, Refused), answer
    return answer


def test_rows_of_one_event_become_its_lines() -> None:
    order = the_order(a_file(a_row(), a_row(line="2", net_amount="5.50")))
    assert [line.net_hundredths for line in order.content.lines] == [24_500, 550]
    assert (order.stamp.version, order.content.units, order.content.lines[0].unit) == (1, ("U-1",), "PK")


def test_header_fields_may_be_left_empty_below_the_first_row() -> None:
    order = the_order(a_file(a_row(), a_row(line="2", order="", placed_at="", unit="", supplier="")))
    assert len(order.content.lines) == 2


def test_rows_of_an_event_need_not_stand_together() -> None:
    first, second = answers(a_file(a_row(), a_row(id="e-2"), a_row(line="2")))
    assert isinstance(first, Order)
    assert isinstance(second, Order)
    assert (len(first.content.lines), len(second.content.lines)) == (2, 1)


def test_another_version_is_another_event() -> None:
    assert len(answers(a_file(a_row(), a_row(version="2")))) == 2


def test_semicolons_go_with_decimal_commas() -> None:
    assert the_order(a_file(a_row(net_amount="245,50", quantity="1,5"), delimiter=";")) == the_order(
        a_file(a_row(net_amount="245.50", quantity="1.5"))
    )


def test_a_point_in_a_file_with_semicolons_is_refused_for_it_could_mean_thousands() -> None:
    answer = the_refusal(a_file(a_row(net_amount="1.234"), delimiter=";"))
    assert (answer.code, answer.field) == (Code.BAD_VALUE, "row 2, column net_amount")


def test_a_byte_order_mark_is_allowed() -> None:
    content = a_file(a_row())
    assert the_order(content.encode("utf-8-sig")) == the_order("\ufeff" + content) == the_order(content)


def test_a_refusal_names_row_and_column_of_the_line() -> None:
    answer = the_refusal(a_file(a_row(), a_row(line="2", net_amount="1.005")))
    assert (answer.code, answer.field, answer.event_id) == (Code.BAD_VALUE, "row 3, column net_amount", "e-1")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"unit": ""}, Code.MISSING_FIELD, "row 2, column unit"),
        ({"id": ""}, Code.MISSING_FIELD, "row 2, column id"),
        ({"type": "order.lost"}, Code.UNKNOWN_TYPE, "row 2, column type"),
        ({"version": "one"}, Code.WRONG_TYPE, "row 2, column version"),
        ({"line": ""}, Code.MISSING_FIELD, "row 2, column line"),
        ({"category": "14111507"}, Code.MISSING_FIELD, "row 2, column category"),
        ({"line_unit": "P\x01K"}, Code.BAD_VALUE, "row 2, column line_unit"),
        ({"net_amount": "-1"}, Code.NEGATIVE_TOTAL, "row 2, column line"),
        ({"frame": "maybe"}, Code.WRONG_TYPE, "row 2, column frame"),
    ],
)
def test_a_row_that_is_wrong_is_refused_at_its_column(changes: dict[str, str], code: Code, field: str) -> None:
    answer = the_refusal(a_file(a_row(**changes)))
    assert (answer.code, answer.field) == (code, field)


def test_rows_of_one_event_that_say_different_things_are_refused() -> None:
    answer = the_refusal(a_file(a_row(), a_row(line="2", order="4500099999")))
    assert (answer.code, answer.field) == (Code.BAD_VALUE, "row 3, column order")


def test_accounts_that_differ_within_an_event_are_the_lines_own() -> None:
    rows = [a_row(line=number, account=account) for number, account in (("1", "2.34"), ("2", "2.35"), ("3", ""))]
    order = the_order(a_file(*rows))
    assert order.content.account == "2.34"
    assert [line.account for line in order.content.lines] == ["2.34", "2.35", None]


def test_an_account_that_is_repeated_is_the_purchases() -> None:
    order = the_order(a_file(a_row(account="2.34"), a_row(line="2", account="2.34")))
    assert (order.content.account, [line.account for line in order.content.lines]) == ("2.34", [None, None])


def test_a_unit_of_measure_in_the_column_of_the_unit_is_told_where_it_belongs() -> None:
    refused = the_refusal(a_file(a_row(unit="PK"), a_row(line="2", unit="KG")))
    assert "line_unit" in refused.message


def test_one_wrong_event_does_not_stop_the_others() -> None:
    wrong, right = answers(a_file(a_row(net_amount="x"), a_row(id="e-2")))
    assert isinstance(wrong, Refused)
    assert isinstance(right, Order)


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        ("", Code.EMPTY, "row 1"),
        ("\n", Code.EMPTY, "row 1"),
        ("type,source,order\n", Code.MISSING_FIELD, "row 1, column id"),
        ("type,source,id,id\n", Code.BAD_VALUE, "row 1, column id"),
        (b"type,source,id\nx,\xf8,y\n", Code.NOT_TEXT, "row 2"),
        ('type,source,id\nx,"y"z,1\n', Code.BAD_VALUE, "row 2"),
        ("type,source,id\na,b,c,d\n", Code.BAD_VALUE, "row 2"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_refusal(content: str | bytes, code: Code, field: str) -> None:
    answer = the_refusal(content)
    assert (answer.code, answer.field) == (code, field)


def test_a_file_with_nothing_but_a_heading_says_nothing() -> None:
    assert answers(COLUMNS + "\n") == []


def test_decisions_need_no_lines() -> None:
    row = {"type": "decision.made", "source": "s", "id": "1", "purchase": "s~1", "outcome": "review"}
    row |= {"reason": "hm", "decided_by": "p", "decided_at": "2026-03-02T09:15:00"}
    (fact,) = answers(a_file(row))
    assert isinstance(fact, Decision)


def test_an_event_of_a_file_can_be_sent_as_an_envelope() -> None:
    (event,) = csv_events(a_file(a_row()).encode())
    assert isinstance(event, CsvEvent)
    assert decoded(event.encoded()) == the_order(a_file(a_row()))
    assert json.loads(event.encoded()) == event.envelope
