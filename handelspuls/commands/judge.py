"""The command that judges files without Kafka: the integrators' test bench."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path

import click

from handelspuls.errors import CannotRun
from handelspuls.inputs import contents, named_files
from handelspuls.privacy import privacy_key
from handelspuls.settings import Settings
from handelspuls.streaming import default_ruleset
from models.contract.pseudonym import keyed
from models.days import aware
from models.documents import read_document
from models.files.answers import answers, end_of, figures, summary
from models.files.judging import judge_files
from models.reference.build import EMPTY
from models.reference.changes import loaded_snapshot
from models.reference.folder import check, is_reference_file, read_folder
from models.reference.snapshot import Snapshot
from models.rules.judge import Judge, judge_of

REFUSED = 1


@click.command(name="judge")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--reference", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Reference data.")
@click.option("--rules", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A ruleset.")
@click.option("--figures", "with_figures", is_flag=True, help="Also the figures of the units.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Day of the figures; the last purchase's if left out.",
)
@click.pass_context
def command(
    context: click.Context,
    *,
    files: tuple[str, ...],
    reference: Path | None,
    rules: Path | None,
    with_figures: bool,
    as_of: datetime | None,
) -> None:
    """Judge events (.jsonl, .json, .csv) and UBL documents (.xml) of files, of folders, or of standard input (-)."""
    taken, left_out = named_files(files)
    pseudonym = keyed(_key(Settings.from_environment()))
    snapshot = _snapshot(reference, pseudonym) if reference else EMPTY
    now = datetime.now(tz=UTC)
    judge = _judge(rules, snapshot)
    judged = judge_files(contents(taken), snapshot=snapshot, judge=judge, pseudonym=pseudonym, now=now)
    for line in answers(judged):
        click.echo(line)
    if with_figures:
        at = aware(datetime.combine(as_of, time.max)) if as_of else end_of(judged, now=now)
        for line in figures(judged, now=at):
            click.echo(line)
    if left_out:
        click.echo(f"left out, as they are neither .jsonl, .json, .csv nor .xml: {', '.join(left_out)}", err=True)
    click.echo(summary(judged), err=True)
    context.exit(REFUSED if judged.refused else 0)


def _key(settings: Settings) -> bytes:
    """The service's key where it is set; else one that is forgotten with this run."""
    if settings.privacy_key is None and settings.privacy_key_file is None:
        return secrets.token_bytes()
    return privacy_key(settings)


def _snapshot(folder: Path, pseudonym: Callable[[str], str]) -> Snapshot:
    found = {path.name: path for path in sorted(folder.iterdir()) if path.is_file() and is_reference_file(path.name)}
    if not found:
        raise CannotRun(f"{folder} holds no reference files; the contract names them: units.csv, suppliers.csv, ….")
    loaded = check(
        read_folder(
            {name: path.read_bytes() for name, path in found.items()},
            pseudonym=pseudonym,
            read_document=partial(read_document, pseudonym=pseudonym),
        )
    )
    for problem in (*loaded.errors, *loaded.warnings):
        click.echo(str(problem), err=True)
    if loaded.errors:
        raise CannotRun(f"The reference data of {folder} cannot be used; correct the errors.")
    return loaded_snapshot(loaded)


def _judge(rules: Path | None, snapshot: Snapshot) -> Judge:
    """By the ruleset named, else the reference's active one, else the one that the service ships with."""
    try:
        return judge_of(rules.read_text(encoding="utf-8") if rules else snapshot.ruleset_text or default_ruleset())
    except (OSError, ValueError) as error:
        what = str(rules) if rules else "The ruleset of the reference data"
        raise CannotRun(f"{what} is no ruleset that can be used: {error}") from error
