"""Histories of events for Hypothesis: few numbers, parties and days, so that everything collides with everything."""

import hashlib
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from models.contract.purchase_id import purchase_id
from models.facts import (
    DOCUMENT,
    AnyFact,
    Cancellation,
    Category,
    Content,
    CreditNote,
    Decision,
    Invoice,
    Line,
    Order,
    OrderChange,
    OrderReference,
    Response,
    Stamp,
)
from models.purchase.assessing import Basis
from models.reference.build import snapshot_of
from models.reference.rows import (
    AgreementRow,
    AnyRow,
    BuyerRow,
    CatalogueRow,
    ExternalChannelRow,
    Level,
    MandatoryRow,
    RateRow,
    StandingOrderRow,
    SupplierRow,
    UnitRow,
)
from tests.builders import DAY, PAPER, REFERENCE, default_judge

ORDERS = ("4500", "4501")
INVOICES = ("F-1", "F-2", "4501")
NOTES = ("K-1", "K-2")
SOURCES = ("erp/kvantum", "erp/kvantum", "erp/skole", "test/erp")
UNITS = ("U1", "U1", "U2", "5790000000012", "X9")
SUPPLIERS = ("S1", "S1", "DK12345678", "S2", "S9")
DAYS = tuple(DAY + timedelta(days=days) for days in (-40, -3, 0, 0, 0, 2, 5, 20, 33, 70))

ALWAYS: tuple[AnyRow, ...] = (
    *(row for row in REFERENCE if not isinstance(row, CatalogueRow) and getattr(row, "unit", "") != "U2"),
    UnitRow("D2", "Socialforvaltningen", Level.DEPARTMENT, parent="K"),
    BuyerRow("B-1", "U1", DAY - timedelta(days=400), DAY + timedelta(days=4)),
    StandingOrderRow("SO-1", "S2"),
    ExternalChannelRow("S2", ("UNSPSC:50",)),
    MandatoryRow("UNSPSC:1411"),
)
MOVED: tuple[AnyRow, ...] = (UnitRow("U2", "Skolen på Bakken", Level.INSTITUTION, parent="D2"),)
UNMOVED: tuple[AnyRow, ...] = (UnitRow("U2", "Skolen på Bakken", Level.INSTITUTION, parent="D1"),)
OPTIONAL: tuple[tuple[AnyRow, ...], ...] = (
    tuple(row for row in REFERENCE if isinstance(row, CatalogueRow)),
    (RateRow("EUR", DAY - timedelta(days=2), "7.455"),),
    (UnitRow("X9", "Ny skole", Level.INSTITUTION, parent="D2"),),
    (SupplierRow("S2", "Bageren", ("S9",)),),
    (SupplierRow("S9", "Kommunen selv", exclusion="internal"),),
    (AgreementRow("A2", "S2", "Brød", ("UNSPSC:50",), DAY, DAY + timedelta(days=30)),),
    (UnitRow("L", "Nabokommunen", Level.MUNICIPALITY),),
    (UnitRow("U1", "Skolen ved Åen", Level.INSTITUTION, "L", ("5790000000012",), DAY + timedelta(days=4)),),
)


@st.composite
def bases(draw: st.DrawFn) -> Basis:
    """A reference: what is always in it, and any of the rest."""
    chosen = draw(st.lists(st.sampled_from(OPTIONAL), unique=True))
    moved = draw(st.sampled_from((MOVED, UNMOVED)))
    rows = [*ALWAYS, *moved, *(row for rows in chosen for row in rows)]
    return Basis(snapshot_of(rows, number=draw(st.integers(0, 5))), default_judge())


def seldom(*values: Any) -> st.SearchStrategy[Any]:
    """Nothing, mostly."""
    return st.sampled_from((None, None, None, *values))


LINES = st.builds(
    Line,
    line=st.just("?"),
    net_hundredths=st.sampled_from((-300, 0, 100, 101, 1000, 3333)),
    item=st.sampled_from(("11-2233", "99", "NA", None)),
    category=st.sampled_from((PAPER, PAPER, None, Category("UNSPSC", "50181900"), Category("UNSPSC", "72111100"))),
    unit_price=seldom("25", "26.5"),
    catalogue=seldom("CAT-1"),
)


