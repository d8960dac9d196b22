import csv
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from deploy.local.simulator import ledger, story
from deploy.local.simulator.happening import Message
from deploy.local.simulator.identifiers import CVR_WEIGHTS, gs1_check_digit
from deploy.local.simulator.rates import rate_on
from deploy.local.simulator.reference import COLUMNS
from deploy.local.simulator.town import Town
from models.contract.decode import decode_event
from models.days import day_of
from models.documents.reader import read_document
from models.facts import CreditNote, Invoice
from models.reference.folder import read_folder
from models.topics import DOCUMENTS
from tests.unit.simulator.conftest import PURCHASES


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_service_takes_the_whole_set_without_a_word(reference: Path) -> None:
    files = {path.name: path.read_bytes() for path in reference.iterdir()}
    loaded = read_folder(files, pseudonym=lambda buyer: f"p-{buyer}")
    assert set(loaded.tables) == set(COLUMNS)
    assert not loaded.errors
    assert not loaded.warnings


def test_there_are_as_many_of_each_as_the_demo_promises(reference: Path) -> None:
    counts = {table: len({row[column] for row in rows(reference, table)}) for table, column in (
        ("units", "unit"), ("suppliers", "supplier"), ("agreements", "agreement"), ("catalogue", "item"), ("buyers", "buyer"),
    )}  # fmt: skip
    assert counts == {"units": 1200, "suppliers": 400, "agreements": 120, "catalogue": 60000, "buyers": 3000}


def test_the_units_are_one_tree_with_seven_departments(reference: Path) -> None:
    units = {row["unit"]: row for row in rows(reference, "units")}
    levels = Counter(row["level"] for row in units.values())
    above = {"institution": "area", "area": "department", "department": "municipality"}
    assert (levels["municipality"], levels["department"]) == (1, 7)
    assert [row["unit"] for row in units.values() if not row["parent"]] == ["U-10000"]
    assert all(units[row["parent"]]["level"] == above[row["level"]] for row in units.values() if row["parent"])


def test_no_two_units_or_suppliers_share_a_name(town: Town) -> None:
    assert len({unit.name for unit in town.units}) == len(town.units)
    assert len({supplier.name for supplier in town.market.suppliers}) == len(town.market.suppliers)


def test_numbers_have_valid_check_digits_and_belong_to_nobody(reference: Path) -> None:
    codes = [code for row in rows(reference, "suppliers") for code in row["identifiers"].split(";")]
    glns = [code for code in codes if len(code) == 13]
    cvrs = [code.removeprefix("DK") for code in codes if code.startswith("DK")]
    assert len(set(glns)) == len(set(cvrs)) == 400
    assert all(gln.startswith("952") and gs1_check_digit(gln[:-1]) == int(gln[-1]) for gln in glns)
    assert all(sum(w * int(d) for w, d in zip(CVR_WEIGHTS, cvr, strict=True)) % 11 == 0 for cvr in cvrs)
    assert all(cvr.startswith("99") for cvr in cvrs)


def test_the_ledger_is_the_sum_of_what_the_sent_documents_say(
    reference: Path, town: Town, history: list[Message]
) -> None:
    said = recomputed(town, history)
    gaps = ledger.gaps_of(town)
    booked = {
        (row["unit"], row["day"]): (int(row["documents"]), round(float(row["amount"]) * 100))
        for row in rows(reference, "ledger")
    }
    assert {key: total for key, total in booked.items() if key[0] not in gaps} == {
        key: total for key, total in said.items() if key[0] not in gaps
    }


def test_a_few_units_book_more_than_they_send(town: Town) -> None:
    sent = ledger.sent(story.past(town, PURCHASES))
    booked = ledger.booked(town, sent)
    more = {unit for (unit, day), total in booked.items() if total[0] > sent[unit, day][0]}
    assert more
    assert more <= set(ledger.gaps_of(town))
    assert len(ledger.gaps_of(town)) == ledger.GAPS


def recomputed(town: Town, history: list[Message]) -> dict[tuple[str, str], tuple[int, int]]:
    """Per unit and day from the bytes alone: the newest version of each document, cancelled ones left out."""
    names = {code: unit.unit for unit in town.units for code in (unit.unit, *unit.identifiers)}
    newest: dict[str, Invoice | CreditNote] = {}
    cancelled: set[str] = set()
    for message in history:
        if message.key.startswith(b"X"):
            continue
        is_document = message.topic == DOCUMENTS
        fact = (
            read_document(message.value, pseudonym=str)
            if is_document
            else decode_event(message.value, headers={}, pseudonym=str)
        )
        match fact:
            case Invoice():
                newest[fact.invoice] = fact
            case CreditNote():
                newest[fact.credit_note] = fact
            case _ if getattr(fact, "of", "") == "invoice":
                cancelled.add(getattr(fact, "cancelled", ""))
    totals: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for number, fact in newest.items():
        if number not in cancelled:
            total = totals[names[fact.content.units[0]], fact.issued_on.isoformat()]
            total[0] += 1
            total[1] += (-1 if isinstance(fact, CreditNote) else 1) * in_ore(town, fact)
    return {key: (documents, amount) for key, (documents, amount) in totals.items()}


def in_ore(town: Town, fact: Invoice | CreditNote) -> int:
    stated, day = fact.content.exchange_rate, min(fact.issued_on, day_of(town.now))
    rate = Decimal(stated) if stated else rate_on(town.rates, fact.content.currency, day)
    assert rate is not None
    return sum(int((line.net_hundredths * rate).quantize(Decimal(1), ROUND_HALF_UP)) for line in fact.content.lines)
