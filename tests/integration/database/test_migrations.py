from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect

from sinks.database.migrate import configuration, migrate
from sinks.database.schema import metadata


@pytest.fixture
def engine(fresh_url: str) -> Iterator[Engine]:
    engine = create_engine(fresh_url)
    yield engine
    engine.dispose()


def test_the_migrations_make_exactly_the_tables_of_the_schema(fresh_url: str, engine: Engine) -> None:
    migrate(fresh_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert inspect(connection).get_sequence_names() == ["applied"]


def test_migrating_twice_changes_nothing(fresh_url: str) -> None:
    migrate(fresh_url)
    migrate(fresh_url)


def test_every_migration_can_be_taken_back(fresh_url: str, engine: Engine) -> None:
    migrate(fresh_url)
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
        assert inspect(connection).get_sequence_names() == []
