"""What goes wrong on the way: sent twice, sent late, and messages that nobody can read."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

import msgspec

from deploy.local.simulator import wire
from deploy.local.simulator.chance import pick
from deploy.local.simulator.happening import Happening, Message
from deploy.local.simulator.pace import Tempo, rounded
from models.topics import DOCUMENTS, PURCHASES

DUPLICATES = 0.01
LATE = 0.01
BROKEN = 0.002
BROKEN_DOCUMENTS = 0.15

ENTITY_BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE bomb [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&e;</Invoice>
"""
NO_INVOICE = b'<?xml version="1.0" encoding="UTF-8"?>\n<Invoice xmlns="urn:example:unknown"><ID>1</ID>'

Breaking = Callable[[dict[str, Any]], object]


def disturbed(random: Random, happenings: Iterator[Happening], tempo: Tempo) -> Iterator[Happening]:
    """The same happenings, some of them late and some twice."""
    for told in happenings:
        happening = told
        if random.random() < LATE:
            happening = _sent_later(happening, tempo.wait(random, 0.05, 2))
        yield happening
        if random.random() < DUPLICATES:
            # A ledger knows no duplicates: the second one carries no entry.
            again = _sent_later(happening, tempo.wait(random, 0.0005, 0.1))
            yield msgspec.structs.replace(again, entry=None)


def broken(random: Random, happening: Happening) -> Message:
    """A message that must be refused; its number is its own, so that it disturbs no purchase."""
    number = f"X{random.getrandbits(40):010x}"
    if random.random() < BROKEN_DOCUMENTS:
        return Message(DOCUMENTS, number.encode(), pick(random, (ENTITY_BOMB, NO_INVOICE)), happening.at)
    event = _envelope(happening, number)
    spoilt = pick(random, BREAKINGS)(event)
    return Message(PURCHASES, number.encode(), _bytes(spoilt if spoilt is not None else event), happening.at)


def _sent_later(happening: Happening, by: timedelta) -> Happening:
    return msgspec.structs.replace(happening, at=rounded(happening.at + by))


def _envelope(happening: Happening, number: str) -> dict[str, Any]:
    """An order of its own, correct until it is broken."""
    at = wire.time_text(happening.time)
    line = {
        "line": "1",
        "description": "Blandede varer",
        "quantity": "1",
        "unit_price": "100.00",
        "net_amount": "100.00",
    }
    data = {
        "order": number,
        "version": 1,
        "placed_at": at,
        "unit": "U-10001",
        "supplier": "L-0001",
        "currency": "DKK",
        "lines": [line],
    }
    head = {"specversion": "1.0", "id": number, "source": "erp/kvantum", "type": "order.placed", "subject": number}
    return head | {"time": at, "data": data}


def _bytes(spoilt: object) -> bytes:
    return spoilt if isinstance(spoilt, bytes) else json.dumps(spoilt, ensure_ascii=False).encode()


def _cut(event: dict[str, Any]) -> bytes:
    return _bytes(event)[:-25]


def _latin(event: dict[str, Any]) -> bytes:
    return _bytes(event).replace(b"Blandede", b"R\xf8de")


def _empty(_: dict[str, Any]) -> bytes:
    return b""


def _without(field: str) -> Breaking:
    return lambda event: event["data"].pop(field) and None


def _line_with(field: str, value: object) -> Breaking:
    return lambda event: event["data"]["lines"][0].update({field: value})


def _data_with(field: str, value: object) -> Breaking:
    return lambda event: event["data"].update({field: value})


def _unknown_type(event: dict[str, Any]) -> None:
    event["type"] = "order.imagined"


def _line_twice(event: dict[str, Any]) -> None:
    event["data"]["lines"] *= 2


def _no_envelope(event: dict[str, Any]) -> dict[str, Any]:
    return dict(event["data"])


BREAKINGS: tuple[Breaking, ...] = (
    _cut,
    _latin,
    _empty,
    _unknown_type,
    _line_twice,
    _no_envelope,
    _without("unit"),
    _without("supplier"),
    _without("lines"),
    _without("placed_at"),
    _data_with("lines", "none"),
    _data_with("version", 0),
    _data_with("placed_at", "i går"),
    _line_with("net_amount", "1e30"),
    _line_with("net_amount", "NaN"),
    _line_with("net_amount", "12,5 kr"),
    _line_with("net_amount", "10.005"),
    _line_with("net_amount", "-250.00"),
    _line_with("net_amount", None),
)
