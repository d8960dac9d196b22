from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local.simulator import story
from deploy.local.simulator.happening import Message
from deploy.local.simulator.reference import write_reference
from deploy.local.simulator.town import Town, found

SEED = 7
PURCHASES = 4_000
NOW = datetime(2026, 6, 16, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def town() -> Town:
    return found(SEED, NOW)


@pytest.fixture(scope="session")
def history(town: Town) -> list[Message]:
    return list(story.history(town, PURCHASES))


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference")
    write_reference(folder, SEED, now=NOW, purchases=PURCHASES)
    return folder


@pytest.fixture(scope="session")
def history_of_the_feed(town: Town) -> list[Message]:
    return list(story.history(town, 3_000))
