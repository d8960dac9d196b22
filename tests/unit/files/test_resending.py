import json
from typing import Any

import pytest

from handelspuls.resending import OnError, Original, decided
from models.contract.rejection import RejectionState
from models.contract.schemas import examples
from models.topics import DECISIONS, DOCUMENTS, PURCHASES
from sinks.database.rejected import Rejection

NOW_MS = 1_800_000_000_000
BAD = b"{broken"


def rejection() -> Rejection:
    return Rejection(PURCHASES, 0, 7, "internal_error", "", "Why.", "erp", "e-1", "45", b"{}", None, "open")


def original(value: bytes, topic: str = PURCHASES) -> Original:
    return Original(topic, 0, 7, b"45", value, (), NOW_MS)


def pseudonym(buyer: str) -> str:
    return buyer


def event(name: str) -> bytes:
    return json.dumps(examples()[name]).encode()


@pytest.mark.parametrize(("topic", "name"), [(PURCHASES, "order.placed"), (DECISIONS, "decision.made")])
def test_what_would_be_taken_now_is_sent_again(topic: str, name: str) -> None:
    one = decided(rejection(), original(event(name), topic), on_error=OnError.STOP, pseudonym=pseudonym)
    assert (one.state, one.why) == (RejectionState.RESENT, "")


@pytest.mark.parametrize(
    ("on_error", "state"),
    [
        (OnError.STOP, RejectionState.OPEN),
        (OnError.KEEP, RejectionState.OPEN),
        (OnError.DROP, RejectionState.GIVEN_UP),
    ],
)
@pytest.mark.parametrize("found", [None, original(BAD), original(b"<Order/>", DOCUMENTS), original(BAD, DECISIONS)])
def test_what_would_be_refused_again_or_is_gone_ends_as_is_asked_for(
    found: Any, on_error: OnError, state: RejectionState
) -> None:
    one = decided(rejection(), found, on_error=on_error, pseudonym=pseudonym)
    assert (one.state, bool(one.why)) == (state, True)
