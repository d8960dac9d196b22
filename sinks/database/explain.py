"""How a purchase came to its judgement, told in lines of text from the revisions that the database keeps."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select

from sinks.database.schema import purchases, revisions

Body = Mapping[str, Any]


class Revision(NamedTuple):
    """A revision as the database keeps it."""

    generation: int
    revision: int
    body: Body


def purchases_of(connection: Connection, name: str) -> list[str]:
    """The purchases meant by an id or a bare number."""
    query = select(purchases.c.purchase).where(or_(purchases.c.purchase == name, purchases.c.number == name))
    return sorted(connection.scalars(query))


def revisions_of(connection: Connection, purchase: str) -> list[Revision]:
    """Every revision of a purchase, the first one first."""
    query = (
        select(revisions.c.generation, revisions.c.revision, revisions.c.body)
        .where(revisions.c.purchase == purchase)
        .order_by(revisions.c.generation, revisions.c.revision)
    )
    return [Revision(*row) for row in connection.execute(query)]


def told(revision: Revision) -> Iterator[str]:
    """When, by what cause, with which outcome by which rule and reason, on what evidence; then each line."""
    body = revision.body
    counted = "" if body.get("tallied", True) else ", not tallied"
    yield f"revision {revision.revision} (generation {revision.generation}) {body.get('judged_at', '')}".rstrip()
    yield f"  cause     {_cause(body['cause'])}"
    yield f"  outcome   {body['outcome']} / {body['channel']}{counted}"
    yield f"  rule      {body['rule']}: {body['reason']} ({body['ruleset']}, reference {body.get('reference', -1)})"
    yield f"  amounts   {_amounts(body.get('amounts_ore', {}))}"
    if previous := body.get("previous"):
        yield f"  before    {previous['outcome']} / {previous['channel']}, {_amounts(previous['amounts_ore'])}"
    if flags := body.get("flags"):
        yield f"  flags     {', '.join(flags)}"
    if evidence := body.get("evidence"):
        yield f"  evidence  {_evidence(evidence)}"
    if source := body.get("source"):
        yield f"  record    {source['topic']}, partition {source['partition']}, offset {source['offset']}"
    for line in body.get("lines", ()):
        yield from _line(line)


def _line(line: Body) -> Iterator[str]:
    what = " ".join(part for part in (line.get("item"), line.get("description")) if part)
    amount = "no rate" if line["amount_ore"] is None else _kroner(line["amount_ore"])
    yield f"  line {line['line']}: {line['outcome']} / {line['channel']}, {amount}{f', {what}' if what else ''}"
    yield f"    rule {line['rule']}: {line['reason']}"
    if evidence := line.get("evidence"):
        yield f"    evidence {_evidence(evidence)}"


def _cause(cause: Body) -> str:
    event = f" {cause['event']}" if cause.get("event") else ""
    source = f" from {cause['source']}" if cause.get("source") else ""
    reference = f" {cause['reference']}" if cause.get("reference") is not None else ""
    return f"{cause['kind']}{event}{source}{reference}"


def _amounts(amounts: Mapping[str, int]) -> str:
    return ", ".join(f"{outcome} {_kroner(amount)}" for outcome, amount in amounts.items()) or "none"


def _evidence(evidence: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in evidence.items())


def _kroner(ore: int) -> str:
    sign, whole = ("-" if ore < 0 else ""), abs(ore)
    return f"{sign}{whole // 100}.{whole % 100:02} DKK"
