"""Schemas, examples, documents and models say the same."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from models.contract.events import EVENTS
from models.contract.example_outputs import judgement
from models.contract.published import files
from models.contract.schemas import OUTPUTS, REJECTED_HEADERS, examples, schemas
from models.judgement import JudgedLine, Judgement
from models.vocabulary import RejectionCode
from tests.unit.contract.builders import REMOVED, an_event, decoded

DOCS = Path(__file__).parents[3] / "docs"
EVENT_TYPES = sorted(EVENTS)


def accepts(name: str, value: Any) -> bool:
    return jsonschema.Draft202012Validator(schemas()[name]).is_valid(value)


def test_every_message_has_a_schema_and_an_example() -> None:
    assert set(schemas()) == set(examples()) == {*EVENTS, *OUTPUTS, REJECTED_HEADERS}


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_schema_is_one_and_accepts_its_example(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas()[name])
    jsonschema.validate(examples()[name], schemas()[name])


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_every_example_of_an_event_is_decoded(kind: str) -> None:
    assert decoded(examples()[kind])


@pytest.mark.parametrize("topic", sorted(OUTPUTS))
def test_every_example_of_an_output_is_what_the_service_writes(topic: str) -> None:
    model, example = OUTPUTS[topic]
    assert msgspec.convert(examples()[topic], model) == example


def test_a_judgement_says_every_field_also_where_there_is_nothing_to_say() -> None:
    void = msgspec.structs.replace(judgement(), **dict.fromkeys(("lines", "flags"), ()), revision=1, previous=None)
    assert msgspec.to_builtins(void).keys() == {*Judgement.__struct_fields__}
    assert msgspec.to_builtins(judgement().lines[0]).keys() == {*JudgedLine.__struct_fields__}


@pytest.mark.parametrize(
    "changes",
    [
        {"data__unit": REMOVED},
        {"data__order": 4500012345},
        {"data__lines": []},
        {"data__lines__0__net_amount": "1.005"},
        {"data__channel": "fax"},
        {"data__version": 0},
        {"data__placed_at": "20260302"},
        {"data__currency": "kroner"},
    ],
)
def test_what_is_refused_is_not_allowed_by_the_schema_either(changes: dict[str, Any]) -> None:
    assert not accepts("order.placed", an_event(**changes))


def test_the_schema_knows_that_amounts_may_be_numbers() -> None:
    assert accepts("order.placed", an_event(data__lines__0__net_amount=245.5))


def test_the_committed_files_are_the_generated_ones() -> None:
    folder = DOCS / "contract"
    found = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for kind in (".", "schemas", "examples")
        for path in (folder / kind).glob("*.json")
    }
    assert found == files(), "run python -m handelspuls schemas"


def test_every_field_of_an_event_is_described() -> None:
    nameless = [
        f"{kind}: {name}"
        for kind in EVENTS
        for part in (schemas()[kind], *schemas()[kind]["$defs"].values())
        for name, field in part.get("properties", {}).items()
        if not field.get("description") and name not in {"type", "data"}
    ]
    assert nameless == []


def test_every_rejection_code_is_explained() -> None:
    text = (DOCS / "rejections.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == [code.value for code in RejectionCode]
