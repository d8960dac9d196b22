"""Input that must be refused, each with the code of its answer; and the good event that each is a broken copy of."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from models.topics import DECISIONS, DOCUMENTS, PURCHASES
from tests.system import erp

CPR = ("010203-1234", "0102031234", "010203 1234", "311299-4321", "3112994321")
"""Nobody's: every way that one is written."""
ORDER = Path("tests/documents/peppol/order.xml")
REFERENCE = {
    "units": (
        "unit,name,level,parent,identifiers",
        "K,Kommunen,municipality,,",
        "D1,Skoleforvaltningen,department,K,",
        "U1,Skolen ved Åen,institution,D1,5790000000012",
    ),
    "suppliers": ("supplier,name,identifiers,punch_out,exclusion", "S1,Papirlageret,DK12345678,false,"),
    "agreements": (
        "agreement,supplier,title,categories,valid_from,valid_to",
        "A1,S1,Kontorartikler,UNSPSC:1411,2020-01-01,",
    ),
    "catalogue": (
        "catalogue,supplier,item,name,category,price,unit,agreement,valid_from",
        "CAT-1,S1,11-2233,Kopipapir,UNSPSC:14111507,25,PK,A1,2020-01-01",
    ),
}
"""What the good event is judged by: files by the name of their table."""


class Bad(NamedTuple):
    """A record that must be refused, with the code of the answer and the field it names."""

    name: str
    value: bytes | None
    code: str
    field: str = ""
    topic: str = PURCHASES
    key: bytes | None = b"bad"


def write_reference(folder: Path) -> Path:
    """The reference as a folder of files."""
    for table, rows in REFERENCE.items():
        (folder / f"{table}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def event(number: str, kind: str = "order.placed", **changes: Any) -> dict[str, Any]:
    at = (erp.NOW - timedelta(days=3)).isoformat(timespec="seconds")
    line = {"line": "1", "item": "11-2233", "description": "Kopipapir", "net_amount": "245.00", "quantity": "10"}
    data = {"order": number, "version": 1, "placed_at": at, "unit": "U1", "supplier": "S1", "lines": [line]} | changes
    data = {name: value for name, value in data.items() if value is not ...}
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "erp/test-town",
        "type": kind,
        "time": at,
        "data": data,
    }


def written(number: str, kind: str = "order.placed", **changes: Any) -> bytes:
    return json.dumps(event(number, kind, **changes), ensure_ascii=False).encode()


def with_line(number: str, **changes: Any) -> bytes:
    return written(number, lines=[event(number)["data"]["lines"][0] | changes])


def with_text(number: str, old: str, new: str) -> bytes:
    return written(number).replace(old.encode(), new.encode())


ENTITY_BOMB = b"""<?xml version="1.0"?><!DOCTYPE o [<!ENTITY a "010203-1234"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2">&d;</Order>"""
WITH_DTD = b"""<?xml version="1.0"?><!DOCTYPE Order SYSTEM "http://127.0.0.1:1/order.dtd">
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>"""
DECISION = {
    "purchase": "erp%2Ftest-town~G-1",
    "on_version": 1,
    "outcome": "off_channel",
    "channel": "phone",
    "reason": "aftalt med 010203-1234",
    "decided_by": "indkoeb",
    "decided_at": erp.NOW.isoformat(),
}
LATER = (erp.NOW + timedelta(days=3)).isoformat()


def decision() -> bytes:
    return json.dumps(event("G-1", "decision.made") | {"data": DECISION}).encode()


BAD = (
    Bad("not JSON", b'{"source": "erp/test-town", "id": "010203-1234", "note', "not_json"),
    Bad("two MiB", written("B-1", note="x" * (2 << 20)), "too_large"),
    Bad("deep nesting", b'{"cpr":"010203-1234","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep"),
    Bad("NaN", with_text("B-2", '"245.00"', "NaN"), "not_json"),
    Bad("NaN in words", with_line("B-3", net_amount="NaN"), "bad_value", "data.lines[0].net_amount"),
    Bad("10^30", with_line("B-4", net_amount="1" + "0" * 30), "out_of_range", "data.lines[0].net_amount"),
    Bad("10^30 as a number", with_text("B-5", '"245.00"', "1e30"), "out_of_range", "data.lines[0].net_amount"),
    Bad(
        "an object for an amount",
        with_line("B-6", net_amount={"cpr": "0102031234"}),
        "wrong_type",
        "data.lines[0].net_amount",
    ),
    Bad("text for a list", written("B-7", lines="010203-1234"), "wrong_type", "data.lines"),
    Bad("a CPR number for a version", written("B-8", version="010203-1234"), "wrong_type", "data.version"),
    Bad("no unit", written("B-9", unit=..., buyer="010203-1234"), "missing_field", "data.unit"),
    Bad("no lines", written("B-10", lines=[]), "bad_value", "data.lines"),
    Bad("a line twice", written("B-11", lines=event("B-11")["data"]["lines"] * 2), "duplicate_line"),
    Bad("below zero", with_line("B-12", net_amount="-1.00"), "negative_total"),
    Bad("an unknown type", written("B-13", "order.imagined"), "unknown_type", "type"),
    Bad("two days ahead", written("B-14", placed_at=LATER), "in_the_future", "data.placed_at"),
    Bad("a list", b'["010203-1234"]', "wrong_type"),
    Bad("empty", b"", "empty"),
    Bad("null", None, "empty"),
    Bad("null and null", None, "null_key", "key", key=None),
    Bad("no key", written("B-15", buyer="010203-1234"), "null_key", "key", key=None),
    Bad("no UTF-8", written("B-16").replace(b"Kopipapir", b"R\xf8r til 010203-1234"), "not_text"),
    Bad("binary", bytes(range(256)) * 8, "not_text"),
    Bad("XML among events", ENTITY_BOMB, "not_json"),
    Bad("a decision among events", decision(), "unknown_type", "type"),
    Bad("an event among decisions", written("B-17"), "unknown_type", "type", topic=DECISIONS),
    Bad("no JSON among decisions", b"010203-1234", "not_json", topic=DECISIONS),
    Bad("an entity bomb", ENTITY_BOMB, "forbidden_xml", topic=DOCUMENTS),
    Bad("a DTD", WITH_DTD, "forbidden_xml", topic=DOCUMENTS),
    Bad("no XML", b"{}", "not_xml", topic=DOCUMENTS),
    Bad("a document cut short", ORDER.read_bytes()[:900] + b"010203-1234", "not_xml", topic=DOCUMENTS),
    Bad("binary for a document", bytes(range(1, 256)) * 8, "not_xml", topic=DOCUMENTS),
    Bad("an empty document", b"", "empty", topic=DOCUMENTS),
    Bad("a null document", None, "empty", topic=DOCUMENTS),
    Bad("two MiB of document", b"<Order>" + b" " * (2 << 20) + b"</Order>", "too_large", topic=DOCUMENTS),
)
