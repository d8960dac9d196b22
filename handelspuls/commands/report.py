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
from sinks.reports.frozen import freeze, publish
from sinks.reports.month import Month
from sinks.reports.page import Pages, below_each, file_of
from sinks.reports.publish import send_reports
from sinks.reports.ranking import Limits
from sinks.reports.sheet import written
from sinks.web.language import Language


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
def command(
    *,
    month: str,
    unit: str | None,
    out: Path | None,
    language: str | None,
    minimum_purchases: int,
    review_ceiling: float,
    coverage_floor: float,
) -> None:
    """Freeze MONTH (2026-10) and write every unit's report, as CSV and as pages that print; frozen, it stays as it is."""
    settings = Settings.from_environment()
    asked = _finished(month)
    limits = Limits(minimum_purchases, review_ceiling, coverage_floor)
    engine = create_engine(settings.database_url)
    made = _frozen(engine, asked, settings.generation, limits)
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
