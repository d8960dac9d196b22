"""Claims about catalogue documents: what stays, what ends and what comes."""

from datetime import date, timedelta
from itertools import permutations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from models.documents.catalogues import CatalogueAction, CatalogueDocument, CatalogueLine
from models.facts import Stamp
from models.reference.build import Change, applied, snapshot_of
from models.reference.changes import changes_of, tables_of
from models.reference.folder import Loaded
from models.reference.manifest import change as read_change
from models.reference.manifest import record
from models.reference.received import after_documents, changes_by
from models.reference.rows import CatalogueRow, SupplierRow
from models.reference.snapshot import Snapshot
from models.reference.validity import valid_on

SHOP = SupplierRow("S-1", "Butikken", ("DK12345678",))
NAMES = ("12345678", "S-1")
SPRING, SUMMER = date(2026, 3, 1), date(2026, 6, 1)
START = snapshot_of((SHOP,))


def line(item: str, **fields: object) -> CatalogueLine:
    values = {"action": CatalogueAction.ADD, "line": "1", "catalogue": "C", "supplier": "12345678", "item": item}
    return CatalogueLine(**{**values, "orderable": True, **fields})  # type: ignore[arg-type]


def change(item: str | None, **fields: object) -> CatalogueLine:
    """A line that changes what it names of an item, or of the line of that id where no item is named."""
    values = {"action": CatalogueAction.UPDATE, "line": "1", "catalogue": "C", "supplier": "12345678", "item": item}
    return CatalogueLine(**{**values, **fields})  # type: ignore[arg-type]


def document(day: date, *rows: CatalogueLine, action: CatalogueAction = CatalogueAction.ADD) -> CatalogueDocument:
    stamp = Stamp(version=1, time_ms=day.toordinal(), event_id="", digest="")
    return CatalogueDocument("C", ("12345678",), ("12345678",), action, stamp, day, rows=rows)


def held(snapshot: Snapshot, item: str, day: date) -> CatalogueRow | None:
    return snapshot.item("S-1", item=item, day=day)


def test_a_catalogue_is_its_suppliers_and_valid_from_its_day_on() -> None:
    after = after_documents(START, [document(SPRING, line("a", price="10"))])
    stamp = document(SPRING).stamp
    row = CatalogueRow("C", "S-1", "a", price="10", valid_from=SPRING, stamp=stamp, line="1", providers=NAMES)
    assert held(after, "a", SPRING) == row
    assert row.ref == "catalogue:C|S-1|a|2026-03-01"
    assert held(after, "a", date(2026, 2, 28)) is None


def test_a_later_catalogue_takes_the_place_of_the_earlier_one_and_the_past_stays() -> None:
    after = after_documents(START, [document(SUMMER, line("b")), document(SPRING, line("a"))])
    assert held(after, "a", date(2026, 5, 31)) is not None
    assert held(after, "a", SUMMER) is None
    assert held(after, "b", SUMMER) is not None


def test_an_update_changes_its_lines_and_keeps_what_it_does_not_say() -> None:
    update = document(SUMMER, change("a", price="12"), action=CatalogueAction.UPDATE)
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
    update = document(SUMMER, change("a", price="12"), action=CatalogueAction.UPDATE)
    whole = document(SPRING, line("a", name="Papir", price="10", category="UNSPSC:14111507", unit="EA"))
    both = set(arrived([whole, update]).rows(CatalogueRow))
    assert set(arrived([update, update, whole, update]).rows(CatalogueRow)) == both


def test_an_update_of_prices_names_the_line_and_not_the_item() -> None:
    prices = document(SUMMER, change(None, line="L-7", price="12"), action=CatalogueAction.UPDATE)
    whole = document(SPRING, line("a", line="L-6", price="5"), line("b", line="L-7", price="10", name="Papir"))
    for order in ([whole, prices], [prices, whole]):
        found = held(arrived(order), "b", SUMMER)
        assert found is not None
        assert (found.price, found.name) == ("12", "Papir")
        assert held(arrived(order), "a", SUMMER) == held(arrived([whole]), "a", SUMMER)


