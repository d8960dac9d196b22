"""How PostgreSQL answers each page and call of the API: docs/queries.md, made of the plans that it logs itself.

    .venv/bin/python -m bench.plans [--database postgresql+psycopg://…] [--log .data/postgres/postgres.log]

For the database of a stack that runs, such as `make run`. A web process of its own asks, with PostgreSQL's auto_explain
switched on for that database meanwhile; the user must be allowed to do that.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import httpx
import msgspec
import psycopg
from psycopg import sql

from bench.pages import ROUTES, filled, names
from bench.results import machine
from deploy.local.child import free_port
from sinks.database.sink import plain_url

PAGE = Path(__file__).parents[1] / "docs/queries.md"
SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_verbose": "off",
}
READY_WITHIN_S = 30.0
WRITTEN_S = 0.5
LONGEST_LINE = 200
PORT = 5433
FOUND = re.compile(r"duration: ([\d.]+) ms  plan:\n((?:\t.*\n)+)")
SCAN = re.compile(r"(Index Only Scan|Index Scan|Bitmap Index Scan|Seq Scan)(?: Backward)?(?: using (\S+))? on (\S+)")
HEAD = """# Queries

How PostgreSQL answers each page and each call of the API, as it tells itself (auto_explain): made by
`python -m bench.plans` on a running stack, {when}, {machine}, {rows}. First by route, then each plan once; what differs in
its numbers only is one plan. Times are the database's own, of the first request of a process that has just begun: later
ones share what was read.

"""


class Plan(msgspec.Struct, frozen=True):
    """One statement as it was answered."""

    ms: float
    text: str

    @property
    def shape(self) -> str:
        """The plan without its numbers and texts: what two of a kind share."""
        body = self.text.partition("\n->")[2] or self.text.partition("\n")[2]
        return re.sub(r"'[^']*'(::[\w ]+(\[\])?)?|\d+(\.\d+)?", "?", body)

    @property
    def ways(self) -> tuple[str, ...]:
        """By which indexes it finds its rows, and which tables it reads whole."""
        found = {
            f"all of {table}" if how == "Seq Scan" else (index or table)
            for how, index, table in SCAN.findall(self.text)
        }
        return tuple(sorted(found))


def read(log: str) -> list[Plan]:
    """The plans in a piece of the server's log, without the values that were asked with; long lines are cut."""
    return [Plan(float(ms), _readable(text)) for ms, text in FOUND.findall(log)]


def _readable(text: str) -> str:
    lines = (line.removeprefix("\t").rstrip() for line in text.splitlines())
    return "\n".join(
        line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} …"
        for line in lines
        if not line.startswith("Query Parameters:")
    )


def page(found: Mapping[str, Sequence[Plan]], *, when: str, rows: str) -> str:
    """The document."""
    numbers: dict[str, int] = {}
    lines = [HEAD.format(when=when, machine=machine(), rows=rows)]
    lines.append("| route | statements | together, ms | plans | rows are found by |\n|---|---|---|---|---|\n")
    first: dict[int, Plan] = {}
    for route, plans in found.items():
        own = []
        for plan in plans:
            number = numbers.setdefault(plan.shape, len(numbers) + 1)
            first.setdefault(number, plan)
            own.append(number)
        ways = ", ".join(sorted({way for plan in plans for way in plan.ways}))
        together = sum(plan.ms for plan in plans)
        links = " ".join(f"[{number}](#plan-{number})" for number in sorted(set(own)))
        lines.append(f"| `{route}` | {len(plans)} | {together:.1f} | {links} | {ways} |\n")
    for number, plan in first.items():
        lines.append(f"\n## Plan {number}\n\n```text\n{plan.text}\n```\n")
    return "".join(lines)


@contextmanager
def explaining(database: str) -> Iterator[None]:
    """The server logs the plans of all who come to this database from now on."""
    with psycopg.connect(plain_url(database), autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        try:
            for setting, value in SETTINGS.items():
                change = sql.SQL("alter database {} set {} = {}")
                words = sql.SQL(".").join(map(sql.Identifier, setting.split(".")))
                connection.execute(change.format(name, words, sql.Literal(value)))
            yield
        finally:
            connection.execute(sql.SQL("alter database {} reset all").format(name))


@contextmanager
def serving(database: str) -> Iterator[httpx.Client]:
    """A web process of its own."""
    port = free_port()
    environment = {**os.environ, "DATABASE_URL": database, "HANDELSPULS_WEB_PORT": str(port)}
    with (
        TemporaryDirectory(prefix="handelspuls-plans-") as folder,
        (Path(folder) / "web.log").open("wb") as log,
        subprocess.Popen([sys.executable, "-m", "handelspuls", "web"], env=environment, stdout=log, stderr=log) as web,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, follow_redirects=True) as client,
    ):
        try:
            deadline = time.monotonic() + READY_WITHIN_S
            while not _answers(client):
                if time.monotonic() > deadline:
                    raise click.ClickException(f"The page does not answer: {Path(log.name).read_text()[-2000:]}")
                time.sleep(0.2)
            yield client
        finally:
            web.terminate()


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def collect(database: str, log: Path) -> Iterator[tuple[str, list[Plan]]]:
    """What each route asks the database, in a process that has just begun: later ones share what was read."""
    with serving(database) as client:
        known = names(client)
    for route in ROUTES:
        with serving(database) as client:
            time.sleep(WRITTEN_S)
            at = log.stat().st_size
            client.get(next(filled(route, known))).raise_for_status()
            time.sleep(WRITTEN_S)
            yield route, read(_since(log, at))
            click.echo(route, err=True)


def _since(log: Path, at: int) -> str:
    with log.open("rb") as file:
        file.seek(at)
        return file.read().decode(errors="replace")


def _rows(database: str) -> str:
    with psycopg.connect(plain_url(database)) as connection:
        tables = ("purchases", "revisions", "purchase_lines", "unit_days")
        counts = [
            connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone() or (0,)
            for name in tables
        ]
    return ", ".join(f"{count:,} {name}" for name, (count,) in zip(tables, counts, strict=True))


@click.command()
@click.option("--database", default=f"postgresql+psycopg://postgres@127.0.0.1:{PORT}/handelspuls", show_default=True)
@click.option("--log", default=Path(".data/postgres/postgres.log"), show_default=True, type=Path)
def main(database: str, log: Path) -> None:
    """Ask every route, and write docs/queries.md."""
    with explaining(database):
        found = dict(collect(database, log))
    PAGE.write_text(page(found, when=time.strftime("%Y-%m-%d"), rows=_rows(database)), encoding="utf-8")
    click.echo(f"{PAGE}: {sum(map(len, found.values()))} statements of {len(found)} routes")


if __name__ == "__main__":
    main()
