import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest

from deploy.local.simulator import story
from deploy.local.simulator.happening import Message
from deploy.local.simulator.town import Town
from models.contract.decode import decode_event
from models.documents.reader import read_document
from models.facts import AnyFact, Invoice, Order
from models.refusal import RefusalError
from models.topics import DOCUMENTS, PURCHASES
from tests.unit.simulator.conftest import NOW, SEED
from tests.unit.simulator.conftest import PURCHASES as COUNT

DIGEST = """
import hashlib
from tests.unit.simulator.conftest import NOW, SEED
from deploy.local.simulator import story, town
digest = hashlib.sha256()
for one in story.history(town.found(SEED, NOW), 300):
    digest.update(one.key + one.value + one.at.isoformat().encode())
print(digest.hexdigest())
"""


def is_broken(message: Message) -> bool:
    return message.key.startswith(b"X")


def read(message: Message) -> object:
    if message.topic == DOCUMENTS:
        return read_document(message.value, pseudonym=lambda buyer: f"p-{buyer}")
    return decode_event(message.value, headers={}, pseudonym=lambda buyer: f"p-{buyer}")


def sent_events(messages: list[Message]) -> list[dict[str, Any]]:
    return [json.loads(one.value) for one in messages if one.topic == PURCHASES and not is_broken(one)]


def digest_in_a_process_of_its_own(hash_seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    done = subprocess.run([sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_same_seed_gives_the_same_bytes_whatever_python_hashes() -> None:
    assert digest_in_a_process_of_its_own("1") == digest_in_a_process_of_its_own("2")


def test_another_seed_gives_other_bytes() -> None:
    first, second = (
        hashlib.sha256(b"".join(one.value for one in islice(story.events(seed, now=NOW, purchases=300), 200))).digest()
        for seed in (SEED, SEED + 1)
    )
    assert first != second


def test_messages_come_in_the_order_they_are_sent(history: list[Message]) -> None:
    assert [one.at for one in history] == sorted(one.at for one in history)


def test_history_ends_now(history: list[Message]) -> None:
    assert NOW - timedelta(hours=6) < history[-1].at <= NOW


def test_what_is_meant_to_be_valid_is_what_the_contract_accepts(history: list[Message]) -> None:
    for message in history:
        if not is_broken(message):
            read(message)


def test_what_is_broken_is_refused(history: list[Message], town: Town) -> None:
    broken = [one for one in [*history, *islice(story.live(town, NOW, 5.0), 20_000)] if is_broken(one)]
    assert len(broken) > 20
    for message in broken:
        with pytest.raises(RefusalError):
            read(message)


def test_every_fault_of_real_life_occurs(history: list[Message], town: Town) -> None:
    kinds = Counter(event["type"] for event in sent_events(history))
    assert set(kinds) == {
        "order.placed",
        "order.changed",
        "order.cancelled",
        "invoice.received",
        "invoice.cancelled",
        "credit_note.received",
    }
    ids = Counter(event["id"] for event in sent_events(history))
    assert max(ids.values()) > 1
    assert any(one.topic == DOCUMENTS for one in history)
    known = {code for unit in town.units for code in (unit.unit, *unit.identifiers)}
    assert any(event["data"].get("unit", "U-10000") not in known for event in sent_events(history))


def test_some_changes_come_before_their_order(history: list[Message]) -> None:
    seen: set[str] = set()
    early = 0
    for event in sent_events(history):
        early += event["type"] == "order.changed" and event["data"]["order"] not in seen
        seen.add(event["data"].get("order") or "")
    assert early


def test_some_invoices_are_issued_before_their_order(history: list[Message]) -> None:
    facts = [read(one) for one in history if not is_broken(one)]
    days = {fact.number: fact.day for fact in facts if isinstance(fact, Order)}
    invoices = [fact for fact in facts if isinstance(fact, Invoice) and fact.order]
    early = [fact for fact in invoices if fact.order and fact.issued_on < days.get(fact.order.number, fact.issued_on)]
    assert 0 < len(early) < len(invoices) / 10


def test_an_order_has_about_one_and_a_tenth_invoices(town: Town) -> None:
    orders: set[str] = set()
    invoices: set[str] = set()
    for happening in story.past(town, 3_000):
        if happening.at < NOW - timedelta(days=60) and happening.kind == "order.placed":
            orders.add(happening.subject)
    for happening in story.past(town, 3_000):
        if (
            happening.data.get("invoice")
            and happening.data.get("order") in orders
            and not happening.data.get("credit_note")
        ):
            invoices.add(happening.subject)
    assert 1.0 < len(invoices) / len(orders) < 1.2


def test_the_key_is_the_order_number_or_where_no_order_is_named_the_invoice_number(history: list[Message]) -> None:
    for message in history:
        if message.topic == PURCHASES and not is_broken(message):
            data = json.loads(message.value)["data"]
            named = data.get("order") or data.get("invoice") or data.get("credit_note")
            assert message.key.decode() == named


def test_the_time_of_a_placed_order_is_when_it_was_placed(history: list[Message]) -> None:
    placed = [event for event in sent_events(history) if event["type"] == "order.placed"]
    assert all(event["time"] == event["data"]["placed_at"] for event in placed)


def test_nothing_is_dated_later_than_it_is_sent(history: list[Message], town: Town) -> None:
    for message in [*history, *islice(story.live(town, NOW, 5.0), 2_000)]:
        if message.topic == PURCHASES and not is_broken(message):
            fact: AnyFact = decode_event(message.value, headers={}, pseudonym=str)
            assert fact.stamp.time_ms <= message.at.timestamp() * 1000 + 1


def test_the_school_system_leaves_versions_out_everywhere(history: list[Message]) -> None:
    versions = {source: set() for source in ("erp/kvantum", "erp/skole")}  # type: dict[str, set[bool]]
    for event in sent_events(history):
        versions[event["source"]].add("version" in event["data"])
    assert versions == {"erp/kvantum": {True}, "erp/skole": {False}}


def test_the_share_of_catalogue_orders_rises_from_next_to_nothing(history: list[Message]) -> None:
    in_system: dict[str, list[bool]] = {}
    for event in sent_events(history):
        data = event["data"]
        if event["type"] == "order.placed" or (event["type"] == "invoice.received" and not data["order"]):
            in_system.setdefault(event["time"][:7], []).append(data["channel"] in {"catalogue", "punch_out"})
    shares = [sum(those) / len(those) for _, those in sorted(in_system.items())]
    assert len(shares) == 13
    assert shares[0] < 0.12
    assert shares[-1] > 0.40
    assert shares[2] < shares[6] < shares[10]


def test_live_purchases_follow_the_history_without_a_number_twice(town: Town, history: list[Message]) -> None:
    live = list(islice(story.live(town, NOW, 1.0), 300))
    later = list(islice(story.live(town, NOW + timedelta(hours=1), 1.0), 300))
    numbers = [{event["subject"] for event in sent_events(those)} for those in (history, live, later)]
    assert live[0].at >= NOW
    assert not numbers[0] & numbers[1]
    assert not numbers[1] & numbers[2]


def test_a_pause_is_filled_as_densely_as_the_history(town: Town, history: list[Message]) -> None:
    end = NOW + timedelta(days=20)
    filled = list(story.filled_pause(town, COUNT, NOW, end))
    assert all(NOW - timedelta(days=1) < one.at <= end for one in filled)
    assert 0.3 < len(filled) / (len(history) * 20 / (NOW - town.begin).days) < 1.5
