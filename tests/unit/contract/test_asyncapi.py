"""The AsyncAPI document is one, and tells of the same messages and topics as the rest."""

from pathlib import Path
from typing import Any

import pytest

from models.contract.asyncapi import DOCUMENT, REFUSED, asyncapi
from models.contract.events import EVENTS
from models.contract.schemas import OUTPUTS, examples
from models.topics import topics

CONTRACT = Path(__file__).parents[3] / "docs/contract"
MADE = asyncapi()


def refs(value: Any) -> list[str]:
    if isinstance(value, dict):
        here = [value["$ref"]] if "$ref" in value else []
        return here + [each for inner in value.values() for each in refs(inner)]
    return [each for inner in value for each in refs(inner)] if isinstance(value, list) else []


def test_every_message_is_there_with_its_example() -> None:
    told = {message["name"]: message for message in MADE["components"]["messages"].values()}
    assert set(told) == {*EVENTS, *OUTPUTS, DOCUMENT, REFUSED}
    shown = {name: message["examples"][0]["payload"] for name, message in told.items() if "examples" in message}
    assert shown == {name: examples()[name] for name in (*EVENTS, *OUTPUTS)}


@pytest.mark.parametrize("ref", sorted(set(refs(MADE))))
def test_what_it_refers_to_exists(ref: str) -> None:
    if ref.startswith("#/"):
        place: Any = MADE
        for step in ref[2:].split("/"):
            place = place[step]
    else:
        assert (CONTRACT / ref).exists()


def test_every_message_is_on_a_channel_that_is_a_topic_and_every_channel_is_used() -> None:
    assert set(MADE["channels"]) <= {topic.name for topic in topics("")}
    on_channels = {ref for channel in MADE["channels"].values() for ref in refs(channel["messages"])}
    assert on_channels == {f"#/components/messages/{name}" for name in MADE["components"]["messages"]}
    used = {operation["channel"]["$ref"] for operation in MADE["operations"].values()}
    assert used == {f"#/channels/{name}" for name in MADE["channels"]}
