"""Events for the tests, each a valid example with only what matters changed."""

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest

from models.contract.decode import decode_event
from models.contract.examples import inputs
from models.contract.pseudonym import keyed
from models.facts import AnyFact
from models.refusal import RefusalError, Refused

PSEUDONYM = keyed(b"a key for tests")
REMOVED = object()


def an_event(kind: str = "order.placed", **changes: Any) -> dict[str, Any]:
    """An example; `data__lines__0__item="x"` changes a place in it, REMOVED takes the place out."""
    event: dict[str, Any] = copy.deepcopy(inputs()[kind])
    for where, value in changes.items():
        *inner, last = where.split("__")
        place: Any = event
        for step in inner:
            place = place[int(step) if step.isdigit() else step]
        if value is REMOVED:
            del place[last]
        else:
            place[int(last) if last.isdigit() else last] = value
    return event


def a_line(**changes: Any) -> dict[str, Any]:
    return {"line": "1", "net_amount": "245.00"} | changes


def encoded(event: object) -> bytes:
    return json.dumps(event).encode()


def decoded(event: object, headers: Mapping[str, bytes] | None = None) -> AnyFact:
    value = event if isinstance(event, bytes) else encoded(event)
    return decode_event(value, headers=headers or {}, pseudonym=PSEUDONYM)


def refused(event: object, headers: Mapping[str, bytes] | None = None) -> Refused:
    with pytest.raises(RefusalError) as caught:
        decoded(event, headers)
    return caught.value.refused
