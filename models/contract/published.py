"""The files of the published contract, as they stand below docs/contract."""

import json

from models.contract.asyncapi import asyncapi
from models.contract.schemas import Json, examples, schemas


def files() -> dict[str, str]:
    """Path below docs/contract → content."""
    return {
        "asyncapi.json": _written(asyncapi()),
        **{f"schemas/{name}.json": _written(schema) for name, schema in schemas().items()},
        **{f"examples/{name}.json": _written(example) for name, example in examples().items()},
    }


def _written(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
