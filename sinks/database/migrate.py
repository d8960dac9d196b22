"""Bringing a database to the newest schema, whoever starts first."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do, as long as every process of ours takes the same.
LOCK = 7_204_631
CONNECT_TIMEOUT_S = 5


def migrate(url: str) -> None:
    """Apply what is missing, one process at a time; raises sqlalchemy.exc.OperationalError where nobody answers."""
    engine = create_engine(url, connect_args={"connect_timeout": CONNECT_TIMEOUT_S})
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            command.upgrade(configuration(connection), "head")
    finally:
        engine.dispose()


def configuration(connection: Connection) -> Config:
    """Alembic's configuration, without an ini file, on a connection that is open."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
