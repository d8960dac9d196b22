"""The commands that load reference data: files in, differences shown, one set published."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from handelspuls.privacy import privacy_key
from handelspuls.reference_sets import published, read_sets, reference_now, refused_rulesets, unreachable_rules
from handelspuls.settings import Settings
from models.contract.pseudonym import keyed
from models.reference.build import Change
from models.reference.changes import TableDifference, changes_of, tables_of
from models.reference.folder import Loaded, check
from models.reference.snapshot import Snapshot

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
    loaded = read_sets(folder, pseudonym=keyed(privacy_key(settings)), progress=_show_progress)
    decide = partial(_decide, loaded, force=force)
    try:
        _accept(check(loaded))
        if dry_run:
            decide(reference_now(settings))
            click.echo("Nothing was published: this was a dry run.")
        else:
            published(decide, settings=settings, cause=f"load of {folder.name}")
    except _RefusedError as reason:
        click.echo(str(reason), err=True)
        context.exit(REFUSED)


class _RefusedError(Exception):
    """The set is not published; the message says why and what to do."""


def _accept(loaded: Loaded) -> None:
    for problem in loaded.errors:
        click.echo(f"error: {problem}", err=True)
    if loaded.errors:
        raise _RefusedError("The set was refused and nothing was published; correct the errors and load it again.")


def _decide(loaded: Loaded, snapshot: Snapshot, *, force: bool) -> Sequence[Change]:
    """The changes from what holds to what the files say, shown; refused where too much would go."""
    whole = check(loaded, tables_of(snapshot))
    for warning in (*whole.warnings, *unreachable_rules(loaded)):
        click.echo(f"warning: {warning}", err=True)
    _accept(whole)
    if refused := refused_rulesets(loaded, snapshot):
        raise _RefusedError("\n".join((*refused, "Nothing was published.")))
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
