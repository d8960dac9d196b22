"""A plausible year of one municipality, written straight into the tables that the database sink fills."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, insert, text

from deploy.local.simulator.tree import ROOT, Unit, units
from models.judgement import Cause, Document, JudgedLine, Judgement, Marks, Origin, Previous
from models.measures import MEASURES, PLACE
from models.tally.contribution import own_measures
from models.tally.figures import Control, figures, gain_ore
from models.tally.windows import spans
from models.vocabulary import Channel, Outcome
from sinks.database import schema
from sinks.database.judgements import DOCUMENT_COLUMNS, document_rows

RULESET = Path(__file__).parents[3] / "rulesets" / "default.toml"
SHADOW = RULESET.read_text(encoding="utf-8").replace('version = "1"', 'version = "2"', 1)
SEED = 7
PURCHASES = 9000
NASTY = "<img src=x onerror=\"document.title='taken'\">Café & Søn"
NASTY_SUPPLIER = "DK10000015"
FORMULA = '=HYPERLINK("http://example.invalid","klik")'
SUPPLIERS = (
    "Kontorhuset Vest", "Nordlys Rengøring", "Blå Bølge Fødevarer", "Skolens Forlag", "Havneby El", "Grøn Gren Anlæg",
    "Pleje & Hjælp", "Tre Tårne IT", "Lille Smed", "Byens Bager", "Åkande Møbler", "Fjordens Frugt", "Søholm Tryk",
    "Strandby Sport", "Mosebakke Maling", NASTY, FORMULA,
)  # fmt: skip
WARES = ("Kopipapir A4", "Handsker, nitril", "Toner sort", "Æbler, kasse", "Whiteboardtusch", "Rengøringsklude", "Stol")
OFF = (
    (Channel.NO_ORDER, 30), (Channel.STORE, 16), (Channel.CARD, 12), (Channel.WEB_SHOP, 14), (Channel.EMAIL, 10),
    (Channel.FREE_TEXT, 12), (Channel.PHONE, 5), (Channel.RETROACTIVE, 6), (Channel.EXTERNAL_DIGITAL, 3),
    (Channel.UNKNOWN, 1),
)  # fmt: skip
REASONS = {
    Outcome.CATALOGUE: "item_under_agreement",
    Outcome.OFF_CHANNEL: "stated_channel",
    Outcome.REVIEW: "stated_not_proven",
    Outcome.EXCLUDED: "utilities",
}


@dataclass
class Seeded:
    """What was written, for tests to compare with."""

    today: date
    judgements: list[Judgement] = field(default_factory=list)


def seed(engine: Engine, *, today: date, now: datetime, purchases: int = PURCHASES) -> Seeded:
    """Fill an empty, migrated database."""
    chance, tree = Random(SEED), units(SEED)
    seeded = Seeded(today=today, judgements=list(_judgements(chance, tree, today, now, purchases)))
    with engine.begin() as connection:
        _write_reference(connection, tree)
        _write_purchases(connection, seeded.judgements)
        cells = cells_of(seeded.judgements)
        _write_cells(connection, cells)
        write_snapshots(connection, cells, today=today, as_of=now)
        _write_rejections(connection, now)
        _write_state(connection, now)
        _write_quoted(connection)
    return seeded


def _judgements(chance: Random, tree: list[Unit], today: date, now: datetime, count: int) -> Iterator[Judgement]:
    places = [unit for unit in tree if unit.level == "institution"]
    talents = {unit.department or unit.unit: chance.uniform(0.6, 1.25) for unit in tree}
    days = sorted(int(395 * chance.random()) for _ in range(count))
    for number, since in enumerate(days):
        day = today - timedelta(days=395 - 1 - since)
        unit = chance.choice(places)
        share = (0.03 + 0.55 * (since / 395) ** 0.8) * talents.get(unit.department, 1) * chance.uniform(0.8, 1.2)
        unknown = chance.random() < 0.004
        yield _judgement(chance, number, unit, day, share, unknown=unknown, now=now - timedelta(minutes=count - number))


def _judgement(
    chance: Random, number: int, unit: Unit, day: date, share: float, *, unknown: bool, now: datetime
) -> Judgement:
    draw = chance.random()
    outcome = Outcome.EXCLUDED if draw < 0.08 else Outcome.REVIEW if draw < 0.12 else Outcome.OFF_CHANNEL
    outcome = Outcome.CATALOGUE if outcome is Outcome.OFF_CHANNEL and chance.random() < share else outcome
    lines = tuple(_line(chance, place, outcome) for place in range(chance.choice((1, 1, 2, 3, 5))))
    amounts: dict[str, int] = defaultdict(int)
    for line in lines:
        amounts[line.outcome] += line.amount_ore or 0
    main = lines[0]
    kind = "invoice" if main.channel is Channel.NO_ORDER else "order"
    where, invoiced = f"ukendt-{number % 3}" if unknown else unit.unit, sum(amounts.values())
    paper = Document("invoice", ROOT, where, day + timedelta(days=number % 9), invoiced, matched=kind == "order")
    return Judgement(
        purchase=f"erp%2Fdemo~45{number:08d}", kind=kind, number=f"45{number:08d}", revision=1, version=1,
        unit=where, root=ROOT, day=day, certified=None if number % 7 == 0 else number % 3 > 0,
        documents=(paper,) if kind == "invoice" or number % 5 else (),
        supplier=f"DK1{chance.randrange(len(SUPPLIERS)):07d}", outcome=main.outcome, channel=main.channel,
        reason=main.reason, rule=main.rule, ruleset="standard@1", reference=3, lines=lines, amounts_ore=dict(amounts),
        invoiced_ore=invoiced, flags=("unit_unknown",) if unknown else (),
        cause=Cause(kind="order.placed", event=f"e-{number}", source="erp/demo"),
        source=Origin(topic="erp.purchases", partition=number % 4, offset=number), judged_at=_stamp(now),
    )  # fmt: skip


def _line(chance: Random, place: int, outcome: Outcome) -> JudgedLine:
    channels = {
        Outcome.CATALOGUE: ((Channel.OWN_CATALOGUE, 80), (Channel.PUNCH_OUT, 15), (Channel.STANDING_ORDER, 5)),
        Outcome.OFF_CHANNEL: OFF,
        Outcome.EXCLUDED: ((Channel.UTILITIES, 1), (Channel.RENT, 1)),
        Outcome.REVIEW: ((Channel.REVIEW, 1),),
    }[outcome]
    channel = chance.choices([c for c, _ in channels], [w for _, w in channels])[0]
    code = chance.randrange(1000, 9999)
    item, based = f"{chance.randrange(10, 99)}-{code}", outcome in {Outcome.CATALOGUE, Outcome.OFF_CHANNEL}
    avoidable = chance.random() < 0.6 if outcome is Outcome.OFF_CHANNEL else None
    catalogue = outcome is Outcome.CATALOGUE
    marks = Marks(
        digital=catalogue or channel is Channel.FREE_TEXT, mandatory=based and code % 9 == 0, agreement_base=based,
        supplier_compliant=based and avoidable is not True, item_compliant=catalogue,
        price_complies=code % 4 > 0 if catalogue else None,
    )  # fmt: skip
    return JudgedLine(
        line=str(place + 1), outcome=outcome, channel=channel, reason=REASONS[outcome], rule="demo-rule",
        amount_ore=int(chance.lognormvariate(12.6, 1.1)), item=item, description=chance.choice(WARES),
        category="UNSPSC:14111507", agreement="A-17" if outcome is Outcome.CATALOGUE else None,
        avoidable=avoidable, marks=marks,
        evidence={"channel": channel.value, "catalogue": "CAT-9", "item": item},
    )  # fmt: skip


Cells = dict[tuple[str, date], dict[str, int]]


def cells_of(judgements: list[Judgement]) -> Cells:
    """Unit and day to sums, by a plain loop over what was judged."""
    cells: Cells = defaultdict(lambda: defaultdict(int))
    for judgement in judgements:
        cell = cells[judgement.unit, judgement.day]
        cell[f"{judgement.outcome}_count"] += 1
        if judgement.outcome in {Outcome.CATALOGUE, Outcome.OFF_CHANNEL}:
            cell[f"{judgement.channel}_count"] += 1
            telling = [line for line in judgement.lines if line.channel is judgement.channel]
            cell["digital_count"] += telling[0].marks.digital
            if judgement.outcome is Outcome.OFF_CHANNEL:
                avoidable = any(line.avoidable for line in telling)
                cell["avoidable_count" if avoidable else "uncovered_count"] += 1
        if judgement.kind == "order" and judgement.certified is not None and judgement.outcome is not Outcome.EXCLUDED:
            cell["orders_with_buyer"] += 1
            cell["certified_orders"] += judgement.certified
        for line in judgement.lines:
            _count_line(cell, line)
        for paper in judgement.documents:
            _count_document(cells[paper.unit, paper.day], paper, judgement.outcome)
    return cells


def _count_line(cell: dict[str, int], line: JudgedLine) -> None:
    ore, marks = line.amount_ore or 0, line.marks
    cell[f"{line.outcome}_ore"] += ore
    if line.outcome in {Outcome.CATALOGUE, Outcome.OFF_CHANNEL}:
        cell[f"{line.channel}_ore"] += ore
        cell["digital_ore"] += ore * marks.digital
        cell["mandatory_base_ore"] += ore * marks.mandatory
        cell["mandatory_digital_ore"] += ore * (marks.mandatory and marks.digital)
    cell["agreement_base_ore"] += ore * marks.agreement_base
    cell["supplier_compliant_ore"] += ore * marks.supplier_compliant
    cell["item_compliant_ore"] += ore * marks.item_compliant
    cell["price_base_lines"] += marks.price_complies is not None
    cell["price_compliant_lines"] += marks.price_complies is True
    if line.outcome is Outcome.OFF_CHANNEL:
        cell["avoidable_ore" if line.avoidable else "uncovered_ore"] += ore


def _count_document(cell: dict[str, int], paper: Document, outcome: Outcome) -> None:
    cell["seen_documents"] += 1
    cell["seen_ore"] += paper.amount_ore
    cell["all_invoices"] += 1
    cell["matched_invoices"] += paper.matched
    cell["catalogue_invoices"] += outcome is Outcome.CATALOGUE
    cell["off_channel_invoices"] += outcome is Outcome.OFF_CHANNEL


def _write_reference(connection: Connection, tree: list[Unit]) -> None:
    rows = [
        {
            "key": unit.unit, "unit": unit.unit, "name": unit.name, "level": unit.level, "parent": unit.parent or None,
            "identifiers": list(unit.identifiers), "valid_from": date(2020, 1, 1), "fte": unit.fte,
            "peer_group": unit.peer_group,
        }
        for unit in tree
    ]  # fmt: skip
    connection.execute(insert(schema.units), rows)
    names = [
        {"key": f"DK1{place:07d}", "supplier": f"DK1{place:07d}", "name": name, "identifiers": [], "punch_out": False}
        for place, name in enumerate(SUPPLIERS)
    ]
    connection.execute(insert(schema.suppliers), names)


def _write_quoted(connection: Connection) -> None:
    """A catalogue that holds the category of every line, and two rulesets: one in force, one as a shadow."""
    body = {"catalogue": "CAT-9", "supplier": "DK10000003", "item": "11-2233", "name": "Kopipapir A4"}
    row = {"of": "catalogue", "key": "CAT-9|DK10000003|11-2233|2020-01-01", "supplier": "DK10000003", "item": "11-2233"}
    dates = {"valid_from": date(2020, 1, 1), "valid_to": None}
    connection.execute(insert(schema.reference_rows), {**row, **dates, "category": "UNSPSC:14111507", "body": body})
    shipped = RULESET.read_text(encoding="utf-8")
    persons = {"author": "Indkøbskontoret", "approver": "Økonomidirektøren", "comment": "Første regelsæt"}
    rows = [
        {"offset": 0, "ruleset": "standard@1", "active": True, "shadow": False, **persons, "text": shipped},
        {"offset": 1, "ruleset": "standard@2", "active": False, "shadow": True, **persons, "text": SHADOW},
    ]
    connection.execute(insert(schema.ruleset_records), [{**row, "said_at": datetime.now(UTC)} for row in rows])


def write_double(connection: Connection, *, day: date) -> None:
    """A card row and an invoice of the same unit and amount, a week apart."""
    for number, channel, when in (
        ("KORT-1", Channel.CARD, day),
        ("FAKTURA-1", Channel.NO_ORDER, day - timedelta(days=7)),
    ):
        line = JudgedLine("1", Outcome.OFF_CHANNEL, channel, "no_order_named", "no-order", 123_450, avoidable=True)
        judgement = Judgement(
            purchase=f"erp~{number}", kind="invoice", number=number, unit="U-10101", root=ROOT, day=when,
            supplier="DK10000003", outcome=line.outcome, channel=channel, reason=line.reason, rule=line.rule,
            ruleset="standard@1", lines=(line,), amounts_ore={"off_channel": 123_450}, cause=Cause("invoice.received"),
            tallied=True, judged_at=_stamp(datetime.now(UTC)),
        )  # fmt: skip
        _write_purchases(connection, [judgement])


def write_named(connection: Connection, unit: Unit, *, day: date) -> tuple[Judgement, Judgement]:
    """Two in review: an item by its GTIN in a catalogue that has ended; a standing order of the unit's department."""
    supplier, ended = "DK10000003", day - timedelta(days=9)
    dates = {"supplier": supplier, "item": None, "valid_from": date(2020, 1, 1)}
    standing = {"standing_order": "F-1", "supplier": supplier, "unit": unit.department, "valid_from": "2020-01-01"}
    item = {"catalogue": "CAT-8", "supplier": supplier, "item": "77", "name": "Tavle", "gtin": "5712345780121"}
    rows = [
        {**dates, "of": "standing_orders", "key": "F-1", "valid_to": None, "body": standing},
        {**dates, "of": "catalogue", "key": "77", "valid_to": ended, "body": item | {"valid_to": str(ended)}},
    ]
    connection.execute(insert(schema.reference_rows), rows)
    by_gtin = _in_review("GTIN-1", unit, supplier, day, of_line={"gtin": "5712345780121"}, of_purchase={})
    standing_order = _in_review("FAST-1", unit, supplier, day, of_line={}, of_purchase={"standing_order_named": "F-1"})
    _write_purchases(connection, [by_gtin, standing_order])
    return by_gtin, standing_order


