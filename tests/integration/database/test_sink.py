from typing import Any

from models.judgement import Document, Marks
from models.topics import ALERTS, ORDERS, PARTIALS, REJECTED, UNITS, reference_topic
from models.vocabulary import Outcome
from tests.integration.database.builders import DAY, cell, judgement, line, value
from tests.integration.database.conftest import Bench


def send(bench: Bench, *judgements: Any) -> None:
    for one in judgements:
        bench.send(ORDERS, one.purchase, value(one))
    bench.producer.flush()


def test_a_purchase_stands_in_the_database_with_its_lines_and_amounts(bench: Bench) -> None:
    lines = (line("1", 24_500), line("2", 10_000, Outcome.OFF_CHANNEL, avoidable=True, category="UNSPSC:14111507"))
    send(bench, judgement("1", lines=lines, flags=("unit_unknown",)))
    bench.start()
    bench.wait_for(
        "select purchase, catalogue_ore, off_channel_ore, avoidable_ore, amount_ore, line_count, flags from purchases",
        [("erp~1", 24_500, 10_000, 10_000, 34_500, 2, ["unit_unknown"])],
    )
    assert bench.rows("select place, line, amount_ore, category from purchase_lines order by place") == [
        (0, "1", 24_500, None),
        (1, "2", 10_000, "UNSPSC:14111507"),
    ]


def test_what_a_purchase_counts_as_and_its_documents_stand_beside_it_and_are_replaced_with_it(bench: Bench) -> None:
    marks = Marks(digital=True, agreement_base=True, supplier_compliant=True, price_complies=False)
    paper = Document("invoice", "M-1", "U-2", DAY, 24_500, matched=True)
    counted = judgement("1", lines=(line("1", 24_500, marks=marks),), certified=True, documents=(paper, paper))
    bench.start()
    send(bench, counted)
    bench.wait_for(
        "select digital_ore, supplier_compliant_ore, item_compliant_ore, price_base_lines, price_compliant_lines,"
        " certified_orders from purchases",
        [(24_500, 24_500, 0, 1, 0, 1)],
    )
    told = "select kind, unit, day, amount_ore, matched, outcome from purchase_documents order by place"
    assert bench.rows(told) == [("invoice", "U-2", DAY, 24_500, True, "catalogue")] * 2
    send(bench, judgement("1", 2, lines=(), tallied=False, documents=(paper,)))
    bench.wait_for("select outcome, digital_ore, certified_orders from purchases", [("void", 0, 0)])
    assert bench.rows(told) == [("invoice", "U-2", DAY, 24_500, True, "void")]
    bench.send(ORDERS, "erp~1", None)
    bench.producer.flush()
    bench.wait_for("select count(*) from purchase_documents", [(0,)])


def test_the_newest_revision_is_the_current_row_and_every_revision_is_kept(bench: Bench) -> None:
    send(bench, judgement("1", 1), judgement("1", 3, lines=(line("1", 300), line("2", 5))), judgement("1", 2))
    bench.start()
    bench.wait_for("select revision, amount_ore from purchases", [(3, 305)])
    assert bench.rows("select revision, body->>'revision' from revisions order by 1") == [(1, "1"), (2, "2"), (3, "3")]
    assert bench.rows("select count(*) from purchase_lines") == [(2,)]


def test_an_older_revision_that_comes_late_does_not_touch_the_current_row(bench: Bench) -> None:
    bench.start()
    send(bench, judgement("1", 2, lines=(line("1", 200),)))
    bench.wait_for("select revision from purchases", [(2,)])
    send(bench, judgement("1", 1, lines=(line("1", 100), line("2", 1))), judgement("2"))
    bench.wait_for("select count(*) from purchases", [(2,)])
    assert bench.rows("select revision, amount_ore from purchases where number = '1'") == [(2, 200)]
    assert bench.rows("select amount_ore from purchase_lines where purchase = 'erp~1'") == [(200,)]
    assert bench.rows("select count(*) from revisions where purchase = 'erp~1'") == [(2,)]


def test_a_greater_generation_wins_over_a_greater_revision(bench: Bench) -> None:
    bench.start()
    send(bench, judgement("1", 9))
    bench.wait_for("select revision from purchases", [(9,)])
    send(bench, judgement("1", 1, generation=2))
    bench.wait_for("select generation, revision from purchases", [(2, 1)])


def test_a_void_purchase_stays_without_lines(bench: Bench) -> None:
    bench.start()
    send(bench, judgement("1", 1))
    bench.wait_for("select count(*) from purchase_lines", [(1,)])
    send(bench, judgement("1", 2, lines=(), tallied=False))
    bench.wait_for("select outcome, amount_ore, tallied from purchases", [("void", 0, False)])
    assert bench.rows("select count(*) from purchase_lines") == [(0,)]


