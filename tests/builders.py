"""Small builders with defaults, so that a test shows only what matters to it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from models.facts import (
    Cancellation,
    Category,
    Content,
    CreditNote,
    Decision,
    Invoice,
    Line,
    Order,
    OrderReference,
    Stamp,
)
from models.judgement import Judgement, Origin
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment
from models.purchase.memory import Rows
from models.reference.build import snapshot_of
from models.reference.rows import AgreementRow, AnyRow, CatalogueRow, Level, SupplierRow, UnitRow
from models.rules.judge import Judge, judge_of

DAY = date(2026, 3, 2)
ERP = "erp/kvantum"
MOMENT = Moment(Origin("erp.purchases", 0, 0), "2026-03-02T09:15:00Z")
PAPER = Category("UNSPSC", "14111507")

REFERENCE: tuple[AnyRow, ...] = (
    UnitRow("K", "Kommunen", Level.MUNICIPALITY),
    UnitRow("D1", "Skoleforvaltningen", Level.DEPARTMENT, parent="K"),
    UnitRow("U1", "Skolen ved Åen", Level.INSTITUTION, parent="D1", identifiers=("5790000000012",)),
    UnitRow("U2", "Skolen på Bakken", Level.INSTITUTION, parent="D1"),
    SupplierRow("S1", "Papirlageret", ("DK12345678",), punch_out=True),
    SupplierRow("S2", "Bageren"),
    AgreementRow("A1", "S1", "Kontorartikler", ("UNSPSC:1411",), date(2025, 1, 1), date(2027, 12, 31)),
    CatalogueRow(
        catalogue="CAT-1",
        supplier="S1",
        item="11-2233",
        name="Kopipapir",
        category="UNSPSC:14111507",
        price="25",
        unit="PK",
        agreement="A1",
        valid_from=date(2025, 1, 1),
    ),
)


@cache
def default_judge() -> Judge:
    return judge_of(Path("rulesets/default.toml").read_text(encoding="utf-8"))


def basis(*more: AnyRow, without: Iterable[AnyRow] = (), number: int = 0) -> Basis:
    rows = [row for row in (*REFERENCE, *more) if row not in tuple(without)]
    return Basis(snapshot_of(rows, number=number), default_judge())


def stamp(version: int = 1, *, at: int | None = None, event: str = "e", digest: str | None = None) -> Stamp:
    return Stamp(version, version if at is None else at, event, digest or f"{version}{event}")


def line(net: int = 24500, number: str = "1", **more: object) -> Line:
    values = {"item": "11-2233", "category": PAPER} | more
    return Line(number, net, **values)  # type: ignore[arg-type]


def content(lines: Sequence[Line] | None = None, *, unit: str = "U1", supplier: str = "S1", **more: object) -> Content:
    return Content((unit,), (supplier,), tuple(lines if lines is not None else (line(),)), **more)  # type: ignore[arg-type]


def order(
    number: str = "4500",
    *,
    version: int = 1,
    day: date = DAY,
    source: str = ERP,
    frame: bool = False,
    of: Content | None = None,
    digest: str | None = None,
    **more: object,
) -> Order:
    made = of or content(**more)  # type: ignore[arg-type]
    mark = stamp(version, event=f"o{version}", digest=digest)
    return Order(source=source, number=number, stamp=mark, day=day, content=made, frame=frame)


def cancelled(number: str = "4500", *, version: int = 9, of: str = "order", row: str | None = None) -> Cancellation:
    mark = stamp(version, event=f"c{version}")
    return Cancellation(source=ERP, number=row or number, stamp=mark, of=of, cancelled=number)


def invoice(
    number: str = "F-1",
    *,
    order: str | None = "4500",
    version: int = 1,
    day: date = DAY + timedelta(days=5),
    source: str = ERP,
    **more: object,
) -> Invoice:
    return Invoice(
        source=source,
        number=order or number,
        stamp=stamp(version, event=f"i{version}"),
        invoice=number,
        issued_on=day,
        content=content(**more),  # type: ignore[arg-type]
        order=OrderReference(order) if order else None,
    )


def credit_note(
    number: str = "K-1",
    *,
    order: str | None = None,
    invoice: str | None = None,
    version: int = 1,
    day: date = DAY + timedelta(days=9),
    **more: object,
) -> CreditNote:
    return CreditNote(
        source=ERP,
        number=order or invoice or number,
        stamp=stamp(version, event=f"k{version}"),
        credit_note=number,
        issued_on=day,
        content=content(**more),  # type: ignore[arg-type]
        order=OrderReference(order) if order else None,
        invoice=invoice,
    )


def decision(
    purchase: str, *, outcome: str = "catalogue", channel: str = "own_catalogue", at: int = 1, withdrawn: bool = False
) -> Decision:
    parts = purchase.split("~")
    return Decision(
        source="people",
        number=parts[1] if len(parts) == 2 else parts[2],
        stamp=stamp(1, at=at, event=f"d{at}"),
        purchase=purchase,
        on_version=1,
        outcome=outcome,
        channel=channel,
        reason="set efter",
        decided_by="indkøb",
        decided_at_ms=at,
        withdrawn=withdrawn,
    )


def lived(facts: Iterable[object], on: Basis | None = None) -> Rows:
    """All rows after these facts, in this order."""
    rows = Rows(on or basis())
    for fact in facts:
        rows.receive(fact, kind="test", moment=MOMENT)  # type: ignore[arg-type]
    return rows


def judged(*facts: object, on: Basis | None = None) -> dict[str, Judgement]:
    """The last judgement of every purchase after these facts."""
    return {each.purchase: each for each in lived(facts, on).judgements()}


def only(*facts: object, on: Basis | None = None) -> Judgement:
    """The one purchase that is not void after these facts."""
    standing = [each for each in judged(*facts, on=on).values() if each.outcome != "void"]
    assert len(standing) == 1, standing
    return standing[0]