def test_an_update_of_prices_finds_a_files_row_where_the_line_bears_the_items_id() -> None:
    start = snapshot_of((SHOP, CatalogueRow("C", "S-1", "a", price="1"), CatalogueRow("D", "S-1", "b", price="1")))
    prices = document(
        SUMMER, change(None, line="a", price="12"), change(None, line="b", price="13"), action=CatalogueAction.UPDATE
    )
    after = arrived([prices], start)
    assert [row.price for item in "ab" if (row := held(after, item, SUMMER))] == ["12", "1"]


def test_two_updates_of_the_same_item_add_up_in_any_order() -> None:
    whole = document(SPRING, line("a", name="Papir", price="10", category="UNSPSC:14111507"))
    price = document(SUMMER, change("a", price="12", currency="EUR"), action=CatalogueAction.UPDATE)
    name = document(SUMMER + timedelta(days=1), change("a", name="Papir, hvidt"), action=CatalogueAction.UPDATE)
    for order in permutations([whole, price, name]):
        found = held(arrived(list(order)), "a", date(2026, 7, 1))
        assert found is not None
        assert (found.name, found.price, found.currency) == ("Papir, hvidt", "12", "EUR")
        assert found.category == "UNSPSC:14111507"


def numbered(number: str, day: date, *rows: CatalogueLine, action: CatalogueAction, first: bool) -> CatalogueDocument:
    """A document under a number of its own, as Peppol's senders give one; all but the first say that they change one."""
    made = document(day, *rows, action=action)
    return msgspec.structs.replace(made, catalogue=number, agreement="R-1", of_contract=not first)


def test_documents_under_new_numbers_change_the_catalogue_of_their_contract() -> None:
    adds, updates, deletes = CatalogueAction
    first = numbered("1", SPRING, line("a", name="Pen"), line("b"), line("c"), action=adds, first=True)
    removed = line("b", action=deletes)
    update = numbered("2", date(2026, 4, 1), change("a", gtin="57"), removed, line("d"), action=updates, first=False)
    again = numbered("3", date(2026, 5, 1), line("a", name="Pen"), line("e"), action=adds, first=False)
    end = numbered("4", SUMMER, action=deletes, first=False)
    other = msgspec.structs.replace(document(SPRING, line("x")), catalogue="9", agreement="R-2")
    for order in permutations([first, update, again, end, other]):
        after = arrived(list(order))
        on = {day: {row.item for row in after.rows(CatalogueRow) if valid_on(row, day)} for day in _DAYS}
        assert list(on.values()) == [{*"abc", "x"}, {*"acd", "x"}, {*"ae", "x"}, {"x"}]


_DAYS = (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31), SUMMER)


def test_a_whole_catalogue_holds_no_line_that_it_deletes_and_ends_when_it_says() -> None:
    whole = document(SPRING, line("a"), line("b", action=CatalogueAction.DELETE))
    after = arrived([msgspec.structs.replace(whole, valid_to=SUMMER)])
    assert [(row.item, row.valid_to) for row in after.rows(CatalogueRow)] == [("a", SUMMER)]


def test_an_update_takes_nothing_from_another_catalogue() -> None:
    other = msgspec.structs.replace(document(SPRING, line("a", name="Papir")), catalogue="D")
    update = document(SUMMER, change("a", price="12"), action=CatalogueAction.UPDATE)
    after = arrived([other, update])
    assert {(row.catalogue, row.name, row.price) for row in after.rows(CatalogueRow)} == {
        ("C", "", "12"),
        ("D", "Papir", None),
    }


def test_an_update_of_a_single_day_is_held_that_day() -> None:
    update = document(SUMMER, change("a", price="12", valid_to=SUMMER), action=CatalogueAction.UPDATE)
    after = arrived([document(SPRING, line("a", price="10")), update])
    assert [row.price for day in (SPRING, SUMMER) if (row := held(after, "a", day))] == ["10", "12"]
    assert held(after, "a", SUMMER + timedelta(days=1)) is None


