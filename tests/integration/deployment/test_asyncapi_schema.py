"""The contract's document keeps to the official JSON Schema of AsyncAPI 3.0, which comes as a package of npm."""

import hashlib
import json
import subprocess
import tarfile
from pathlib import Path

import jsonschema
import pytest

from models.contract.asyncapi import asyncapi

PACKAGE = "@asyncapi/specs@6.11.1"
SHA512 = (
    "0375812ea00a1a8276fba15616da63065090d6814272ce06c45ef3b081af36aa"
    "7f9251941e3940dda01c67d5cc3292c613cccf7980f3db1f4598ee834ae2ab69"
)
SCHEMA = "package/schemas/3.0.0-without-$id.json"


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> jsonschema.Draft7Validator:
    folder: Path = tmp_path_factory.mktemp("npm")
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, timeout=120, capture_output=True)
    (archive,) = folder.glob("*.tgz")
    assert hashlib.sha512(archive.read_bytes()).hexdigest() == SHA512
    with tarfile.open(archive) as packed:
        member = packed.extractfile(SCHEMA)
        assert member is not None
        return jsonschema.Draft7Validator(json.load(member))


def test_the_document_keeps_to_the_official_schema_of_asyncapi(official: jsonschema.Draft7Validator) -> None:
    assert [error.message for error in official.iter_errors(asyncapi())] == []


def test_the_official_schema_would_refuse_a_wrong_one(official: jsonschema.Draft7Validator) -> None:
    assert not official.is_valid(asyncapi() | {"channels": {"a": {"adress": "b"}}})
