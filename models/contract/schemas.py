"""The published contract: a JSON Schema and an example of every message, generated from the models themselves."""

import json
from typing import Any

import msgspec

from models.contract.events import EVENTS
from models.contract.example_outputs import alert, judgement, refused, unit_report, unit_snapshot
from models.contract.examples import inputs
from models.contract.rejection import HEADERS, rejected_headers
from models.judgement import Judgement
from models.tally.alerts import Alert
from models.tally.report import UnitReport
from models.tally.snapshot import UnitSnapshot
from models.vocabulary import RejectionCode

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REJECTED_HEADERS = "erp.rejected.headers"

OUTPUTS: dict[str, tuple[type[msgspec.Struct], msgspec.Struct]] = {
    "compliance.orders": (Judgement, judgement()),
    "compliance.units": (UnitSnapshot, unit_snapshot()),
    "compliance.alerts": (Alert, alert()),
    "compliance.reports": (UnitReport, unit_report()),
}
"""Topic → what its values are, and an example of one."""


def schemas() -> dict[str, Json]:
    """Name of a message → its JSON Schema."""
    events = {kind: model.model_json_schema() for kind, model in EVENTS.items()}
    outputs = {topic: msgspec.json.schema(model) for topic, (model, _) in OUTPUTS.items()}
    found = events | outputs | {REJECTED_HEADERS: _rejected_headers()}
    return {name: _plain({"$schema": DIALECT, "$id": f"{name}.json", **schema}) for name, schema in found.items()}


def examples() -> dict[str, Json]:
    """Name of a message → an example that its schema accepts."""
    outputs = {topic: _plain(example) for topic, (_, example) in OUTPUTS.items()}
    headers = rejected_headers(refused(), topic="erp.purchases", partition=3, offset=815, time_ms=1_772_541_613_218)
    return inputs() | outputs | {REJECTED_HEADERS: {name: text.decode() for name, text in headers.items()}}


def _plain(value: object) -> Json:
    read: Json = json.loads(msgspec.json.encode(value))
    return read


def _rejected_headers() -> Json:
    required = ("code", "message", "topic", "partition", "offset", "time")
    named: Json = {name: {"type": "string", "description": meaning} for name, meaning in HEADERS.items()}
    named["code"]["enum"] = [code.value for code in RejectionCode]
    return {
        "title": "Headers of erp.rejected",
        "description": "Each header as text. The value is what was refused, without CPR numbers and buyer ids.",
        "type": "object",
        "properties": named,
        "required": list(required),
    }
