"""Files judged in a test, and what matters of the answer."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from models.contract.pseudonym import keyed
from models.documents import read_document
from models.files.judging import Judged, judge_files
from models.judgement import Judgement
from models.reference.build import EMPTY
from models.reference.changes import loaded_snapshot
from models.reference.folder import check, read_folder
from models.reference.snapshot import Snapshot
from tests.builders import default_judge

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PSEUDONYM = keyed(b"a key for tests")
SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"


def judged(*files: tuple[str, bytes], on: Snapshot = EMPTY, now: datetime = NOW) -> Judged:
    return judge_files(files, snapshot=on, judge=default_judge(), pseudonym=PSEUDONYM, now=now)


def samples(*patterns: str) -> list[tuple[str, bytes]]:
    found = [path for pattern in patterns for path in sorted(SAMPLES.glob(f"*/{pattern}"))]
    assert len(found) >= len(patterns), patterns
    return [(path.name, path.read_bytes()) for path in found if path.suffix == ".xml"]


def reference(files: Mapping[str, str]) -> Snapshot:
    content = {name: text.encode() for name, text in files.items()}
    loaded = check(read_folder(content, pseudonym=PSEUDONYM, read_document=partial(read_document, pseudonym=PSEUDONYM)))
    assert not loaded.errors, loaded.errors
    return loaded_snapshot(loaded)


def told(judgement: Judgement) -> tuple[str, str, str, str]:
    """What an expert would say of a purchase."""
    return judgement.number, judgement.outcome.value, judgement.channel.value, judgement.reason


def lines_of(events: Iterable[object]) -> bytes:
    return "\n".join(json.dumps(event) for event in events).encode()
