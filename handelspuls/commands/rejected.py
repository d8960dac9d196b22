"""The command that lists what was rejected, sends it again, or gives it up."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

import click
from aiokafka.errors import KafkaError
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from handelspuls.errors import CannotRun
from handelspuls.privacy import privacy_key
from handelspuls.resending import RESENDABLE, Ended, OnError, give_up, has_unread, resend
from handelspuls.settings import Settings
from models.contract.pseudonym import keyed
from models.contract.rejection import RejectionState
from models.denied import told
from models.topics import REJECTED
from models.vocabulary import RejectionCode
from sinks.database.rejected import Group, Rejection, Wanted, chosen, groups, read_up_to

REFUSED = 1
CAUGHT_UP_WITHIN_S = 30.0
ROW = "{:>7}  {:<9} {:<16} {:<34} {:<24} {:<16}  {:<16}"


@click.command(name="rejected")
@click.option("--source", help="Only those of this sender.")
@click.option("--code", type=click.Choice([one.value for one in RejectionCode]), help="Only those with this reason.")
@click.option("--field", help="Only those with this field, such as data.unit.")
@click.option("--state", type=click.Choice([one.value for one in RejectionState]), help="Only those of this state.")
@click.option("--each", is_flag=True, help="List every one of them, oldest first.")
@click.option("--resend", "again", is_flag=True, help="Send those that are open again, each once.")
@click.option("--give-up", "ends", is_flag=True, help="Give up those that are open: nobody will send them again.")
@click.option(
    "--on-error",
    type=click.Choice([one.value for one in OnError]),
    default=OnError.STOP.value,
    show_default=True,
    help="What becomes of one that would be refused again: end here, keep it open, or drop it (give it up).",
)
@click.option("--dry-run", is_flag=True, help="Tell what would happen, and do nothing.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@click.pass_context
def command(
    context: click.Context,
    *,
    source: str | None,
    code: str | None,
    field: str | None,
    state: str | None,
    each: bool,
    again: bool,
    ends: bool,
    on_error: str,
    dry_run: bool,
    limit: int | None,
) -> None:
    """List what was rejected, by sender, reason, field and state; or send it again; or give it up."""
    if again and ends:
        raise click.UsageError("--resend or --give-up, not both.")
    settings = Settings.from_environment()
    engine = create_engine(settings.database_url)
    wanted = Wanted(source, code, field, RejectionState(state) if state else None)
    if not (again or ends):
        _list(engine, wanted, each=each, limit=limit)
        return
    wanted = wanted._replace(state=RejectionState.OPEN)
    _wait_for_database(engine, settings, otherwise="Nothing was done.")
    rejections = _chosen(engine, wanted, limit=limit)
    done = asyncio.run(
        _resent(rejections, settings, on_error=OnError(on_error), dry_run=dry_run)
        if again
        else _given_up(rejections, settings, dry_run=dry_run)
    )
    if not dry_run:
        _wait_for_database(engine, settings, otherwise="All that is told above was done; it will show it.")
    _sum_up(done, dry_run=dry_run)
    context.exit(REFUSED if any(one.why for one in done) else 0)


def _list(engine: Engine, wanted: Wanted, *, each: bool, limit: int | None) -> None:
    if each:
        for one in _chosen(engine, wanted, limit=limit, topics=None):
            click.echo(f"{one.place} {one.state} {one.code} {one.field or '-'} {one.source or '-'}: {one.message}")
        return
    try:
        with engine.connect() as connection:
            found = groups(connection, wanted=wanted)
    except (OperationalError, ProgrammingError) as away:
        raise _no_database(away) from away
    click.echo(ROW.format("count", "state", "reason", "field", "sender", "first", "last"))
    for group in found[:limit]:
        click.echo(_row(group))


def _row(group: Group) -> str:
    first, last = (f"{moment:%Y-%m-%d %H:%M}" if moment else "-" for moment in (group.first, group.last))
    return ROW.format(group.records, group.state, group.code, group.field or "-", group.source or "-", first, last)


def _chosen(
    engine: Engine, wanted: Wanted, *, limit: int | None, topics: Sequence[str] | None = RESENDABLE
) -> list[Rejection]:
    try:
        with engine.connect() as connection:
            return chosen(connection, wanted=wanted, limit=limit, topics=topics)
    except (OperationalError, ProgrammingError) as away:
        raise _no_database(away) from away


def _no_database(away: OperationalError | ProgrammingError) -> CannotRun:
    return CannotRun(f"The database does not answer ({str(away.orig).splitlines()[0]}); see DATABASE_URL.")


async def _resent(
    rejections: Sequence[Rejection], settings: Settings, *, on_error: OnError, dry_run: bool
) -> list[Ended]:
    try:
        return await resend(
            rejections,
            on_error=on_error,
            dry_run=dry_run,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            prefix=f"{settings.app}.{settings.generation}",
            pseudonym=keyed(privacy_key(settings)),
            tell=_tell,
        )
    except (KafkaError, OSError) as reason:
        raise CannotRun(f"Not all were sent again: {told(reason)}. What was is told above; try again.") from reason


async def _given_up(rejections: Sequence[Rejection], settings: Settings, *, dry_run: bool) -> list[Ended]:
    if dry_run:
        return [Ended(rejection, RejectionState.GIVEN_UP) for rejection in rejections]
    return await give_up(
        rejections,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        prefix=f"{settings.app}.{settings.generation}",
        tell=_tell,
    )


def _tell(one: Ended) -> None:
    click.echo(f"{one.rejection.place} {one.state.value}" + (f": {one.why}" if one.why else ""))


def _sum_up(done: Sequence[Ended], *, dry_run: bool) -> None:
    counts = Counter(one.state for one in done)
    click.echo(
        f"{counts[RejectionState.RESENT]} sent again, {counts[RejectionState.GIVEN_UP]} given up,"
        f" {counts[RejectionState.OPEN]} left open" + ("; this was a dry run" if dry_run else ""),
        err=True,
    )


def _wait_for_database(engine: Engine, settings: Settings, *, otherwise: str) -> None:
    """Until it has read every rejection there is: else one that was sent again already would be sent once more."""
    deadline = time.monotonic() + CAUGHT_UP_WITHIN_S
    while asyncio.run(has_unread(_reached(engine), bootstrap_servers=settings.kafka_bootstrap_servers)):
        if time.monotonic() > deadline:
            raise CannotRun(f"The database has not read all of {REJECTED}; is its process running? {otherwise}")
        time.sleep(0.2)


def _reached(engine: Engine) -> dict[int, int]:
    try:
        with engine.connect() as connection:
            return read_up_to(connection, REJECTED)
    except (OperationalError, ProgrammingError) as away:
        raise _no_database(away) from away