@st.composite
def contents(draw: st.DrawFn, *, least: int = 0, document: bool = False, changing: bool = False) -> Content:
    """Content of one to three lines that come to at least so much; who buys and sells is always stated, or refused."""
    lines = draw(st.lists(LINES, min_size=1, max_size=3))
    names = draw(st.permutations(("1", "2", "3")))
    lines = [replace(line, line=names[place]) for place, line in enumerate(lines)]
    if changing:
        lines = [replace(line, removed=draw(st.sampled_from((False, False, True)))) for line in lines]
    if sum(line.net_hundredths for line in lines) < least:
        lines = [replace(line, net_hundredths=abs(line.net_hundredths)) for line in lines]
    unit, supplier = draw(st.sampled_from(UNITS)), draw(st.sampled_from(SUPPLIERS))
    return Content(
        units=(unit,),
        suppliers=(supplier,),
        lines=tuple(lines),
        buyer=draw(seldom("B-1", "B-2")),
        currency=draw(st.sampled_from(("DKK", "DKK", "DKK", "EUR"))),
        exchange_rate=draw(seldom("7.4")),
        channel=draw(seldom("phone", "catalogue", "web_shop", "free_text")),
        order_agreement=document and draw(st.integers(0, 4)) == 0,
        standing_order=draw(seldom("SO-1")),
        punch_out=draw(seldom("session")),
        delivered_on=draw(seldom(*DAYS)),
    )


@st.composite
def stamps(draw: st.DrawFn, said: object, *, versions: tuple[int, ...] = (1, 1, 2, 3)) -> Stamp:
    version, time = draw(st.sampled_from(versions)), draw(st.integers(1, 3))
    event = draw(st.sampled_from(("e1", "e2", "e3")))
    return Stamp(version, time, event, hashlib.blake2b(repr(said).encode(), digest_size=4).hexdigest())


@st.composite
def sources(draw: st.DrawFn) -> str:
    return draw(st.sampled_from((*SOURCES, DOCUMENT, DOCUMENT)))


@st.composite
def references(draw: st.DrawFn, number: str, source: str) -> OrderReference:
    if source != DOCUMENT:
        return OrderReference(number)
    return OrderReference(number, draw(seldom(*DAYS)), draw(seldom("uuid-1", "uuid-2")))


@st.composite
def orders(draw: st.DrawFn) -> Order:
    source, number, day = draw(sources()), draw(st.sampled_from(ORDERS)), draw(st.sampled_from(DAYS))
    document = source == DOCUMENT
    content, frame = draw(contents(document=document)), not document and draw(st.integers(0, 3)) == 0
    uuid = draw(seldom("uuid-1", "uuid-2")) if document else None
    stamp = draw(stamps((content, day, frame, uuid), versions=(0,) if document else (1, 1, 2, 3)))
    return Order(source=source, number=number, stamp=stamp, day=day, content=content, frame=frame, uuid=uuid)


@st.composite
def changes(draw: st.DrawFn) -> OrderChange:
    number, day = draw(st.sampled_from(ORDERS)), draw(st.sampled_from(DAYS))
    content = draw(contents(document=True, changing=True))
    reference = draw(references(number, DOCUMENT))
    stamp = draw(stamps((content, day, reference)))
    return OrderChange(source=DOCUMENT, number=number, stamp=stamp, day=day, order=reference, content=content)


@st.composite
def ends(draw: st.DrawFn) -> Cancellation | Response:
    source, number, day = draw(sources()), draw(st.sampled_from(ORDERS)), draw(st.sampled_from(DAYS))
    units: tuple[str, ...] = (draw(st.sampled_from(UNITS)),)
    suppliers: tuple[str, ...] = (draw(st.sampled_from(SUPPLIERS)),)
    reference = draw(references(number, source))
    stamp = draw(stamps((units, suppliers, day, reference), versions=(2, 3, 4)))
    if source == DOCUMENT and draw(st.booleans()):
        return Response(
            source=source, number=number, stamp=stamp, day=day, order=reference, units=units, suppliers=suppliers
        )
    if source != DOCUMENT:
        units = suppliers = ()
    return Cancellation(
        source=source,
        number=number,
        stamp=stamp,
        of="order",
        cancelled=number,
        day=day,
        order=reference,
        units=units,
        suppliers=suppliers,
    )


