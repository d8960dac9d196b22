"""Properties of validity, of snapshots in any order of arrival, and of categories."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.facts import Category
from models.reference.build import Change, Draft, applied, snapshot_of
from models.reference.categories import as_prefix, matches, normalised, prefixes, significant, written
from models.reference.manifest import change, record
from models.reference.rows import CatalogueRow, Level, UnitRow
from models.reference.snapshot import Snapshot
from models.reference.touched import difference
from models.reference.validity import any_on, began, interval, merged, row_at, row_at_or_nearest, valid_on

START = date(2026, 1, 1)
days = st.integers(0, 40).map(lambda count: START + timedelta(days=count))


@st.composite
def catalogue_rows(draw: st.DrawFn) -> CatalogueRow:
    first, last = draw(st.none() | days), draw(st.none() | days)
    if first and last and last < first:
        first, last = last, first
    return CatalogueRow(
        catalogue=draw(st.sampled_from(("C1", "C2"))),
        supplier=draw(st.sampled_from(("S1", "S2"))),
        item=draw(st.sampled_from(("a", "b"))),
        category=draw(st.sampled_from(("UNSPSC:14111507", "UNSPSC:14110000", "CPV:30197630", None))),
        orderable=draw(st.booleans()),
        valid_from=first,
        valid_to=last,
    )


sets = st.lists(catalogue_rows(), max_size=12)
changes = st.lists(st.builds(Change, catalogue_rows(), st.booleans()), max_size=12)


def unique(rows: list[CatalogueRow]) -> list[CatalogueRow]:
    return list({row.key: row for row in rows}.values())


def answers(snapshot: Snapshot, day: date) -> list[object]:
    category = Category("UNSPSC", "14111507")
    items: list[object] = [
        snapshot.item(supplier, item=one, day=day) for supplier in ("S1", "S2") for one in ("a", "b")
    ]
    held = [snapshot.category_held(category, day), snapshot.supplier_has_catalogue("S1", day)]
    return [*items, *held]


@given(sets, days)
def test_merged_intervals_hold_exactly_the_days_of_the_rows(rows: list[CatalogueRow], day: date) -> None:
    assert any_on(merged(map(interval, rows)), day) == any(valid_on(row, day) for row in rows)


@given(sets)
def test_merged_intervals_neither_overlap_nor_touch(rows: list[CatalogueRow]) -> None:
    found = merged(map(interval, rows))
    assert all(one[1] + timedelta(days=1) < other[0] for one, other in pairwise(found))


@given(sets, days)
def test_the_row_of_a_day_is_valid_and_none_began_later(rows: list[CatalogueRow], day: date) -> None:
    rows.sort(key=began)
    found = row_at(rows, day)
    valid = [row for row in rows if valid_on(row, day)]
    assert (found is None) == (not valid)
    assert found is None or began(found) == max(map(began, valid))
    assert (row_at_or_nearest(rows, day) is None) == (not rows)


@given(sets, days, st.randoms())
def test_a_snapshot_answers_the_same_whatever_order_its_rows_came_in(
    rows: list[CatalogueRow], day: date, chance: object
) -> None:
    rows = unique(rows)
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert answers(snapshot_of(rows), day) == answers(snapshot_of(shuffled), day)


@given(sets, changes, days)
def test_changes_give_what_the_whole_set_would_have_given(
    rows: list[CatalogueRow], later: list[Change], day: date
) -> None:
    before = snapshot_of(rows)
    answers(before, day)
    kept = {row.key: row for row in rows}
    for one in later:
        if isinstance(one.row, CatalogueRow):
            kept.pop(one.row.key, None) if one.deleted else kept.__setitem__(one.row.key, one.row)
    after = applied(before, later, number=1)
    assert {row.key: row for row in after.rows(CatalogueRow)} == kept
    assert answers(after, day) == answers(snapshot_of(kept.values()), day)


@given(sets, changes, days)
def test_an_answer_that_changed_is_of_a_supplier_or_category_that_was_touched(
    rows: list[CatalogueRow], later: list[Change], day: date
) -> None:
    before = snapshot_of(rows)
    after = applied(before, later, number=1)
    touched = difference(before, after)
    for supplier in ("S1", "S2"):
        for item in ("a", "b"):
            if before.item(supplier, item=item, day=day) != after.item(supplier, item=item, day=day):
                assert touched.touches(suppliers=[supplier])
    for code in ("14111507", "14110000", "14000000", "44000000"):
        category = Category("UNSPSC", code)
        if before.category_held(category, day) != after.category_held(category, day):
            assert touched.touches(categories=[category])


@given(catalogue_rows(), st.booleans())
def test_a_row_comes_back_from_its_record_as_it_was(row: CatalogueRow, deleted: bool) -> None:  # noqa: FBT001
    sent = record(Change(row, deleted))
    assert change(sent.topic, sent.value) == Change(row, deleted)


@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("ABCD"), days, days), max_size=12), days)
def test_climbing_the_tree_ends_and_visits_nothing_twice(edges: list[tuple[str, str, date, date]], day: date) -> None:
    rows = [UnitRow(unit, unit, Level.AREA, parent, (), min(a, b), max(a, b)) for unit, parent, a, b in edges]
    snapshot = snapshot_of(rows)
    for unit in "ABCD":
        chain = snapshot.ancestors(unit, day)
        assert chain[0] == unit
        assert len(set(chain)) == len(chain)


def test_a_draft_of_nothing_is_empty() -> None:
    assert list(Draft().snapshot(3).rows(CatalogueRow)) == []


def test_categories_are_written_in_one_way() -> None:
    assert written(Category("TST", "14111507")) == "UNSPSC:14111507"
    assert normalised("STI", "30197630-1") == Category("CPV", "30197630")
    assert significant(Category("UNSPSC", "14000000")) == "UNSPSC:14"
    assert significant(Category("CPV", "30000000-9")) == "CPV:30"
    assert as_prefix("UNSPSC:14110000") == "UNSPSC:1411"


def test_a_prefix_covers_what_lies_under_it_in_its_own_scheme() -> None:
    assert matches("UNSPSC:1411", Category("UNSPSC", "14111507"))
    assert not matches("UNSPSC:1411", Category("UNSPSC", "14000000"))
    assert not matches("CPV:14", Category("UNSPSC", "14111507"))
    assert prefixes(Category("eCl@ss", "14111507")) == ()
