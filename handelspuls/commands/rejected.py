"""The command that lists what was rejected, and sends it again."""

import click
from kafka.errors import KafkaError
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from handelspuls.errors import CannotRun
from handelspuls.settings import Settings
from models.vocabulary import RejectionCode
from sinks.database.resend import OriginalGone, Rejection, note_resent, rejected, resend


@click.command(name="rejected")
@click.option(
    "--code", type=click.Choice([one.value for one in RejectionCode]), help="Only those rejected for this reason."
)
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(min=1), help="At most so many, newest first."
)
@click.option("--resend", "again", is_flag=True, help="Send them again, each once.")
def command(code: str | None, limit: int, again: bool) -> None:  # noqa: FBT001 - click's flag
    """List what was rejected and why, newest first."""
    settings = Settings.from_environment()
    engine = create_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            chosen = rejected(connection, code=code, limit=limit, again=again)
    except (OperationalError, ProgrammingError) as away:
        raise CannotRun(f"The database does not answer ({str(away.orig).splitlines()[0]}); see DATABASE_URL.") from away
    for one in chosen:
        click.echo(_line(one))
    if again:
        _send(engine, chosen, bootstrap_servers=settings.kafka_bootstrap_servers)
    click.echo(f"{len(chosen)} {'sent again' if again else 'listed'}", err=True)


def _send(engine: Engine, chosen: list[Rejection], *, bootstrap_servers: str) -> None:
    try:
        for sent in resend(chosen, bootstrap_servers=bootstrap_servers):
            with engine.begin() as connection:
                note_resent(connection, sent)
    except (OriginalGone, KafkaError) as reason:
        raise CannotRun(f"Not all were sent again: {reason}") from reason


def _line(one: Rejection) -> str:
    when = one.rejected_at.isoformat(timespec="seconds") if one.rejected_at else "-"
    again = f" (sent again {one.resent_at.isoformat(timespec='seconds')})" if one.resent_at else ""
    return f"{when} {one.place} {one.code} {one.field or '-'}: {one.message}{again}"
