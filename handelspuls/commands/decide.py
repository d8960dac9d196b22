"""The command that records a person's decision on a purchase, or takes it back."""

import getpass
import uuid
from datetime import datetime
from typing import Any

import click
import msgspec
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from handelspuls.logs import set_up_logs
from handelspuls.publishing import Publisher
from handelspuls.settings import Settings
from models.contract.decode import decode_event
from models.days import COPENHAGEN
from models.files.sending import Outgoing
from models.refusal import RefusalError
from models.topics import DECISIONS
from models.vocabulary import Channel, Outcome
from sinks.database.schema import purchases

REFUSED = 1
SOURCE = "handelspuls"


@click.command(name="decide")
@click.argument("purchase")
@click.option("--outcome", type=click.Choice([one.value for one in Outcome]), help="What the purchase is.")
@click.option("--channel", type=click.Choice([one.value for one in Channel]), help="How it was bought.")
@click.option("--reason", help="Why, in words.")
@click.option("--by", help="Who decided; without it the name of the account that runs the command.")
@click.option("--withdraw", is_flag=True, help="Take the decision back: the rules judge again.")
@click.pass_context
def command(
    context: click.Context,
    *,
    purchase: str,
    outcome: str | None,
    channel: str | None,
    reason: str | None,
    by: str | None,
    withdraw: bool,
) -> None:
    """Decide what PURCHASE is, by its whole id (source~number); the decision wins over the rules until withdrawn."""
    _require(outcome=outcome, channel=channel, reason=reason, withdraw=withdraw)
    settings = Settings.from_environment()
    set_up_logs(process="decide", level=settings.log_level)
    version = _version(settings.database_url, purchase)
    stated = {"outcome": outcome, "channel": channel, "reason": reason, "decided_by": by or getpass.getuser()}
    data = {"purchase": purchase, "on_version": version or 0} | {name: text for name, text in stated.items() if text}
    try:
        record = _record("decision.withdrawn" if withdraw else "decision.made", data)
    except RefusalError as error:
        refused = error.refused
        click.echo(f"{refused.field.removeprefix('data.')} {refused.message}", err=True)
        context.exit(REFUSED)
    with Publisher(settings.kafka_bootstrap_servers) as publisher:
        publisher.publish([record])
    click.echo(f"{purchase}: {'decision withdrawn' if withdraw else f'decided {outcome}'}, by {stated['decided_by']}")


def _require(*, outcome: str | None, channel: str | None, reason: str | None, withdraw: bool) -> None:
    if withdraw and (outcome or channel):
        raise click.UsageError("A decision is taken back without an outcome or channel: leave them out.")
    if not withdraw and not (outcome and reason):
        raise click.UsageError("A decision needs --outcome and --reason.")


def _record(kind: str, data: dict[str, Any]) -> Outgoing:
    """The event, read as the intake will read it; RefusalError where it would be refused."""
    at = datetime.now(tz=COPENHAGEN).isoformat(timespec="milliseconds")
    envelope = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": SOURCE,
        "type": kind,
        "subject": data["purchase"],
        "time": at,
        "data": data | {"decided_at": at},
    }
    value = msgspec.json.encode(envelope)
    fact = decode_event(value, headers={}, pseudonym=str)
    return Outgoing(DECISIONS, fact.number.encode(), value)


def _version(database_url: str, purchase: str) -> int | None:
    """The version that the person had before them, as far as the database can be asked; what is unknown is said."""
    query = select(purchases.c.version).where(purchases.c.purchase == purchase)
    try:
        with create_engine(database_url, connect_args={"connect_timeout": 3}).connect() as connection:
            version: int | None = connection.scalar(query)
    except (OperationalError, ProgrammingError):
        click.echo("The database does not answer: the decision is recorded without the purchase's version.", err=True)
        return None
    if version is None:
        click.echo(f"No purchase {purchase} is known yet: the decision waits for it.", err=True)
    return version
