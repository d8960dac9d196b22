"""Claims about catalogue documents: what stays, what ends and what comes."""

from datetime import date, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from models.documents.catalogues import CatalogueAction, CatalogueDocument, CatalogueLine
from models.facts import Stamp
from models.reference.build import applied, snapshot_of
from models.reference.received import after_documents, changes_by
from models.reference.rows import CatalogueRow, SupplierRow
from models.reference.snapshot import Snapshot

SHOP = SupplierRow("S-1", "Butikken", ("DK12345678",))
SPRING, SUMMER = date(2026, 3, 1), date(2026, 6, 1)
START = snapshot_of((SHOP,))


def line(item: str, **fields: object) -> CatalogueLine:
    values = {"action": CatalogueAction.ADD, "line": "1", "catalogue": "C", "supplier": "12345678", "item": item}
    return CatalogueLine(**{**values, "orderable": True, **fields})  # type: ignore[arg-type]


def document(day: date, *rows: CatalogueLine, action: CatalogueAction = CatalogueAction.ADD) -> CatalogueDocument:
    stamp = Stamp(version=1, time_ms=day.toordinal(), event_id="", digest="")
    return CatalogueDocument("C", ("12345678",), ("12345678",), action, stamp, day, rows=rows)


def held(snapshot: Snapshot, item: str, day: date) -> CatalogueRow | None:
    return snapshot.item("S-1", item=item, day=day)


def test_a_catalogue_is_its_suppliers_and_valid_from_its_day_on() -> None:
    after = after_documents(START, [document(SPRING, line("a", price="10"))])
    stamp = document(SPRING).stamp
    assert held(after, "a", SPRING) == CatalogueRow("C", "S-1", "a", price="10", valid_from=SPRING, stamp=stamp)
    assert held(after, "a", date(2026, 2, 28)) is None


def test_a_later_catalogue_takes_the_place_of_the_earlier_one_and_the_past_stays() -> None:
    after = after_documents(START, [document(SUMMER, line("b")), document(SPRING, line("a"))])
    assert held(after, "a", date(2026, 5, 31)) is not None
    assert held(after, "a", SUMMER) is None
    assert held(after, "b", SUMMER) is not None


def test_an_update_changes_its_lines_and_keeps_what_it_does_not_say() -> None:
    change = line("a", action=CatalogueAction.UPDATE, price="12", orderable=None)
    update = document(SUMMER, change, action=CatalogueAction.UPDATE)
    after = after_documents(START, [document(SPRING, line("a", name="Papir"), line("b")), update])
    found = held(after, "a", SUMMER)
    assert found is not None
    assert (found.name, found.price, found.orderable) == ("Papir", "12", True)
    assert held(after, "b", SUMMER) is not None


def test_a_deleted_line_and_a_deleted_catalogue_end_the_day_before() -> None:
    first = document(SPRING, line("a"), line("b"))
    one = document(SUMMER, line("a", action=CatalogueAction.DELETE), action=CatalogueAction.UPDATE)
    after = after_documents(START, [first, one])
    assert (held(after, "a", SUMMER), held(after, "b", SUMMER) is None) == (None, False)
    gone = after_documents(START, [first, document(SUMMER, action=CatalogueAction.DELETE)])
    assert held(gone, "b", SUMMER) is None
    assert held(gone, "b", SPRING) is not None


def test_the_same_document_again_changes_nothing() -> None:
    first = document(SPRING, line("a"), line("b", valid_from=SUMMER))
    once, twice = after_documents(START, [first]), after_documents(START, [first, msgspec.structs.replace(first)])
    assert set(once.rows(CatalogueRow)) == set(twice.rows(CatalogueRow))


def arrived(documents: list[CatalogueDocument], start: Snapshot = START) -> Snapshot:
    """The snapshot after documents in the order in which they are given."""
    for one in documents:
        start = applied(start, changes_by(one, start), number=start.number)
    return start


