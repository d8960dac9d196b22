"""`compliance.orders` to rows: the current purchase with its lines, and every revision."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from models.judgement import JudgedLine, Judgement
from models.measures import PLACE
from models.tally.contribution import own_measures
from models.vocabulary import Outcome
from sinks.database.records import Record, Unreadable, Value, key_text, storable
from sinks.database.schema import COUNTED_AS

PURCHASE_COLUMNS = (
    *("purchase", "generation", "revision", "version", "kind", "number", "order_number"),
    *("unit", "root", "day", "supplier", "outcome", "channel", "reason", "rule", "ruleset", "tallied"),
    *("cause_kind", "judged_at", "reference"),
    *("catalogue_ore", "off_channel_ore", "review_ore", "excluded_ore", "avoidable_ore", "amount_ore"),
    *("invoiced_ore", "credited_ore", *COUNTED_AS, "currency", "flags", "line_count"),
)
DOCUMENT_COLUMNS = ("purchase", "place", "kind", "root", "unit", "day", "amount_ore", "matched", "outcome")
LINE_COLUMNS = (
    *("purchase", "place", "line", "outcome", "channel", "reason", "rule", "amount_ore"),
    *("item", "description", "category", "agreement", "avoidable"),
)
REVISION_COLUMNS = (
    *("purchase", "generation", "revision"),
    *("unit", "root", "day", "supplier", "outcome", "channel", "reason", "rule", "ruleset", "tallied"),
    *("cause_kind", "judged_at", "body"),
)
_COUNTED_AT = tuple(PLACE[measure] for measure in COUNTED_AS)
COUNTED = (Outcome.CATALOGUE, Outcome.OFF_CHANNEL, Outcome.REVIEW, Outcome.EXCLUDED)
# JSON's escape of NUL and of a lone surrogate's start: jsonb refuses both.
SUSPICIOUS = b"\\u"

_judgement = msgspec.json.Decoder(Judgement)


class Purchases(NamedTuple):
    """What a batch of judgements does: purchases to forget first, then revisions, then the newest of each purchase."""

    forgotten: list[str]
    revisions: list[tuple[Value, ...]]
    current: dict[str, Judgement]


def read_judgement(record: Record) -> Judgement:
    """The judgement in a record; raises Unreadable."""
    try:
        return _judgement.decode(record.value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Unreadable(f"{record.place} is no judgement: {wrong}") from wrong


def sort_out(records: Iterable[Record]) -> Purchases:
    """Decide what a batch does. A null value (personal data deleted) takes back what came before it in the batch."""
    forgotten: list[str] = []
    revisions: dict[tuple[str, int, int], tuple[Value, ...]] = {}
    current: dict[str, Judgement] = {}
    for record in records:
        if record.value is None:
            gone = key_text(record)
            forgotten.append(gone)
            current.pop(gone, None)
            revisions = {key: row for key, row in revisions.items() if key[0] != gone}
            continue
        judgement = read_judgement(record)
        revisions[judgement.purchase, judgement.generation, judgement.revision] = revision_row(judgement, record.value)
        known = current.get(judgement.purchase)
        if known is None or rank(known) < rank(judgement):
            current[judgement.purchase] = judgement
    return Purchases(forgotten, list(revisions.values()), current)


def rank(judgement: Judgement) -> tuple[int, int]:
    """The greatest counts."""
    return judgement.generation, judgement.revision


def revision_row(judgement: Judgement, body: bytes) -> tuple[Value, ...]:
    """The row of `revisions`, in the order of REVISION_COLUMNS."""
    return (
        judgement.purchase,
        judgement.generation,
        judgement.revision,
        *_judged(judgement),
        judgement.cause.kind,
        judgement.judged_at or None,
        json_text(body),
    )


def purchase_row(judgement: Judgement) -> tuple[Value, ...]:
    """The row of `purchases`, in the order of PURCHASE_COLUMNS."""
    amounts = tuple(judgement.amounts_ore.get(outcome, 0) for outcome in COUNTED)
    measures = own_measures(judgement)
    return (
        judgement.purchase,
        judgement.generation,
        judgement.revision,
        judgement.version,
        judgement.kind,
        judgement.number,
        storable(judgement.order),
        *_judged(judgement),
        judgement.cause.kind,
        judgement.judged_at or None,
        judgement.reference,
        *amounts,
        _avoidable(judgement.lines),
        sum(amounts),
        judgement.invoiced_ore,
        judgement.credited_ore,
        *(measures.get(place, 0) for place in _COUNTED_AT),
        judgement.currency,
        list(judgement.flags),
        len(judgement.lines),
    )


def line_rows(judgement: Judgement) -> Iterable[tuple[Value, ...]]:
    """The rows of `purchase_lines`, in the order of LINE_COLUMNS; a void purchase has none."""
    for place, line in enumerate(judgement.lines):
        yield (
            judgement.purchase,
            place,
            storable(line.line),
            line.outcome.value,
            line.channel.value,
            line.reason,
            line.rule,
            line.amount_ore,
            storable(line.item),
            storable(line.description),
            storable(line.category),
            line.agreement,
            line.avoidable,
        )


def document_rows(judgement: Judgement) -> Iterable[tuple[Value, ...]]:
    """The rows of `purchase_documents`, in the order of DOCUMENT_COLUMNS."""
    for place, each in enumerate(judgement.documents):
        unit = (storable(each.root), storable(each.unit))
        counted = (each.day, each.amount_ore, each.matched, judgement.outcome.value)
        yield judgement.purchase, place, each.kind, *unit, *counted


def json_text(body: bytes) -> str:
    """The value as jsonb takes it: without the escapes that are JSON but no text of PostgreSQL's."""
    text = body.decode()
    if SUSPICIOUS not in body:
        return text
    return msgspec.json.encode(_storable_tree(msgspec.json.decode(body))).decode()


def _storable_tree(value: Value) -> Value:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable_tree(item) for item in value]
    if isinstance(value, dict):
        return {storable(name): _storable_tree(item) for name, item in value.items()}
    return value


def _judged(judgement: Judgement) -> tuple[Value, ...]:
    return (
        storable(judgement.unit),
        storable(judgement.root),
        judgement.day,
        storable(judgement.supplier),
        judgement.outcome.value,
        judgement.channel.value,
        judgement.reason,
        judgement.rule,
        judgement.ruleset,
        judgement.tallied,
    )


def _avoidable(lines: tuple[JudgedLine, ...]) -> int:
    return sum(line.amount_ore or 0 for line in lines if line.avoidable)
