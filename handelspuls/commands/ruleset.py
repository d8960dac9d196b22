"""The commands that keep the rulesets: which there are, which one judges, which runs beside it, and what they meet."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import click
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from handelspuls.errors import CannotRun
from handelspuls.reference_sets import published, reference_now
from handelspuls.settings import Settings
from handelspuls.streaming import default_ruleset
from models.days import day_of
from models.reference.build import Change
from models.reference.rows import RulesetRow
from models.reference.snapshot import Snapshot
from models.rules.activation import ActivationRefused, Word, activated, row_named, row_of, shadowed
from models.rules.reachable import unreachable
from models.rules.ruleset import Ruleset, RulesetError, read_ruleset
from models.whatif.written import aligned, kroner
from sinks.database.hits import Hit, hits_since, without_hit

REFUSED = 1


@click.group(name="ruleset")
def command() -> None:
    """Keep the rulesets: NAME@VERSION is a published one, FILE a new one."""


@command.command(name="list")
def list_all() -> None:
    """List every published ruleset, who answers for it, and which one judges."""
    snapshot = reference_now(Settings.from_environment())
    rows = sorted(snapshot.rows(RulesetRow), key=lambda row: row.key)
    built_in = _built_in()
    if built_in.key not in {row.key for row in rows}:
        rows.insert(0, built_in)
    told = [(row.key, _state(row, snapshot), row.author, row.approver, row.comment) for row in rows]
    for line in aligned(("ruleset", "state", "author", "approver", "comment"), told, right=5):
        click.echo(line)


@command.command()
@click.argument("ruleset", required=False)
def show(ruleset: str | None) -> None:
    """Print RULESET as TOML; without a name the one that judges."""
    snapshot = reference_now(Settings.from_environment())
    row = _found(ruleset, snapshot) if ruleset else snapshot.ruleset or _built_in()
    click.echo(
        f"{row.key}: {_state(row, snapshot)}, author {row.author or '-'}, approver {row.approver or '-'}", err=True
    )
    _warn(read_ruleset(row.text))
    click.echo(row.text, nl=not row.text.endswith("\n"))


@command.command()
@click.argument("ruleset")
@click.option("--author", help="Who wrote it; else as the file says.")
@click.option("--approver", help="Who approves of it: another person; else as the file says.")
@click.option("--comment", help="Why; else as the file says.")
@click.pass_context
def activate(
    context: click.Context, ruleset: str, *, author: str | None, approver: str | None, comment: str | None
) -> None:
    """Let RULESET, a file or NAME@VERSION, judge from now on; all purchases are judged again by it.

    To roll back, activate the former one.
    """
    settings = Settings.from_environment()

    def decide(snapshot: Snapshot) -> Sequence[Change]:
        row = _found(ruleset, snapshot)
        of_file = row if row_named(snapshot, row.key) is None else RulesetRow("", "", "")
        word = Word(author or of_file.author, approver or of_file.approver, comment or of_file.comment)
        return activated(snapshot, row, word)

    said = f"{author or 'its author'}, approved by {approver or 'its approver'}"
    _publish(context, decide, settings=settings, cause=f"activation of {ruleset}: {said}; {comment or ''}".rstrip("; "))


@command.command()
@click.argument("ruleset", required=False)
@click.option("--off", is_flag=True, help="Let none run beside the active one.")
@click.pass_context
def shadow(context: click.Context, ruleset: str | None, *, off: bool) -> None:
    """Let RULESET run beside the active one: what it would judge shows in the metrics and nowhere else."""
    settings = Settings.from_environment()
    if off == bool(ruleset):
        raise CannotRun("Name the ruleset that is to run as the shadow, or say --off.")
    cause = f"shadow {ruleset}" if ruleset else "shadow off"
    _publish(context, partial(_shadowed, ruleset), settings=settings, cause=cause)


@command.command()
@click.option("--days", default=90, show_default=True, type=click.IntRange(min=1), help="How far back.")
def hits(*, days: int) -> None:
    """Count the lines and amounts of each rule and version, and list the active rules that met none."""
    settings = Settings.from_environment()
    since = day_of(datetime.now(UTC)) - timedelta(days=days - 1)
    found = _hits(settings.database_url, lambda connection: hits_since(connection, since))
    told = [(hit.rule, hit.ruleset, str(hit.purchases), str(hit.lines), kroner(hit.amount_ore)) for hit in found]
    for line in aligned(("rule", "ruleset", "purchases", "lines", "DKK"), told, right=2):
        click.echo(line)
    active = read_ruleset(reference_now(settings).ruleset_text or default_ruleset())
    for rule in without_hit(active, found):
        click.echo(f"no hit in {days} days: {rule} ({active.label})")


def _shadowed(ruleset: str | None, snapshot: Snapshot) -> Sequence[Change]:
    return shadowed(snapshot, _found(ruleset, snapshot) if ruleset else None)


def _publish(
    context: click.Context, decide: Callable[[Snapshot], Sequence[Change]], *, settings: Settings, cause: str
) -> None:
    try:
        published(decide, settings=settings, cause=cause)
    except (ActivationRefused, RulesetError) as reason:
        click.echo("\n".join(reason.sentences) if isinstance(reason, RulesetError) else str(reason), err=True)
        context.exit(REFUSED)


def _found(name: str, snapshot: Snapshot) -> RulesetRow:
    """The published ruleset of that name, else the built-in one, else the file's, validated."""
    row = row_named(snapshot, name)
    if row is None and name == _built_in().key:
        row = _built_in()
    if row is None:
        row = _of_file(Path(name), snapshot)
    _warn(read_ruleset(row.text))
    return row


def _of_file(path: Path, snapshot: Snapshot) -> RulesetRow:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as unreadable:
        known = ", ".join(sorted(row.key for row in snapshot.rows(RulesetRow))) or "none"
        raise CannotRun(f"{path} is neither a file that can be read nor a published ruleset ({known}).") from unreadable
    return row_of(read_ruleset(text), text)


def _built_in() -> RulesetRow:
    """What judges until the reference names another."""
    text = default_ruleset()
    return row_of(read_ruleset(text), text)


def _state(row: RulesetRow, snapshot: Snapshot) -> str:
    judges = row.active or (snapshot.ruleset is None and row.key == _built_in().key)
    states = {"active": judges, "shadow": row.shadow, "built in": row_named(snapshot, row.key) is None}
    return ", ".join(name for name, holds in states.items() if holds) or "-"


def _warn(ruleset: Ruleset) -> None:
    for each in unreachable(ruleset):
        click.echo(f"warning: {each}", err=True)


def _hits(database_url: str, ask: Callable[..., list[Hit]]) -> list[Hit]:
    try:
        with create_engine(database_url).connect() as connection:
            return ask(connection)
    except (OperationalError, ProgrammingError) as away:
        raise CannotRun(f"The database does not answer ({str(away.orig).splitlines()[0]}); see DATABASE_URL.") from away
