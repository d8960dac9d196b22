"""The command that records a person's decision on a purchase, or takes it back."""

import getpass
import uuid
from datetime import datetime
from typing import Any

import click
import msgspec
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from handelspuls.errors import CannotRun
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
@click.argument("purchase", required=False)
@click.option(
    "--all-of", nargs=2, metavar="SUPPLIER CODE", help="All in review of this supplier, for this reason's code."
)
@click.option("--outcome", type=click.Choice([one.value for one in Outcome]), help="What the purchase is.")
@click.option("--channel", type=click.Choice([one.value for one in Channel]), help="How it was bought.")
@click.option("--reason", help="Why, in words.")
@click.option("--by", help="Who decided; without it the name of the account that runs the command.")
@click.option("--withdraw", is_flag=True, help="Take the decision back: the rules judge again.")
@click.pass_context
def command(
    context: click.Context,
    *,
    purchase: str | None,
    all_of: tuple[str, str] | None,
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
    stated = {"outcome": outcome, "channel": channel, "reason": reason, "decided_by": by or getpass.getuser()}
    said = {name: text for name, text in stated.items() if text}
    kind = "decision.withdrawn" if withdraw else "decision.made"
    decided = _decided(settings.database_url, purchase, all_of)
    try:
        records = [_record(kind, {"purchase": one, "on_version": version or 0} | said) for one, version in decided]
    except RefusalError as error:
        refused = error.refused
        click.echo(f"{refused.field.removeprefix('data.')} {refused.message}", err=True)
        context.exit(REFUSED)
    with Publisher(settings.kafka_bootstrap_servers) as publisher:
        publisher.publish(records)
    for one, _ in decided:
        click.echo(f"{one}: {'decision withdrawn' if withdraw else f'decided {outcome}'}, by {stated['decided_by']}")


def _decided(database_url: str, purchase: str | None, all_of: tuple[str, str] | None) -> list[tuple[str, int | None]]:
    """The purchases that are decided, each with the version that the person had before them."""
    if purchase is not None and all_of is None:
        return [(purchase, _version(database_url, purchase))]
    if purchase is None and all_of is not None:
        return _pattern(database_url, *all_of)
    raise click.UsageError("Name one PURCHASE, or a whole pattern with --all-of.")


def _pattern(database_url: str, supplier: str, reason: str) -> list[tuple[str, int | None]]:
    table = purchases.c
    in_review = (table.outcome == Outcome.REVIEW.value, table.supplier == supplier, table.reason == reason)
    query = select(table.purchase, table.version).where(*in_review).order_by(table.purchase)
    try:
        with create_engine(database_url, connect_args={"connect_timeout": 3}).connect() as connection:
            found = [(purchase, version) for purchase, version in connection.execute(query)]
    except (OperationalError, ProgrammingError) as away:
        raise CannotRun(f"The database does not answer ({str(away.orig).splitlines()[0]}); see DATABASE_URL.") from away
    if not found:
        raise CannotRun(f"Nothing of the supplier {supplier} is in review for the reason {reason}.")
    return found


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