def test_an_older_catalogue_that_arrives_late_or_again_ends_before_the_newer_one() -> None:
    old = msgspec.structs.replace(document(SPRING, line("a"), line("b")), valid_from=date(2020, 1, 1))
    new = msgspec.structs.replace(document(SUMMER, line("a", price="12")), valid_from=date(2021, 1, 1))
    after = arrived([new, old, new, old])
    assert [row.price for row in after.rows(CatalogueRow) if row.item == "a" and row.valid_to is None] == ["12"]
    assert held(after, "b", date(2020, 12, 31)) is not None
    assert held(after, "b", date(2021, 1, 1)) is None
    assert changes_by(old, after) == changes_by(new, after) == []


def test_a_catalogue_that_was_deleted_stays_so_when_it_arrives_after_its_deletion() -> None:
    after = arrived([document(SUMMER, action=CatalogueAction.DELETE), document(SPRING, line("a"))])
    assert held(after, "a", date(2026, 5, 31)) is not None
    assert held(after, "a", SUMMER) is None


def test_a_catalogue_that_was_replaced_under_another_id_ends_when_it_arrives_late() -> None:
    other = msgspec.structs.replace(document(SUMMER, line("b")), catalogue="D", replaces="C")
    after = arrived([other, document(SPRING, line("a"))])
    assert (held(after, "a", SUMMER), held(after, "b", SUMMER) is None) == (None, False)


def test_an_update_that_arrives_before_its_catalogue_takes_the_rest_from_it() -> None:
    change = line("a", action=CatalogueAction.UPDATE, price="12", orderable=None)
    update = document(SUMMER, change, action=CatalogueAction.UPDATE)
    whole = document(SPRING, line("a", name="Papir", price="10", category="UNSPSC:14111507", unit="EA"))
    both = set(arrived([whole, update]).rows(CatalogueRow))
    assert set(arrived([update, update, whole, update]).rows(CatalogueRow)) == both


firsts = st.integers(0, 6).map(lambda days: SPRING + timedelta(days=days))


@st.composite
def lines(draw: st.DrawFn, *actions: CatalogueAction) -> CatalogueLine:
    first = draw(st.none() | firsts)
    last = draw(st.none() | firsts)
    fields = {"valid_from": first, "valid_to": last if last and first and last >= first else None}
    return line(draw(st.sampled_from("abc")), action=draw(st.sampled_from(actions)), **fields)


@st.composite
def documents(draw: st.DrawFn) -> list[CatalogueDocument]:
    made = []
    for number in range(draw(st.integers(1, 5))):
        action = draw(st.sampled_from(CatalogueAction))
        also = (CatalogueAction.DELETE,) if action is CatalogueAction.UPDATE else ()
        rows = draw(st.lists(lines(CatalogueAction.ADD, *also), max_size=3))
        rows = (
            []
            if action is CatalogueAction.DELETE
            else [msgspec.structs.replace(row, price=f"{number}{place}") for place, row in enumerate(rows)]
        )
        one = document(draw(firsts), *rows, action=action)
        catalogue, replaces = draw(st.sampled_from([("C", None), ("C", None), ("D", None), ("D", "C")]))
        stamp = Stamp(version=1, time_ms=draw(st.integers(0, 3)), event_id=str(number), digest="")
        made.append(
            msgspec.structs.replace(
                one, stamp=stamp, catalogue=catalogue, replaces=replaces, valid_from=draw(st.none() | firsts)
            )
        )
    return made


FILE = (
    CatalogueRow("C", "S-1", "a", price="1"),
    CatalogueRow("C", "S-1", "b", price="2", valid_from=SPRING + timedelta(days=3)),
)


@given(documents(), st.data())
def test_any_order_with_repeats_gives_the_rows_of_the_order_of_stamps(
    given_documents: list[CatalogueDocument], data: st.DataObject
) -> None:
    start = snapshot_of((SHOP, *FILE))
    repeats = data.draw(st.lists(st.sampled_from(given_documents), max_size=4))
    order = data.draw(st.permutations([*given_documents, *repeats]))
    expected = set(after_documents(start, given_documents).rows(CatalogueRow))
    assert set(arrived(order, start).rows(CatalogueRow)) == expected
