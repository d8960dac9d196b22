"""The command that freezes a month and writes its reports."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from kafka.errors import KafkaError
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from handelspuls.errors import CannotRun
from handelspuls.settings import Settings
from models.days import day_of
from models.tally.report import UnitReport
from sinks.database.caught_up import is_caught_up
from sinks.database.inflow import TopicsMissing
from sinks.reports.frozen import freeze, publish, read
from sinks.reports.frozen import revise as revised
from sinks.reports.month import Month
from sinks.reports.page import Pages, below_each, file_of
from sinks.reports.publish import send_reports
from sinks.reports.ranking import Limits
from sinks.reports.sheet import written
from sinks.web.language import Language

CATCH_UP_S = 60.0
"""How long the database is waited for before a month is frozen."""


@click.command(name="report")
@click.argument("month")
@click.option("--unit", help="Write only this unit's report and those up its chain; all are frozen all the same.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder; reports/MONTH in the data folder."
)
@click.option(
    "--language", type=click.Choice([one.value for one in Language]), help="Language of the pages and the CSV."
)
@click.option("--minimum-purchases", default=10, show_default=True, help="With fewer a unit is shown, not ranked.")
@click.option("--review-ceiling", default=0.10, show_default=True, help="With a greater share in review likewise.")
@click.option("--coverage-floor", default=0.80, show_default=True, help="With less of the ledger seen likewise.")
@click.option("--revise", is_flag=True, help="Publish a revision of what would be another report today.")
@click.option("--anyway", is_flag=True, help="Freeze although the database has not caught up with its topics.")
def command(
    *,
    month: str,
    unit: str | None,
    out: Path | None,
    language: str | None,
    minimum_purchases: int,
    review_ceiling: float,
    coverage_floor: float,
    revise: bool,
    anyway: bool,
) -> None:
    """Freeze MONTH (2026-10) and write every unit's report, as CSV and as pages that print; frozen, it stays as it is.

    What changes in a frozen month is told as an adjustment, with its reason, by the next report that is frozen; or by a
    revision of the month itself.
    """
    settings = Settings.from_environment()
    asked = _finished(month)
    limits = Limits(minimum_purchases, review_ceiling, coverage_floor)
    engine = create_engine(settings.database_url)
    _verify_caught_up(engine, settings.kafka_bootstrap_servers, anyway=anyway)
    made = _frozen(engine, asked, settings.generation, limits)
    if revise:
        click.echo(f"{asked}: {revised(engine, asked, generation=settings.generation, limits=limits)} reports revised")
        with engine.connect() as connection:
            made = read(connection, asked)
    _publish(engine, asked, settings.kafka_bootstrap_servers)
    folder = out or settings.data_dir / "reports" / str(asked)
    chosen = _chosen(made, unit)
    _write(chosen, folder, Language(language or settings.language), below=below_each(made))
    click.echo(f"{asked}: {len(chosen)} reports in {folder}, frozen {made[0].frozen_at}; begin with index.html.")


def _finished(text: str) -> Month:
    try:
        month = Month.parse(text)
    except ValueError as wrong:
        raise CannotRun(f"{wrong}.") from wrong
    if month.last >= day_of(datetime.now(UTC)):
        raise CannotRun(f"{month} is not over: its reports can be frozen from the day after {month.last}.")
    return month


def _verify_caught_up(engine: Engine, bootstrap_servers: str, *, anyway: bool) -> None:
    """A month is frozen once: not without what is on its way."""
    try:
        if is_caught_up(engine, bootstrap_servers=bootstrap_servers, within_s=0 if anyway else CATCH_UP_S):
            return
    except (KafkaError, TopicsMissing) as away:
        raise CannotRun(f"It cannot be seen whether the database has taken in everything: {away}") from away
    except (OperationalError, ProgrammingError) as away:
        raise CannotRun(f"The database does not answer ({str(away.orig).splitlines()[0]}); see DATABASE_URL.") from away
    behind = "The database has not taken in all that its topics hold"
    if not anyway:
        raise CannotRun(f"{behind}: is `database` running? Run this again, or with --anyway.")
    click.echo(f"{behind}; the month is frozen without it.", err=True)


def _frozen(engine: Engine, month: Month, generation: int, limits: Limits) -> list[UnitReport]:
    try:
        made = freeze(engine, month, generation=generation, limits=limits)
    except (OperationalError, ProgrammingError) as away:
        raise CannotRun(f"The database does not answer ({str(away.orig).splitlines()[0]}); see DATABASE_URL.") from away
    if not made:
        raise CannotRun(
            f"Nothing is known of {month}: no unit and no purchase. Load the reference, or send the history."
        )
    return made


def _publish(engine: Engine, month: Month, bootstrap_servers: str) -> None:
    try:
        publish(engine, month, send=partial(send_reports, bootstrap_servers=bootstrap_servers))
    except KafkaError as away:
        raise CannotRun(f"{month} is frozen but not published ({away}): run the command again.") from away


def _chosen(made: list[UnitReport], unit: str | None) -> list[UnitReport]:
    if unit is None:
        return made
    by_unit = {report.unit: report for report in made}
    if unit not in by_unit:
        raise CannotRun(f"No unit {unit} is in the reports of {made[0].month}.")
    return [by_unit[unit], *(by_unit[above.unit] for above in by_unit[unit].chain)]


def _write(
    chosen: list[UnitReport], folder: Path, language: Language, *, below: Mapping[str, list[UnitReport]]
) -> None:
    sheet, pages = f"{chosen[0].month}.csv", Pages(language=language)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / sheet).write_text(written(chosen, language=language), encoding="utf-8", newline="")
        (folder / "index.html").write_text(pages.of_all(chosen, sheet=sheet), encoding="utf-8")
        for report in chosen:
            page = pages.of_unit(report, below=below.get(report.unit, ()))
            (folder / file_of(report.unit)).write_text(page, encoding="utf-8")
    except OSError as wrong:
        raise CannotRun(f"The reports cannot be written to {folder}: {wrong}.") from wrong