def _in_review(
    number: str, unit: Unit, supplier: str, day: date, *, of_line: dict[str, str], of_purchase: dict[str, str]
) -> Judgement:
    line = JudgedLine("1", Outcome.REVIEW, Channel.REVIEW, "undecided", "undecided", 100, evidence=of_line)
    return Judgement(
        purchase=f"test%2Fdemo~{number}", kind="order", number=number, unit=unit.unit, root=ROOT, day=day,
        supplier=supplier, outcome=line.outcome, channel=line.channel, reason=line.reason, rule=line.rule,
        ruleset="standard@1", lines=(line,), amounts_ore={"review": 100}, evidence=of_purchase,
        cause=Cause("order.placed"), tallied=False, judged_at=_stamp(datetime.now(UTC)),
    )  # fmt: skip


def write_judgement(connection: Connection, judgement: Judgement) -> None:
    """One revision, as the sink would write it, without a notification."""
    _write_purchases(connection, [judgement], replace=True)


def _write_purchases(connection: Connection, judgements: list[Judgement], *, replace: bool = False) -> None:
    if replace:
        ids = [judgement.purchase for judgement in judgements]
        for table in (schema.purchases, schema.purchase_lines, schema.purchase_documents):
            connection.execute(table.delete().where(table.c.purchase.in_(ids)))
    connection.execute(insert(schema.purchases), [_purchase_row(each) for each in judgements])
    lines = [row for each in judgements for row in _line_rows(each)]
    if lines:
        connection.execute(insert(schema.purchase_lines), lines)
    papers = [dict(zip(DOCUMENT_COLUMNS, row, strict=True)) for each in judgements for row in document_rows(each)]
    if papers:
        connection.execute(insert(schema.purchase_documents), papers)
    connection.execute(insert(schema.revisions), [_revision_row(each) for each in judgements])


