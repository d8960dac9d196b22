"""Nothing that was released breaks: neither who sends nor who subscribes."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.contract.asyncapi import CONTRACT
from models.contract.events import EVENTS
from models.contract.schemas import REJECTED_HEADERS, schemas
from tests.unit.contract.compatibility import breaks_senders, breaks_subscribers

RELEASED = Path(__file__).parents[3] / "docs/contract/released"
LAST = max(RELEASED.iterdir(), key=lambda folder: [int(part) for part in folder.name.split(".")])
NOW = schemas()
Json = dict[str, Any]


def released(name: str) -> Json:
    found: Json = json.loads((LAST / f"{name}.json").read_text(encoding="utf-8"))
    return found


def test_the_last_release_is_the_contract_s_version() -> None:
    assert LAST.name == CONTRACT


def test_no_message_that_was_released_is_gone() -> None:
    assert {path.stem for path in LAST.glob("*.json")} <= set(NOW)


@pytest.mark.parametrize("name", sorted(path.stem for path in LAST.glob("*.json")))
def test_what_was_released_still_holds(name: str) -> None:
    breaks = breaks_senders if name in EVENTS else breaks_subscribers
    assert breaks(released(name), NOW[name]) == [], "a breaking change gets a new type, or a new topic"


def changed(name: str, change: Callable[[Json], object]) -> Json:
    schema = copy.deepcopy(NOW[name])
    change(schema)
    return schema


def order_of(schema: Json) -> Json:
    found: Json = schema["$defs"]["OrderData"]
    return found


SENDERS: dict[str, tuple[Callable[[Json], object], str]] = {
    "a field becomes required": (lambda s: order_of(s)["required"].append("buyer"), ".data.buyer: is required now"),
    "a field is renamed": (lambda s: order_of(s)["properties"].pop("unit"), ".data.unit: is read no longer"),
    "an id becomes shorter": (
        lambda s: order_of(s)["properties"]["order"].update(maxLength=10),
        ".data.order: maxLength is 10 now",
    ),
    "numbers are refused as amounts": (
        lambda s: s["$defs"]["LineData"]["properties"]["net_amount"].update(type="string"),
        ".data.lines[].net_amount: may no longer be number",
    ),
    "a channel is taken no longer": (
        lambda s: s["$defs"]["StatedChannel"]["enum"].remove("card"),
        ".data.channel: 'card' is taken no longer",
    ),
    "the type has another name": (
        lambda s: s["properties"]["type"].update(const="order.made"),
        ".type: 'order.placed' is taken no longer",
    ),
}


@pytest.mark.parametrize(("change", "found"), SENDERS.values(), ids=SENDERS)
def test_a_change_that_breaks_senders_is_refused(change: Callable[[Json], object], found: str) -> None:
    assert found in breaks_senders(NOW["order.placed"], changed("order.placed", change))


def judgement_of(schema: Json) -> Json:
    found: Json = schema["$defs"]["Judgement"]
    return found


SUBSCRIBERS: dict[str, tuple[Callable[[Json], object], str]] = {
    "a field goes": (lambda s: judgement_of(s)["properties"].pop("unit"), ".unit: is gone"),
    "a field is promised no longer": (
        lambda s: judgement_of(s)["required"].remove("outcome"),
        ".outcome: is promised no longer",
    ),
    "a number becomes text": (
        lambda s: judgement_of(s)["properties"]["revision"].update(type="string"),
        ".revision: may be string now",
    ),
}


@pytest.mark.parametrize(("change", "found"), SUBSCRIBERS.values(), ids=SUBSCRIBERS)
def test_a_change_that_breaks_subscribers_is_refused(change: Callable[[Json], object], found: str) -> None:
    assert found in breaks_subscribers(NOW["compliance.orders"], changed("compliance.orders", change))


def test_what_is_added_breaks_nobody() -> None:
    def more(schema: Json) -> None:
        order_of(schema)["properties"]["new"] = {"type": "string"}
        schema["$defs"]["StatedChannel"]["enum"].append("fax")

    assert breaks_senders(NOW["order.placed"], changed("order.placed", more)) == []

    def told(schema: Json) -> None:
        judgement_of(schema)["properties"]["new"] = {"type": "string"}
        judgement_of(schema)["required"].append("new")

    assert breaks_subscribers(NOW["compliance.orders"], changed("compliance.orders", told)) == []


def test_headers_of_refusals_are_for_subscribers() -> None:
    def less(schema: Json) -> None:
        schema["properties"].pop("field")

    assert breaks_subscribers(NOW[REJECTED_HEADERS], changed(REJECTED_HEADERS, less)) == [".field: is gone"]
