"""A PostgreSQL that speaks TLS and asks who comes: Debian's, as the embedded one is built without TLS."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from deploy.local import child
from deploy.local.postgres import DATABASE, SUPERUSER, Postgres, answers
from tests.guarded import Authority, new_secret

READY_WITHIN_S = 60.0
STOP_WITHIN_S = 20.0
OWNER, READER = "handelspuls_owner", "handelspuls_reader"
"""`OWNER` owns the database, `READER` may read all of it and change nothing."""


@contextmanager
def guarded_postgres(*, folder: Path, port: int, authority: Authority) -> Iterator[Postgres]:
    """Its users come by TLS and password only; the superuser, for the tests' own looks at it, comes as he is."""
    folder.mkdir(exist_ok=True)
    user = SUPERUSER if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    data = folder / "data"
    if not data.exists():
        _prepare(data, authority, user)
    log = folder / "postgres.log"
    command: list[str | Path] = [
        _program("postgres"),
        "-D",
        data,
        "-h",
        child.LOOPBACK,
        "-p",
        str(port),
        "-k",
        "",
        "-c",
        "ssl=on",
    ]
    process = child.start(command=command, log=log, user=user)
    try:
        child.wait_until_ready(
            name="PostgreSQL", child=process, is_ready=lambda: answers(port), log=log, within_s=READY_WITHIN_S
        )
        server = Postgres(port, process, log)
        server.create(DATABASE)
        yield server
    finally:
        child.stop(process, by=signal.SIGINT, grace_s=STOP_WITHIN_S)


def let_in(server: Postgres) -> dict[str, str]:
    """The passwords that owner and reader have from now on."""
    passwords = {OWNER: new_secret(), READER: new_secret()}
    with psycopg.connect(host=child.LOOPBACK, port=server.port, user=SUPERUSER, autocommit=True) as connection:
        for user, password in passwords.items():
            told = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(user), sql.Literal(password))
            connection.execute(told)
        names = sql.Identifier(DATABASE), sql.Identifier(OWNER)
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*names))
        connection.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(READER)))
    return passwords


def _program(name: str) -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = found[-1] if found else shutil.which(name)
    assert path, f"the tests need PostgreSQL's {name}; on Debian: apt-get install postgresql"
    return Path(path)


def _prepare(data: Path, authority: Authority, user: str | None) -> None:
    owner = pwd.getpwnam(user) if user else pwd.getpwuid(os.geteuid())
    for folder in (data.parent.parent, data.parent):
        folder.chmod(0o755)  # its user passes through
    os.chown(data.parent, owner.pw_uid, owner.pw_gid)
    command: list[str | Path] = [_program("initdb"), "-D", data, "-U", SUPERUSER, "--auth=trust", "--no-sync"]
    done = subprocess.run(command, user=user, cwd=data.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    papers = authority.issue("postgres")
    for source, name in ((papers.certificate, "server.crt"), (papers.key, "server.key")):
        (data / name).write_bytes(source.read_bytes())
        (data / name).chmod(0o600)
        os.chown(data / name, owner.pw_uid, owner.pw_gid)
    (data / "pg_hba.conf").write_text(
        f"host all {SUPERUSER} 127.0.0.1/32 trust\nhostssl all {OWNER},{READER} 127.0.0.1/32 scram-sha-256\n",
        encoding="ascii",
    )