def _judged(judgement: Judgement) -> dict[str, Any]:
    names = ("unit", "root", "day", "supplier", "outcome", "channel", "reason", "rule", "ruleset", "tallied")
    shared = {name: getattr(judgement, name) for name in names}
    at = datetime.fromisoformat(judgement.judged_at)
    return {**shared, "cause_kind": judgement.cause.kind, "judged_at": at}


def _purchase_row(judgement: Judgement) -> dict[str, Any]:
    amounts = {f"{o}_ore": judgement.amounts_ore.get(o, 0) for o in ("catalogue", "off_channel", "review", "excluded")}
    avoidable, measures = (
        sum(line.amount_ore or 0 for line in judgement.lines if line.avoidable),
        own_measures(judgement),
    )
    return {
        "purchase": judgement.purchase, "generation": 1, "revision": judgement.revision, "version": judgement.version,
        "kind": judgement.kind, "number": judgement.number, "order_number": judgement.order, **_judged(judgement),
        "reference": judgement.reference, **amounts, "avoidable_ore": avoidable, "amount_ore": sum(amounts.values()),
        "invoiced_ore": judgement.invoiced_ore, "credited_ore": 0, "currency": "DKK", "flags": list(judgement.flags),
        "line_count": len(judgement.lines), **{name: measures.get(PLACE[name], 0) for name in schema.COUNTED_AS},
    }  # fmt: skip