def test_updates_under_the_number_of_an_update_still_change_the_catalogue_of_their_contract() -> None:
    adds, updates, _ = CatalogueAction
    first = numbered("1", SPRING, line("a"), line("b"), action=adds, first=True)
    one = numbered("2", SUMMER, line("a", action=CatalogueAction.DELETE), action=updates, first=False)
    day = SUMMER + timedelta(days=1)
    two = numbered("2", day, line("b", action=CatalogueAction.DELETE), action=updates, first=False)
    after = arrived([two, one, first])
    assert [held(after, item, day) for item in "ab"] == [None, None]


def test_a_number_that_an_older_whole_catalogue_bears_means_that_catalogue() -> None:
    adds, updates, _ = CatalogueAction
    paper = numbered("1", SPRING, line("a"), action=adds, first=True)
    pens = numbered("2", SPRING, line("b"), action=adds, first=True)
    replaced = numbered("2", SUMMER, line("c"), action=adds, first=False)
    after = arrived([replaced, pens, paper])
    assert [held(after, item, SUMMER) is not None for item in "abc"] == [True, False, True]
    assert updates is CatalogueAction.UPDATE


def test_another_providers_catalogue_of_the_same_number_is_another_catalogue() -> None:
    market = msgspec.structs.replace(document(SUMMER, line("b")), providers=("5790000000111",))
    after = arrived([market, document(SPRING, line("a"))])
    assert [held(after, item, SUMMER) is not None for item in "ab"] == [True, True]
    end = msgspec.structs.replace(
        document(date(2026, 7, 1), action=CatalogueAction.DELETE), providers=("5790000000111", "9")
    )
    gone = applied(after, changes_by(end, after), number=1)
    assert [held(gone, item, date(2026, 7, 1)) is not None for item in "ab"] == [True, False]


def test_what_was_sent_under_several_names_of_a_supplier_is_one_catalogue() -> None:
    early = arrived([document(SPRING, line("a"))], snapshot_of(()))
    both = applied(early, [Change(SHOP)], number=1)
    after = arrived([document(SUMMER, action=CatalogueAction.DELETE)], both)
    assert held(after, "a", SPRING) is not None
    assert held(after, "a", SUMMER) is None


def loaded(*rows: CatalogueRow, documents: list[CatalogueDocument] | None = None) -> Loaded:
    return Loaded(tables={"catalogue": {row.key: row for row in rows}}, documents=documents or [])


def load(of: Loaded, start: Snapshot) -> Snapshot:
    changes, _ = changes_of(of, tables_of(start))
    return applied(start, changes, number=start.number)


def test_a_load_of_a_file_takes_the_place_of_file_rows_only() -> None:
    start = arrived([msgspec.structs.replace(document(SPRING, line("a")), catalogue="D")], snapshot_of((SHOP, *FILE)))
    after = load(loaded(CatalogueRow("C", "S-1", "z")), start)
    assert {row.item for row in after.rows(CatalogueRow)} == {"a", "z"}
    assert {row.item for row in load(loaded(), after).rows(CatalogueRow)} == {"a"}


def test_the_rows_of_documents_do_not_count_among_what_a_load_drops() -> None:
    rows = [line(str(number)) for number in range(20)]
    start = arrived([msgspec.structs.replace(document(SPRING, *rows), catalogue="D")], snapshot_of((SHOP, *FILE)))
    _, differences = changes_of(loaded(FILE[0]), tables_of(start))
    (catalogue,) = (one for one in differences if one.table == "catalogue")
    assert (catalogue.before, catalogue.dropped, catalogue.drops_too_much) == (2, 1, True)


firsts = st.integers(0, 6).map(lambda days: SPRING + timedelta(days=days))


@st.composite
def lines(draw: st.DrawFn, *actions: CatalogueAction) -> CatalogueLine:
    first = draw(st.none() | firsts)
    last = draw(st.none() | firsts)
    fields: dict[str, object] = {"valid_from": first, "valid_to": last if last and first and last >= first else None}
    action = draw(st.sampled_from(actions))
    if action is not CatalogueAction.UPDATE:
        return line(draw(st.sampled_from("abc")), action=action, line=draw(st.sampled_from("12")), **fields)
    said: dict[str, object] = draw(
        st.sampled_from([{"price": "99"}, {"name": "nyt"}, {"orderable": False}, {"agreement": "R-2"}])
    )
    item = draw(st.sampled_from(["a", "b", "c", None]))
    return change(item, line=draw(st.sampled_from("12")), **{**fields, **said})