def test_a_null_value_deletes_all_that_is_held_of_a_purchase(bench: Bench) -> None:
    bench.start()
    send(bench, judgement("1", 1), judgement("2", 1))
    bench.wait_for("select count(*) from purchases", [(2,)])
    bench.send(ORDERS, "erp~1", None)
    bench.producer.flush()
    bench.wait_for("select purchase from purchases", [("erp~2",)])
    assert bench.rows("select purchase from purchase_lines union select purchase from revisions") == [("erp~2",)]


def test_text_that_postgres_does_not_take_is_stored_without_its_nul(bench: Bench) -> None:
    send(bench, judgement("1", lines=(line("1", 1, description="A4\x00 hvid"),)))
    bench.start()
    bench.wait_for("select description from purchase_lines", [("A4\ufffd hvid",)])
    assert bench.rows("select body->'lines'->0->>'description' from revisions") == [("A4\ufffd hvid",)]


def test_a_record_that_no_table_takes_is_shown_and_stops_no_other(bench: Bench) -> None:
    send(bench, judgement("1"), judgement("2", judged_at="teatime"), judgement("3", 1 << 70), judgement("4"))
    bench.send(ORDERS, "erp~5", b"not json")
    bench.producer.flush()
    bench.start()
    bench.wait_for("select count(*), max(code) from rejections", [(3, "internal_error")])
    bench.wait_for("select number from purchases order by 1", [("1",), ("4",)])


def test_a_cell_is_replaced_by_sequence_and_never_added(bench: Bench) -> None:
    bench.start()
    key = "1|M-1|U%7C7|2026-03-02"
    for body in (cell(4, catalogue_ore=400, phone_count=2), cell(5, catalogue_ore=500), cell(3, catalogue_ore=300)):
        bench.send(PARTIALS, key, body)
        bench.producer.flush()
    bench.wait_for(
        "select source_partition, root, unit, sequence, catalogue_ore, phone_count from unit_days",
        [(1, "M-1", "U|7", 5, 500, 0)],
    )


def test_reference_rows_come_change_and_go_by_their_flag(bench: Bench) -> None:
    topic, key = reference_topic("units"), "U-1|2026-01-01"
    unit = {"unit": "U-1", "name": "Skole", "level": "institution", "parent": "D-1", "valid_from": "2026-01-01"}
    bench.start()
    bench.send(topic, key, value(unit))
    bench.send(reference_topic("targets"), "t", value({"unit": "U-1", "figure": "mandatory", "target": "0.8"}))
    bench.send(
        reference_topic("ledger"), "l", value({"unit": "U-1", "day": "2026-03-02", "documents": 3, "amount": "12.345"})
    )
    bench.send(reference_topic("suppliers"), "s", value({"supplier": "S-1", "name": "Papir", "identifiers": ["1"]}))
    bench.producer.flush()
    bench.wait_for("select unit, name, parent, identifiers, valid_to from units", [("U-1", "Skole", "D-1", [], None)])
    bench.wait_for("select target::text from targets", [("0.8",)])
    bench.wait_for("select documents, amount_ore from ledger", [(3, 1235)])
    bench.wait_for("select name, identifiers, punch_out from suppliers", [("Papir", ["1"], False)])
    bench.send(topic, key, value(unit | {"deleted": True}))
    bench.producer.flush()
    bench.wait_for("select count(*) from units", [(0,)])


def test_snapshots_alerts_and_rejections_arrive(bench: Bench) -> None:
    bench.start()
    snapshot: dict[str, Any] = {
        "unit": "U-1",
        "name": "Skole",
        "level": "institution",
        "parent": None,
        "root": "M-1",
        "tree": "as_is",
        "as_of": "2026-03-02T08:15:00Z",
        "day": "2026-03-02",
        "generation": 1,
        "windows": {},
    }
    for revision in (1, 3, 2):
        bench.send(UNITS, "U-1", value(snapshot | {"revision": revision}))
    alert = {"unit": "U-1", "figure": "mandatory", "window": "month", "from": 0.81, "to": 0.79, "target": 0.8}
    bench.send(
        ALERTS, "U-1", value(alert | {"since": "2026-03-02", "state": "crossed", "generation": 1, "revision": 3})
    )
    headers = {"code": "not_json", "field": "", "message": "Sæt", "topic": "erp.purchases", "partition": "3"}
    encoded = [(name, text.encode()) for name, text in (headers | {"offset": "17", "time": ""}).items()]
    bench.send(REJECTED, "4500", b"{\x00", encoded)
    bench.producer.flush()
    bench.wait_for("select revision, as_of::date::text from unit_snapshots", [(3, "2026-03-02")])
    bench.wait_for("select value_from::text, value_to::text, state from alerts", [("0.81", "0.79", "crossed")])
    bench.wait_for(
        'select topic, partition, "offset", code, message, key, content from rejections',
        [("erp.purchases", 3, 17, "not_json", "Sæt", "4500", b"{\x00")],
    )