def _line_rows(judgement: Judgement) -> list[dict[str, Any]]:
    names = [c.name for c in schema.purchase_lines.c if c.name not in {"purchase", "place"}]
    return [
        {"purchase": judgement.purchase, "place": place, **{name: getattr(line, name) for name in names}}
        for place, line in enumerate(judgement.lines)
    ]


def _revision_row(judgement: Judgement) -> dict[str, Any]:
    body = msgspec.to_builtins(judgement)
    return {
        "purchase": judgement.purchase, "generation": 1, "revision": judgement.revision, **_judged(judgement), "body": body
    }  # fmt: skip


def _write_cells(connection: Connection, cells: Cells) -> None:
    rows = [
        {
            "source_partition": int(hashlib.sha256(unit.encode()).hexdigest(), 16) % 4, "root": ROOT, "unit": unit,
            "day": day, "generation": 1, "sequence": 1, **{name: cell.get(name, 0) for name in MEASURES},
        }
        for (unit, day), cell in cells.items()
    ]  # fmt: skip
    connection.execute(insert(schema.unit_days), rows)


def write_snapshots(connection: Connection, cells: Cells, *, today: date, as_of: datetime, revision: int = 1) -> None:
    """Every unit's windows over the whole tree, replacing those before."""
    tree = {unit.unit: unit for unit in units(SEED)}
    sums: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for (unit, day), cell in cells.items():
        for window, (first, last) in spans(today).items():
            if first <= day <= last:
                for above in _way_up(unit, tree):
                    for name, value in cell.items():
                        sums[above][window][name] += value
    connection.execute(schema.unit_snapshots.delete())
    rows = [
        _snapshot_row(unit, tree, sums[unit], today=today, as_of=as_of, revision=revision)
        for unit in (*tree, f"{ROOT}-unassigned")
    ]
    connection.execute(insert(schema.unit_snapshots), rows)


