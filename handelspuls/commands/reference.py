"""The commands that load reference data: files in, differences shown, one set published."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from aiokafka.errors import KafkaError

from handelspuls.errors import CannotRun
from handelspuls.privacy import privacy_key
from handelspuls.settings import Settings
from models.contract.pseudonym import keyed
from models.documents import read_document
from models.reference.build import Change
from models.reference.changes import TableDifference, changes_of, tables_of
from models.reference.folder import Loaded, check, is_reference_file, read_folder
from models.reference.snapshot import Snapshot
from models.rules.ruleset import RulesetError, read_ruleset
from streams.errors import StreamsError
from streams.publishing import publish, read_reference

REFUSED = 1


@click.group(name="reference")
def command() -> None:
    """Load reference data."""


@command.command(name="load")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--force", is_flag=True, help="Also where more than a fifth of a table would be dropped.")
@click.pass_context
def load(context: click.Context, folder: Path, *, dry_run: bool, force: bool) -> None:
    """Validate the files of FOLDER as one set, show what changes, and publish it in one transaction."""
    settings = Settings.from_environment()
    loaded = _read(_files(folder), pseudonym=keyed(privacy_key(settings)))
    decide = partial(_decide, loaded, force=force)
    try:
        _accept(check(loaded))
        if dry_run:
            decide(asyncio.run(read_reference(bootstrap_servers=settings.kafka_bootstrap_servers)))
            click.echo("Nothing was published: this was a dry run.")
        else:
            _publish(decide, settings=settings, cause=f"load of {folder.name}")
    except _RefusedError as reason:
        click.echo(str(reason), err=True)
        context.exit(REFUSED)


class _RefusedError(Exception):
    """The set is not published; the message says why and what to do."""


def _publish(decide: Callable[[Snapshot], Sequence[Change]], *, settings: Settings, cause: str) -> None:
    at = settings.kafka_bootstrap_servers
    try:
        published = asyncio.run(
            publish(decide, bootstrap_servers=at, app=settings.app, loaded_at=datetime.now(tz=UTC), cause=cause)
        )
    except (KafkaError, StreamsError, OSError) as error:
        raise CannotRun(
            f"The reference was not published: {error or type(error).__name__}. Is Kafka at {at}, and were the topics created?"
        ) from error
    if published is None:
        click.echo("Nothing to publish: everything is as it was.")
    else:
        click.echo(f"Published; the reference number is {published.number}.")


def _files(folder: Path) -> dict[str, bytes]:
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    files = {name: content for name, content in files.items() if is_reference_file(name) or name.endswith(".csv")}
    if not files:
        raise CannotRun(f"{folder} holds no reference files; the contract names them: units.csv, suppliers.csv, ….")
    return files


def _read(files: dict[str, bytes], *, pseudonym: Callable[[str], str]) -> Loaded:
    return read_folder(
        files,
        pseudonym=pseudonym,
        read_document=partial(read_document, pseudonym=pseudonym),
        check_ruleset=_wrong_with,
        progress=_show_progress,
    )


def _wrong_with(text: str) -> Sequence[str]:
    try:
        read_ruleset(text)
    except RulesetError as error:
        return (str(error),)
    return ()


def _accept(loaded: Loaded) -> None:
    for problem in loaded.errors:
        click.echo(f"error: {problem}", err=True)
    if loaded.errors:
        raise _RefusedError("The set was refused and nothing was published; correct the errors and load it again.")


def _decide(loaded: Loaded, snapshot: Snapshot, *, force: bool) -> Sequence[Change]:
    """The changes from what holds to what the files say, shown; refused where too much would go."""
    whole = check(loaded, tables_of(snapshot))
    for problem in whole.warnings:
        click.echo(f"warning: {problem}", err=True)
    _accept(whole)
    changes, differences = changes_of(loaded, tables_of(snapshot))
    for one in differences:
        click.echo(_described(one))
    too_much = [one.table for one in differences if one.drops_too_much]
    if too_much and not force:
        names = ", ".join(too_much)
        raise _RefusedError(f"More than a fifth of {names} would be dropped. If that is meant, load it with --force.")
    return changes


def _described(one: TableDifference) -> str:
    if one.nothing:
        return f"{one.table}: {one.before} rows, as before"
    return f"{one.table}: {one.before} rows before, {one.added} added, {one.changed} changed, {one.dropped} dropped"


def _show_progress(name: str, rows: int) -> None:
    click.echo(f"read {name}: {rows} rows" if rows else f"read {name}")
