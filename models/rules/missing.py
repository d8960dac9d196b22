"""Why a condition does not hold for a line, in words: what was looked for, on which day, and what there is instead."""

from collections.abc import Callable, Iterable
from datetime import date

import msgspec

from models.reference.categories import written
from models.reference.rows import AgreementRow, CatalogueRow, StandingOrderRow
from models.reference.validity import began, valid_on
from models.rules.case import LineCase
from models.rules.condition import Condition


class Words(msgspec.Struct, frozen=True):
    """A sentence in both languages, without a full stop."""

    da: str
    en: str


def missing(case: LineCase, condition: Condition) -> Words:
    """Why this condition, which does not hold, does not."""
    say = _SAID.get(condition.predicate)
    if say is None:
        return Words(
            f"betingelsen {condition.predicate} er ikke opfyldt", f"the condition {condition.predicate} does not hold"
        )
    return say(case)


def _item(case: LineCase) -> Words:
    line, day, supplier = case.line, case.purchase.day, _supplier(case)
    row = case.item_row
    if row is not None:
        return Words(
            f"varen {row.item} kunne ikke bestilles i kataloget {row.catalogue} den {day}",
            f"the item {row.item} could not be ordered in the catalogue {row.catalogue} on {day}",
        )
    if case.item is None and line.gtin is None:
        return Words(
            f"linjen har intet varenummer{f' (“{line.item}” siger ingenting)' if line.item else ''}",
            f"the line has no item id{f' (“{line.item}” says nothing)' if line.item else ''}",
        )
    name = case.item or f"GTIN {line.gtin}"
    at_other_times = [each for each in case.purchase.snapshot.catalogue_of(case.purchase.supplier) if _is(each, case)]
    if at_other_times:
        return _not_that_day(f"varen {name} i kataloget", f"the item {name} in the catalogue", at_other_times, day)
    return Words(
        f"varen {name} står ikke i et katalog fra {supplier} den {day}",
        f"the item {name} is not in a catalogue of {supplier} on {day}",
    )


def _is(row: CatalogueRow, case: LineCase) -> bool:
    return row.item == case.item or (case.line.gtin is not None and row.gtin == case.line.gtin)


def _agreement(case: LineCase) -> Words:
    """No agreement covers: none at all, none that day, or none for this item and category."""
    purchase, supplier, day = case.purchase, _supplier(case), case.purchase.day
    if purchase.agreements:
        names = ", ".join(sorted({each.agreement for each in purchase.agreements}))
        what = written(case.category) if case.category is not None else None
        return Words(
            f"aftalen {names} med {supplier} dækker ikke {what or 'en linje uden kategori'}",
            f"the agreement {names} with {supplier} does not cover {what or 'a line without a category'}",
        )
    return _no_agreement(case, supplier, day)


def _any_agreement(case: LineCase) -> Words:
    return _no_agreement(case, _supplier(case), case.purchase.day)


def _no_agreement(case: LineCase, supplier: str, day: date) -> Words:
    snapshot = case.purchase.snapshot
    rows = [
        row for row in snapshot.rows(AgreementRow) if snapshot.supplier_id((row.supplier,)) == case.purchase.supplier
    ]
    named = case.line.agreement or case.purchase.content.agreement
    rows = [row for row in rows if row.agreement == named] or rows
    if rows:
        label = ", ".join(sorted({row.agreement for row in rows}))
        return _not_that_day(f"aftalen {label}", f"the agreement {label}", rows, day)
    return Words(f"der er ingen aftale med {supplier}", f"there is no agreement with {supplier}")


def _not_that_day(da: str, en: str, rows: Iterable[AgreementRow | CatalogueRow | StandingOrderRow], day: date) -> Words:
    """Which of its days is nearest: it ended before, or begins after."""
    ended = max((row.valid_to for row in rows if row.valid_to is not None and row.valid_to < day), default=None)
    if ended is not None:
        return Words(f"{da} ophørte {ended}", f"{en} ended {ended}")
    begins = min((began(row) for row in rows if began(row) > day), default=None)
    if begins is not None:
        return Words(f"{da} begynder først {begins}", f"{en} does not begin before {begins}")
    return Words(f"{da} gælder ikke den {day}", f"{en} is not valid on {day}")


def _punch_out(case: LineCase) -> Words:
    session, row, supplier = case.purchase.punch_out, case.purchase.supplier_row, _supplier(case)
    if not session:
        stated = case.purchase.content.punch_out
        return Words(
            f"der er ingen henvisning til en punch-out{f' (“{stated}” siger ingenting)' if stated else ''}",
            f"no punch-out session is referred to{f' (“{stated}” says nothing)' if stated else ''}",
        )
    if row is None:
        return Words(
            f"{supplier} er ikke i leverandørlisten, så punch-out {session} beviser intet",
            f"{supplier} is not in the list of suppliers, so the punch-out {session} proves nothing",
        )
    return Words(f"{supplier} er ikke registreret til punch-out", f"{supplier} is not registered for punch-out")


def _agreement_on_punch_out(case: LineCase) -> Words:
    unknown = case.category is None and case.item_row is None
    return _any_agreement(case) if unknown else _agreement(case)


def _standing_order(case: LineCase) -> Words:
    purchase = case.purchase
    named = purchase.content.standing_order
    if not named:
        return Words("der er ikke henvist til en fast ordre", "no standing order is referred to")
    snapshot = purchase.snapshot
    rows = [row for row in snapshot.rows(StandingOrderRow) if row.standing_order == named]
    of_supplier = [row for row in rows if snapshot.supplier_id((row.supplier,)) == purchase.supplier]
    if not of_supplier:
        return Words(
            f"den faste ordre {named} er ikke registreret hos {_supplier(case)}",
            f"the standing order {named} is not registered with {_supplier(case)}",
        )
    if any(valid_on(row, purchase.day) for row in of_supplier):
        return Words(
            f"den faste ordre {named} gælder ikke for enheden {purchase.unit}",
            f"the standing order {named} is not for the unit {purchase.unit}",
        )
    return _not_that_day(f"den faste ordre {named}", f"the standing order {named}", of_supplier, purchase.day)


def _no_catalogue(case: LineCase) -> Words:
    return Words(
        f"et katalog fra {_supplier(case)} er indlæst, og varen skal stå i det",
        f"a catalogue of {_supplier(case)} is held, and the item has to be in it",
    )


def _stated(case: LineCase) -> Words:
    stated = case.purchase.content.channel
    return Words(
        f"ERP-systemet oplyser {'kanalen ' + stated if stated else 'ingen kanal'}",
        f"the ERP states {'the channel ' + stated if stated else 'no channel'}",
    )


def _supplier(case: LineCase) -> str:
    """By name and id where the reference has a name."""
    row = case.purchase.supplier_row
    return f"{row.name} ({row.supplier})" if row is not None and row.name else case.purchase.supplier or "?"


_SAID: dict[str, Callable[[LineCase], Words]] = {
    "item_in_catalogue": _item,
    "agreement_covers": _agreement,
    "supplier_has_agreement": _any_agreement,
    "supplier_has_no_catalogue": _no_catalogue,
    "punched_out": _punch_out,
    "agreement_on_punch_out": _agreement_on_punch_out,
    "on_standing_order": _standing_order,
    "stated_channel_in": _stated,
}