def _way_up(unit: str, tree: Mapping[str, Unit]) -> Iterator[str]:
    if unit not in tree:
        yield from (f"{ROOT}-unassigned", ROOT)
        return
    at = unit
    while at:
        yield at
        at = tree[at].parent


def _snapshot_row(
    unit: str,
    tree: Mapping[str, Unit],
    sums: Mapping[str, dict[str, int]],
    *,
    today: date,
    as_of: datetime,
    revision: int,
) -> dict[str, Any]:
    known = tree.get(unit)
    base = {
        "unit": unit, "name": known.name if known else unit, "level": known.level if known else "institution",
        "parent": (known.parent or None) if known else ROOT, "root": ROOT,
    }  # fmt: skip
    documents, seen = (sums.get("30d", {}).get(name, 0) for name in ("seen_documents", "seen_ore"))
    control = Control(documents, seen, documents + 3, round(seen * 1.03))
    windows = {name: _window(sums.get(name, {}), span, today, control) for name, span in spans(today).items()}
    body = {**base, "tree": "as_is", "as_of": _stamp(as_of), "day": today.isoformat(), "windows": windows}
    return {**base, "generation": 1, "revision": revision, "day": today, "as_of": as_of, "body": body}


def _window(measures: Mapping[str, int], span: tuple[date, date], today: date, control: Control) -> dict[str, Any]:
    found, (won, left) = figures(measures, control), gain_ore(measures, 6200)
    rate = found["e_handelsgrad_amount"].value
    distance = None if rate is None else rate - 0.6
    end = date(today.year + 1, 12, 31).isoformat()
    return {
        "from": span[0].isoformat(),
        "to": span[1].isoformat(),
        "measures": {name: measures.get(name, 0) for name in MEASURES},
        "figures": {name: figure.as_json() for name, figure in found.items()},
        "targets": {"e_handelsgrad_amount": {"target": 0.6, "distance": distance, "valid_to": end, "pace": 0.58}},
        "gain_ore": won,
        "gain_left_ore": left,
    }


