"""The command that shows what other rules, or another reference, would move; it changes nothing."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click
import msgspec
from aiokafka.errors import KafkaError as AioKafkaError
from kafka.errors import KafkaError

from handelspuls.errors import CannotRun
from handelspuls.privacy import privacy_key
from handelspuls.reference_sets import folder_changes, reference_now
from handelspuls.settings import Settings
from handelspuls.streaming import default_ruleset
from handelspuls.whatif import Passed, Question, compared
from models.contract.pseudonym import keyed
from models.days import day_of
from models.reference.build import applied
from models.reference.snapshot import Snapshot
from models.rules.reachable import unreachable
from models.rules.ruleset import Ruleset, RulesetError, read_ruleset
from models.topics import changelog_topic
from models.whatif.comparison import Comparison, Days
from models.whatif.units import UnitChange, unit_changes
from models.whatif.written import Heading, as_csv, as_lines, as_value
from streams.errors import StreamsError

File = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
Day = click.DateTime(["%Y-%m-%d"])
STANDARD_OUTPUT = Path("-")


@click.command(name="what-if")
@click.option("--rules", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The ruleset to try.")
@click.option(
    "--reference",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A reference folder to try: what `reference load` would make of it.",
)
@click.option("--from", "first", type=Day, help="Only purchases of this day and later.")
@click.option("--to", "last", type=Day, help="Only purchases up to this day.")
@click.option("--json", "json_file", type=File, help="Write everything here as JSON; - is standard output.")
@click.option("--csv", "csv_file", type=File, help="Write rules, largest changes and units here as CSV; - likewise.")
def command(
    *,
    rules: Path | None,
    reference: Path | None,
    first: datetime | None,
    last: datetime | None,
    json_file: Path | None,
    csv_file: Path | None,
) -> None:
    """Judge all stored purchases by other rules beside the live judgement, and show what would move."""
    if rules is None and reference is None:
        raise CannotRun("Nothing to try: name a ruleset with --rules, or reference files with --reference.")
    settings = Settings.from_environment()
    days = Days(first.date() if first else date.min, last.date() if last else date.max)
    held = reference_now(settings)
    tried = _with_folder(held, reference, settings)
    text = rules.read_text(encoding="utf-8-sig") if rules else tried.ruleset_text or default_ruleset()
    ruleset = _checked(text)
    _warn_of_parties(held, ruleset, reference)
    try:
        comparison = compared(_question(settings, held, tried, text, days), say=_say)
    except (KafkaError, AioKafkaError, StreamsError, OSError) as error:
        raise CannotRun(
            f"The stored purchases cannot be read: {error or type(error).__name__}. "
            f"Is Kafka at {settings.kafka_bootstrap_servers}, and has a worker run?"
        ) from error
    _say_end(comparison)
    units = unit_changes(comparison, held, tried, day_of(datetime.now(UTC)))
    _write(_heading(held, ruleset, reference, days), comparison, units, json_file=json_file, csv_file=csv_file)


def _question(settings: Settings, held: Snapshot, tried: Snapshot, text: str, days: Days) -> Question:
    changelog = changelog_topic(f"{settings.app}.{settings.generation}", "purchases")
    return Question(changelog, settings.kafka_bootstrap_servers, tried, text, held.number, days)


def _with_folder(held: Snapshot, folder: Path | None, settings: Settings) -> Snapshot:
    if folder is None:
        return held
    changes = folder_changes(folder, held, pseudonym=keyed(privacy_key(settings)))
    return applied(held, changes, number=held.number + 1)


def _checked(text: str) -> Ruleset:
    try:
        ruleset = read_ruleset(text)
    except RulesetError as wrong:
        raise CannotRun("\n".join(wrong.sentences)) from wrong
    for each in unreachable(ruleset):
        click.echo(f"warning: {each}", err=True)
    return ruleset


def _warn_of_parties(held: Snapshot, ruleset: Ruleset, reference: Path | None) -> None:
    """Other rules leave who bought from whom as it is; another reference may not, and this is not followed."""
    live = read_ruleset(held.ruleset_text or default_ruleset())
    if reference is not None or live.settings.sources != ruleset.settings.sources:
        click.echo(
            "warning: where this changes who the buyer or the seller is, an invoice or credit note may come to stand "
            "under another order; such moves are not followed here, so that figures can differ by them",
            err=True,
        )


def _heading(held: Snapshot, ruleset: Ruleset, reference: Path | None, days: Days) -> Heading:
    active = held.ruleset
    return {
        "live": active.key if active is not None else read_ruleset(default_ruleset()).label,
        "tried": ruleset.label,
        "reference": held.number,
        "folder": reference.name if reference is not None else None,
        "from": str(days.first) if days.first != date.min else None,
        "to": str(days.last) if days.last != date.max else None,
    }


def _write(
    heading: Heading,
    comparison: Comparison,
    units: list[UnitChange],
    *,
    json_file: Path | None,
    csv_file: Path | None,
) -> None:
    if json_file is not None:
        _put(json_file, msgspec.json.format(msgspec.json.encode(as_value(heading, comparison, units))).decode() + "\n")
    if csv_file is not None:
        _put(csv_file, as_csv(comparison, units))
    if STANDARD_OUTPUT not in (json_file, csv_file):
        for line in as_lines(heading, comparison, units):
            click.echo(line)


def _put(file: Path, text: str) -> None:
    if file == STANDARD_OUTPUT:
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as wrong:
        raise CannotRun(f"{file} cannot be written: {wrong.strerror}.") from wrong


def _say(passed: Passed) -> None:
    text = f"read {100 * passed.share_read:.0f} % of the changelog, judged {passed.judged:,} numbers"
    terminal = sys.stderr.isatty()
    click.echo(f"\r{text} " if terminal else text, err=True, nl=not terminal)


def _say_end(comparison: Comparison) -> None:
    start = "\r" if sys.stderr.isatty() else ""
    click.echo(f"{start}compared {comparison.purchases:,} purchases ", err=True)
