"""Whatever comes in, the answer is a fact or a refusal that says something."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.contract.decode import LARGEST, decode_event
from models.contract.examples import inputs
from models.contract.rejection import masked
from models.facts import AnyFact
from models.refusal import RefusalError, Refused
from tests.unit.contract.builders import PSEUDONYM

TEXTS = st.text(max_size=20) | st.sampled_from(["1e999999", "NaN", "2026-02-30", "\ud800", "\0", "-0", "document", "~"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))
HEADERS = st.dictionaries(
    st.sampled_from(["ce_type", "ce_id", "ce_source", "ce_time", "ce_specversion", "content-type"]),
    st.binary(max_size=20) | st.sampled_from([kind.encode() for kind in inputs()]),
)


def answer_to(value: bytes, headers: dict[str, bytes]) -> AnyFact | Refused:
    try:
        return decode_event(value, headers=headers, pseudonym=PSEUDONYM)
    except RefusalError as error:
        return error.refused


def answered(value: bytes, headers: dict[str, bytes] | None = None) -> None:
    answer = answer_to(value, headers or {})
    assert not isinstance(answer, Refused) or (answer.message.endswith(".") and "\n" not in answer.message)
    assert len(masked(value)[0]) <= LARGEST


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, child in inner for place in places(child, (*at, key)))]


def replaced(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    if not at:
        return new
    if isinstance(value, dict):
        return value | {at[0]: replaced(value[at[0]], at[1:], new)}
    return [replaced(child, at[1:], new) if place == at[0] else child for place, child in enumerate(value)]


@st.composite
def mutated_events(draw: st.DrawFn) -> Any:
    event = inputs()[draw(st.sampled_from(sorted(inputs())))]
    for _ in range(draw(st.integers(1, 3))):
        event = replaced(event, draw(st.sampled_from(places(event))), draw(VALUES))
    return event


@st.composite
def damaged_bytes(draw: st.DrawFn) -> bytes:
    value = json.dumps(inputs()[draw(st.sampled_from(sorted(inputs())))]).encode()
    at = draw(st.integers(0, len(value)))
    return value[:at] + draw(st.binary(max_size=6)) + value[at + draw(st.integers(0, 20)) :]


@given(st.binary(), HEADERS)
def test_any_bytes_are_answered(value: bytes, headers: dict[str, bytes]) -> None:
    answered(value, headers)


@given(VALUES, HEADERS)
def test_any_json_is_answered(value: Any, headers: dict[str, bytes]) -> None:
    answered(json.dumps(value).encode(), headers)


@given(mutated_events())
def test_any_event_with_wrong_values_is_answered(event: Any) -> None:
    answered(json.dumps(event).encode())


@given(damaged_bytes())
def test_any_damaged_event_is_answered(value: bytes) -> None:
    answered(value)
