from datetime import date

import pytest

from models.measures import MEASURES
from sinks.database.batch import decide
from sinks.database.feeds import FEEDS, place_of_cell
from sinks.database.judgements import json_text
from sinks.database.positions import Move, PositionLost, moves, verify_positions
from sinks.database.records import Record, Unreadable

PARTIALS = "compliance.partials"


def record(value: bytes | None, *, key: bytes = b"0|M|U|2026-03-02", topic: str = PARTIALS, offset: int = 0) -> Record:
    return Record(topic, 0, offset, key, value, {})


def cell(sequence: int, *measures: int) -> bytes:
    return f'{{"sequence":{sequence},"measures":{list(measures)}}}'.encode()


def decided(*records: Record) -> list[tuple[object, ...]]:
    return decide(records, orders="compliance.orders", feeds=FEEDS).changes[0].rows


def test_the_key_of_a_cell_is_read_with_what_was_percent_encoded() -> None:
    assert place_of_cell("3|M%7C1|U%25|2026-03-02") == (3, "M|1", "U%", date(2026, 3, 2))


@pytest.mark.parametrize("key", ["", "0|M|U", "x|M|U|2026-03-02", "0|M|U|someday", "0|M|U|V|2026-03-02"])
def test_what_is_no_cell_key_is_unreadable(key: str) -> None:
    with pytest.raises(Unreadable, match="no cell's key"):
        place_of_cell(key)


def test_a_batch_writes_the_greatest_sequence_of_a_cell_only() -> None:
    (row,) = decided(record(cell(2, 20)), record(cell(3, 30)), record(cell(1, 10)))
    assert row[5:7] == (3, 30)


def test_a_cell_of_an_older_version_is_filled_with_zeros() -> None:
    (row,) = decided(record(cell(1, 7)))
    assert row[6:] == (7, *(0,) * (len(MEASURES) - 1), "{}")


def test_a_cell_with_more_measures_than_known_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="measures, this version knows"):
        decided(record(cell(1, *range(len(MEASURES) + 1))))


def test_escapes_that_postgres_refuses_are_replaced_and_others_stay() -> None:
    assert json_text(b'{"a":"x\\u0000y","b":["\\\\u0000"]}') == '{"a":"x\ufffdy","b":["\\\\u0000"]}'
    plain = '{"a": "æøå"}'
    assert json_text(plain.encode()) == plain


def test_positions_move_behind_the_last_record_of_each_partition() -> None:
    records = [record(cell(1), offset=4), record(cell(1), offset=9)]
    assert moves(records, {(PARTIALS, 0): 4}) == [Move(PARTIALS, 0, 4, 10)]


@pytest.mark.parametrize("position", [4, 11])
def test_a_position_outside_of_the_topic_is_refused_with_what_to_do(position: int) -> None:
    with pytest.raises(PositionLost, match="the topic holds 5 to 10"):
        verify_positions({("t", 0): position}, beginnings={("t", 0): 5}, ends={("t", 0): 10})


def test_a_row_that_evidence_quotes_is_kept_with_what_it_is_looked_up_by() -> None:
    value = b'{"catalogue":"CAT-9","supplier":"S-1","item":"11","category":"UNSPSC:14111507","valid_to":"2027-12-31"}'
    (row,) = decided(record(value, key=b"CAT-9|S-1|11|", topic="reference.catalogue"))
    assert row[:5] == ("catalogue", "CAT-9|S-1|11|", "S-1", "11", "UNSPSC:14111507")
    assert row[5:7] == (None, date(2027, 12, 31))


def test_an_external_channels_categories_are_no_items_category() -> None:
    value = b'{"supplier":"S-1","categories":["UNSPSC:14"]}'
    (row,) = decided(record(value, key=b"S-1|UNSPSC:14|", topic="reference.external_channels"))
    assert row[2:5] == ("S-1", None, None)


def test_every_record_of_a_ruleset_is_kept_as_its_history() -> None:
    values = (
        b'{"name":"standard","version":"1","text":"","active":true}',
        b'{"name":"standard","version":"1","text":""}',
    )
    topic = "reference.rulesets"
    records = [record(value, key=b"standard@1", topic=topic, offset=place) for place, value in enumerate(values)]
    assert [(row[0], row[1], row[2]) for row in decided(*records)] == [
        (0, "standard@1", True),
        (1, "standard@1", False),
    ]