@st.composite
def papers(draw: st.DrawFn) -> Invoice | CreditNote:
    """An invoice, a credit note or an invoice below zero, with or without what it belongs to."""
    source, day = draw(sources()), draw(st.sampled_from(DAYS))
    kind = draw(st.sampled_from(("invoice", "invoice", "invoice", "credit_note", "credit_note", "below_zero")))
    number = draw(st.sampled_from(NOTES if kind == "credit_note" else INVOICES))
    if number in ORDERS:
        day += timedelta(days=1)  # an order's document of that number, parties and day would have the same id
    content = draw(contents(least=1 if kind != "invoice" else 0, document=source == DOCUMENT))
    order = draw(st.sampled_from((None, *ORDERS)))
    reference = draw(references(order, source)) if order else None
    credited = draw(st.sampled_from((None, *INVOICES))) if kind == "credit_note" else None
    stamp = draw(stamps((content, day, reference, kind, credited)))
    if kind == "invoice":
        return Invoice(
            source=source,
            number=order or number,
            stamp=stamp,
            invoice=number,
            issued_on=day,
            content=content,
            order=reference,
        )
    return CreditNote(
        source=source,
        number=order or credited or number,
        stamp=stamp,
        credit_note=number,
        issued_on=day,
        content=content,
        order=reference,
        invoice=credited,
        below_zero=kind == "below_zero",
    )


@st.composite
def paper_ends(draw: st.DrawFn) -> Cancellation:
    source, of = draw(st.sampled_from(SOURCES)), draw(st.sampled_from(("invoice", "credit_note")))
    number = draw(st.sampled_from(INVOICES if of == "invoice" else NOTES))
    order = draw(st.sampled_from((None, *ORDERS)))
    stamp = draw(stamps((of, number, order), versions=(2, 3)))
    return Cancellation(
        source=source,
        number=order or number,
        stamp=stamp,
        of=of,
        cancelled=number,
        day=DAY,
        order=OrderReference(order) if order else None,
    )


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    if draw(st.booleans()):
        number = draw(st.sampled_from(ORDERS))
        purchase = purchase_id(draw(st.sampled_from(SOURCES)), number)
    else:
        number = draw(st.sampled_from((*INVOICES, *NOTES)))
        unit, supplier = draw(st.sampled_from(UNITS)), draw(st.sampled_from(SUPPLIERS))
        purchase = purchase_id(unit, supplier, number, str(draw(st.sampled_from(DAYS))))
    outcome, channel = draw(
        st.sampled_from((("catalogue", "punch_out"), ("excluded", "internal"), ("off_channel", "phone"), ("void", "")))
    )
    withdrawn = draw(st.integers(0, 3)) == 0
    stamp = draw(stamps((purchase, outcome, withdrawn), versions=(1,)))
    return Decision(
        source="people",
        number=number,
        stamp=stamp,
        purchase=purchase,
        outcome=outcome,
        channel=channel,
        withdrawn=withdrawn,
    )


@st.composite
def decisions_about(draw: st.DrawFn, facts: list[AnyFact]) -> list[AnyFact]:
    """The history, with decisions about purchases that are there."""
    ids = [
        purchase_id(paper.content.units[0], paper.content.suppliers[0], _number(paper), str(paper.issued_on))
        for paper in facts
        if isinstance(paper, Invoice | CreditNote) and paper.content.units
    ]
    if not ids:
        return facts
    more = []
    for _ in range(draw(st.integers(0, 2))):
        purchase, made = draw(st.sampled_from(ids)), draw(decisions())
        number = purchase.split("~")[2]
        more.append(replace(made, purchase=purchase, number=number))
    return [*facts, *more]


def _number(paper: Invoice | CreditNote) -> str:
    return paper.invoice if isinstance(paper, Invoice) else paper.credit_note


FACTS: st.SearchStrategy[AnyFact] = st.one_of(
    orders(), orders(), papers(), papers(), papers(), changes(), ends(), paper_ends(), decisions()
)


@st.composite
def histories(draw: st.DrawFn, *, longest: int = 40) -> list[AnyFact]:
    """Up to so many facts, some of them about the same thing."""
    least = draw(st.sampled_from((0, longest // 4, longest * 3 // 4)))
    return draw(decisions_about(draw(st.lists(FACTS, min_size=least, max_size=longest))))


def day_in_range() -> st.SearchStrategy[date]:
    """A day that sees some of the histories, from before them until a year after."""
    return st.dates(DAYS[0], DAYS[-1] + timedelta(days=366))
