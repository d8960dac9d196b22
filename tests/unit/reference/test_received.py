"""Claims about catalogue documents: what stays, what ends and what comes."""

from datetime import date

import msgspec

from models.documents.catalogues import CatalogueAction, CatalogueDocument, CatalogueLine
from models.facts import Stamp
from models.reference.build import snapshot_of
from models.reference.received import after_documents
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
    assert held(after, "a", SPRING) == CatalogueRow("C", "S-1", "a", price="10", valid_from=SPRING)
    assert held(after, "a", date(2026, 2, 28)) is None


def test_a_later_catalogue_takes_the_place_of_the_earlier_one_and_the_past_stays() -> None:
    after = after_documents(START, [document(SUMMER, line("b")), document(SPRING, line("a"))])
    assert held(after, "a", date(2026, 5, 31)) is not None
    assert held(after, "a", SUMMER) is None
    assert held(after, "b", SUMMER) is not None


def test_an_update_changes_its_lines_and_keeps_what_it_does_not_say() -> None:
    update = document(SUMMER, line("a", price="12", orderable=None), action=CatalogueAction.UPDATE)
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