@st.composite
def documents(draw: st.DrawFn) -> list[CatalogueDocument]:
    made = []
    for number in range(draw(st.integers(1, 5))):
        action = draw(st.sampled_from(CatalogueAction))
        also = (CatalogueAction.UPDATE, CatalogueAction.DELETE) if action is CatalogueAction.UPDATE else ()
        rows = draw(st.lists(lines(CatalogueAction.ADD, *also), max_size=3))
        rows = (
            []
            if action is CatalogueAction.DELETE
            else [_priced(row, f"{number}{place}") for place, row in enumerate(rows)]
        )
        one = document(draw(firsts), *rows, action=action)
        catalogue, replaces = draw(st.sampled_from([("C", None), ("C", None), ("D", None), ("D", "C")]))
        stamp = Stamp(version=1, time_ms=draw(st.integers(0, 3)), event_id=str(number), digest="")
        made.append(
            msgspec.structs.replace(
                one,
                stamp=stamp,
                catalogue=catalogue,
                replaces=replaces,
                valid_from=draw(st.none() | firsts),
                agreement=draw(st.sampled_from([None, "R-1", "R-2"])),
                of_contract=replaces is None and draw(st.booleans()),
                providers=draw(st.sampled_from([("12345678",), ("12345678", "9"), ("8",)])),
            )
        )
    return made


def _priced(row: CatalogueLine, price: str) -> CatalogueLine:
    return row if row.action is CatalogueAction.UPDATE else msgspec.structs.replace(row, price=price)


FILE = (
    CatalogueRow("C", "S-1", "a", price="1"),
    CatalogueRow("C", "S-1", "b", price="2", valid_from=SPRING + timedelta(days=3)),
)


@given(documents())
def test_what_documents_said_comes_back_from_its_records(given_documents: list[CatalogueDocument]) -> None:
    for one in given_documents:
        for made in changes_by(one, START):
            sent = record(made)
            assert (read_change(sent.topic, sent.value), sent.key.decode()) == (made, made.row.key)


@given(documents(), st.data())
def test_any_order_with_repeats_and_loads_between_gives_the_rows_of_the_order_of_stamps(
    given_documents: list[CatalogueDocument], data: st.DataObject
) -> None:
    start = snapshot_of((SHOP, *FILE))
    repeats = data.draw(st.lists(st.sampled_from(given_documents), max_size=4))
    order = data.draw(st.permutations([*given_documents, *repeats]))
    expected = set(arrived(sorted(given_documents, key=lambda one: one.stamp), start).rows(CatalogueRow))
    assert set(arrived(order, start).rows(CatalogueRow)) == expected
    first, between = data.draw(st.integers(0, len(order))), data.draw(st.sampled_from([(), FILE[:1]]))
    halfway = load(loaded(*between), arrived(order[:first], snapshot_of((SHOP,))))
    assert set(load(loaded(*FILE), arrived(order[first:], halfway)).rows(CatalogueRow)) == expected
    in_folder = load(loaded(*FILE, documents=order), snapshot_of((SHOP,)))
    assert set(in_folder.rows(CatalogueRow)) == expected


@given(documents())
def test_of_each_day_the_newest_document_that_speaks_of_it_is_heard(given_documents: list[CatalogueDocument]) -> None:
    after = arrived(given_documents)
    rows = list(after.rows(CatalogueRow))
    assert all(row.valid_to is None or row.valid_from is None or row.valid_from <= row.valid_to for row in rows)
    for day in (SPRING + timedelta(days=days) for days in range(9)):
        for row in rows:
            if valid_on(row, day):
                ends = (one for one in given_documents if one.action is not CatalogueAction.UPDATE)
                assert not [
                    one for one in ends if row.catalogue in (one.catalogue, one.replaces) and _ended(one, row, day)
                ]


def _ended(document: CatalogueDocument, row: CatalogueRow, day: date) -> bool:
    first = document.day if document.action is CatalogueAction.DELETE else document.valid_from or document.day
    of_its_provider = not set(row.providers).isdisjoint(document.providers)
    return of_its_provider and row.stamp is not None and document.stamp > row.stamp and first <= day