def _write_rejections(connection: Connection, now: datetime) -> None:
    kinds = (
        ("not_json", "", "Beskeden er ikke JSON: linje 1, tegn 4."),
        ("missing_field", "data.supplier", "Feltet mangler; en ordre skal nævne sin leverandør."),
        ("out_of_range", "data.lines[0].net_amount", "Beløbet er 10^30; det største er 10^12."),
    )
    rows = [
        {
            "topic": "erp.purchases", "partition": place % 4, "offset": place, "code": code, "field": at, "message": said,
            "source": "" if code == "not_json" else f"erp/{'demo' if place % 2 else NASTY}", "event_id": f"r-{place}",
            "key": None, "content": b"{", "rejected_at": now - timedelta(hours=place),
        }
        for place in reversed(range(70))
        for code, at, said in [kinds[place % 3]]
    ]  # fmt: skip
    connection.execute(insert(schema.rejections), rows)


def _write_state(connection: Connection, now: datetime) -> None:
    positions = [
        {"topic": "compliance.orders", "partition": p, "next_offset": 2250 + p, "generation": 1,
         "updated_at": now - timedelta(minutes=1) + timedelta(seconds=0.4)}
        for p in range(4)
    ]  # fmt: skip
    connection.execute(insert(schema.consumed_offsets), positions)
    alert = {
        "unit": ROOT, "figure": "e_handelsgrad_amount", "window": "30d", "generation": 1, "revision": 4, "state": "crossed",
        "value_from": 0.597, "value_to": 0.603, "target": 0.6, "since": _stamp(now),
    }  # fmt: skip
    connection.execute(insert(schema.alerts), [alert])


def second_revision(judgement: Judgement, *, now: datetime) -> Judgement:
    """The same purchase, changed: its whole amount went by phone."""
    lines = tuple(
        msgspec.structs.replace(
            line, outcome=Outcome.OFF_CHANNEL, channel=Channel.PHONE, reason="stated_channel", avoidable=True
        )
        for line in judgement.lines
    )
    return msgspec.structs.replace(
        judgement,
        revision=judgement.revision + 1,
        version=judgement.version + 1,
        outcome=Outcome.OFF_CHANNEL,
        channel=Channel.PHONE,
        reason="stated_channel",
        lines=lines,
        amounts_ore={"off_channel": sum(line.amount_ore or 0 for line in lines)},
        cause=Cause(kind="order.changed", event="e-changed", source="erp/demo"),
        previous=Previous(
            revision=judgement.revision, outcome=judgement.outcome, channel=judgement.channel,
            reason=judgement.reason, amounts_ore=judgement.amounts_ore,
        ),
        judged_at=_stamp(now),
    )  # fmt: skip


def notify(connection: Connection) -> None:
    connection.execute(text(f"NOTIFY {schema.CHANNEL}, 'purchases,unit_snapshots'"))


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
