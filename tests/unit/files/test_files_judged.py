"""Events of files through their lives, in every form they may come in."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from models.days import day_of
from models.files.answers import answers, end_of, summary, unit_figures
from models.files.judging import Judged
from models.judgement import Judgement
from tests.unit.contract.builders import a_line, an_event, encoded
from tests.unit.files.judged import NOW, judged, lines_of, told

OWN = Path(__file__).parents[2] / "documents"
POINT = """\
type,source,id,order,placed_at,unit,supplier,channel,line,item,description,net_amount
order.placed,erp/csv,e1,77,2026-03-02T09:00:00+01:00,U-1,S-1,phone,1,,"Paper, A4",1234.50
order.placed,erp/csv,e1,,,,,,2,,Pens,0.50
order.placed,erp/csv,e2,78,2026-03-02T09:00:00+01:00,U-1,S-1,,1,,Glue,many
"""
COMMA = (
    POINT.replace(",", ";").replace('"Paper; A4"', '"Paper, A4"').replace("1234.50", "1234,50").replace("0.50", "0,50")
)


def only(result: Judged) -> Judgement:
    assert len(result.judgements) == 1, result
    return result.judgements[0]


@pytest.mark.parametrize("name", ["x.csv", "X.CSV", "-", "orders.txt"])
@pytest.mark.parametrize(
    "content", [POINT.encode(), COMMA.encode(), b"\xef\xbb\xbf" + COMMA.replace("\n", "\r\n").encode()]
)
def test_both_dialects_of_csv_are_judged_and_refused_by_row(name: str, content: bytes) -> None:
    result = judged((name, content))
    assert told(only(result)) == ("77", "off_channel", "phone", "stated_channel")
    assert only(result).amounts_ore == {"off_channel": 123_500}
    assert [(each.row, each.field, each.code.value, each.event_id) for each in result.refused] == [
        (4, "net_amount", "bad_value", "e2")
    ]


@pytest.mark.parametrize("name", ["x.jsonl", "x.ndjson", "x.json", "-", "x"])
def test_events_come_one_a_line_whatever_the_name(name: str) -> None:
    events = [an_event(data__order=str(number), id=f"e{number}") for number in range(3)]
    assert len(judged((name, lines_of(events))).judgements) == 3


@pytest.mark.parametrize("indent", [None, 2])
def test_an_envelope_may_be_spread_over_lines(indent: int | None) -> None:
    assert (
        only(judged(("x.json", b"\xef\xbb\xbf" + json.dumps(an_event(), indent=indent).encode()))).number
        == "4500012345"
    )


def test_events_and_their_order_of_files_give_the_same_answers() -> None:
    placed = ("a.json", encoded(an_event(data__lines=[a_line()])))
    invoice = ("b.json", encoded(an_event("invoice.received", data__order="4500012345", data__issued_on="2026-04-01")))
    cancelled = ("c.json", encoded(an_event("order.cancelled", data__order="4500012345", data__version=9)))
    expected = list(answers(judged(placed, invoice, cancelled)))
    assert list(answers(judged(cancelled, invoice, placed))) == expected


def test_a_cancelled_order_is_printed_as_void() -> None:
    files = [an_event(data__version=1), an_event("order.cancelled", data__order="4500012345", data__version=9)]
    assert only(judged(("x.jsonl", lines_of(files)))).outcome == "void"


def test_an_invoice_that_its_order_has_absorbed_is_not_printed() -> None:
    late = an_event(data__placed_at="2026-03-02T09:15:00+01:00", time="2026-03-20T09:15:00+01:00")
    invoice = an_event(
        "invoice.received", data__order="4500012345", data__issued_on="2026-03-05", time="2026-03-05T10:00:00Z"
    )
    invoice["data"]["supplier"] = late["data"]["supplier"]
    result = judged(("x.jsonl", lines_of([invoice, late])))
    assert only(result).kind == "order"


def test_a_decision_without_its_purchase_waits_and_with_it_wins() -> None:
    decision = an_event(
        "decision.made", data__purchase="erp%2Fkvantum~4500012345", data__outcome="off_channel", data__channel="phone"
    )
    assert judged(("d.json", encoded(decision))).waiting == 1
    result = judged(("d.json", encoded(decision)), ("o.json", encoded(an_event())))
    assert (only(result).channel, only(result).reason, result.waiting) == ("phone", "decided", 0)


def test_a_line_is_the_shape_of_the_topic() -> None:
    (line,) = answers(judged(("x.json", encoded(an_event()))))
    judgement = msgspec.json.decode(line, type=Judgement)
    assert judgement.source is not None
    assert (judgement.source.topic, judgement.revision, judgement.cause.kind) == ("x.json", 1, "order.placed")


def test_the_summary_counts_everything() -> None:
    files = [(path.name, path.read_bytes()) for path in sorted(OWN.glob("*/*.xml"))]
    result = judged(*files, ("bad.json", b"{"))
    assert summary(result) == "4 purchases, 5 no purchases, 5 catalogues, 1 rejected, 0 waiting"


def test_the_figures_are_those_of_the_units_and_all_above_them() -> None:
    event = an_event(data__unit="U-1", data__channel="phone", data__lines=[a_line(net_amount="100.00")])
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    found = {each.unit: each for each in unit_figures(judged(("x.json", encoded(event)), now=now), now=now)}
    assert found.keys() == {"implied", "implied-unassigned"}
    assert found["implied"].windows["day"].measures["off_channel_ore"] == 10_000


def test_the_figures_of_a_file_of_years_ago_are_of_its_last_day() -> None:
    events = [
        an_event(id=f"e{year}", data__order=str(year), data__placed_at=f"{year}-05-31T12:00") for year in (2016, 2017)
    ]
    result = judged(("x.json", encoded(events)))
    at = end_of(result, now=NOW)
    assert (day_of(at), end_of(judged(), now=NOW)) == (date(2017, 5, 31), NOW)
    (unit, *_) = unit_figures(result, now=at)
    assert (unit.day, unit.windows["day"].measures["review_count"]) == (date(2017, 5, 31), 1)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("oioubl/order.xml", ("610077", "off_channel", "free_text", "no_item_id")),
        ("oioubl/order_change.xml", ("610078", "off_channel", "unknown", "order_agreement")),
        ("peppol/punch_out.xml", None),
        ("peppol/order_response_accepting.xml", None),
        ("oioubl/utility_statement.xml", None),
        ("peppol/order_agreement.xml", ("S-4711", "off_channel", "unknown", "order_agreement")),
    ],
)
def test_an_own_document_alone(document: str, expected: tuple[str, str, str, str] | None) -> None:
    result = judged((document, (OWN / document).read_bytes()))
    assert [told(each) for each in result.judgements] == ([expected] if expected else [])
    assert result.no_purchases == (expected is None)
