"""The real parts that tests share: one Kafka and one PostgreSQL a session. A missing part fails, it never skips."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest

from deploy.local.broker import running_broker
from deploy.local.postgres import Postgres, running_postgres
from tests.again import Verdicts

hypothesis.settings.register_profile("thorough", max_examples=2_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-pictures", action="store_true", help="let the browser tests write docs/images")


def pytest_configure(config: pytest.Config) -> None:
    if getattr(config, "cache", None) is not None:  # mutations run without
        config.pluginmanager.register(Verdicts(config))


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The bootstrap address of a real broker; topics are kept apart by `topic_prefix`."""
    with running_broker(folder=tmp_path_factory.mktemp("kafka")) as broker:
        yield broker.bootstrap


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL server; not among pytest's folders, which every new session of pytest closes to other users."""
    with TemporaryDirectory(prefix="handelspuls-postgres-") as folder, running_postgres(folder=Path(folder)) as server:
        yield server


@pytest.fixture(scope="module")
def database_url(postgres: Postgres) -> Iterator[str]:
    """A SQLAlchemy URL of an empty database of the test module's own."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture
def topic_prefix() -> str:
    """A name that no other test uses, to begin topics, groups and transactional ids with."""
    return f"t{uuid.uuid4().hex[:12]}"
