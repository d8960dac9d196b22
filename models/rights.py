"""Who may do what in Kafka: the least rights of every process and of those outside, as data. Nothing else lists them."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from models.topics import (
    ALERTS,
    DECISIONS,
    DOCUMENTS,
    MIB,
    ORDERS,
    PARTIALS,
    PURCHASES,
    REFERENCE_TABLES,
    REJECTED,
    REPORTS,
    ROUTED,
    SETS,
    SHADOW,
    UNITS,
    changelog_topic,
    reference_topic,
)


class Kind(StrEnum):
    """What a right is about, as Kafka's own clients name it."""

    TOPIC = "topic"
    GROUP = "group"
    TRANSACTIONAL_ID = "transactional_id"


class Operation(StrEnum):
    """What may be done with it."""

    READ = "read"
    WRITE = "write"
    DESCRIBE = "describe"
    DESCRIBE_CONFIGS = "describe_configs"
    CREATE = "create"
    ALTER = "alter"


class Right(msgspec.Struct, frozen=True, order=True):
    """One thing with this name, or all whose names begin with it."""

    kind: Kind
    name: str
    operations: tuple[Operation, ...]
    is_prefix: bool = False


RESULTS = (ORDERS, UNITS, ALERTS, REPORTS)
REFERENCE = (SETS, *(reference_topic(table) for table in REFERENCE_TABLES))
MOST_BYTES_A_SECOND = {"erp": 20 * MIB, "procurement-office": MIB}
"""What those outside may send to one broker; it makes them wait, and loses nothing."""
_READ = (Operation.READ, Operation.DESCRIBE)
_WRITE = (Operation.WRITE, Operation.DESCRIBE)
_SEE = (Operation.DESCRIBE,)


def rights(app: str, generation: int) -> Mapping[str, tuple[Right, ...]]:
    """User → what it may.

    Who sends and who subscribes is outside, and sees nothing that may name people: only the service itself reads what
    the ERP sends. Those who run the commands of operations have all of the service's own, and nothing else.
    """
    prefix = f"{app}.{generation}"
    return {
        "erp": (*_to(PURCHASES, DOCUMENTS), *_from(REJECTED, ORDERS), *_group("erp"), *_see(DECISIONS)),
        "subscriber": (*_from(*RESULTS), *_group("subscriber")),
        "procurement-office": (
            *_to(DECISIONS),
            *_from(*RESULTS),
            *_group("procurement-office"),
            *_see(PURCHASES, DOCUMENTS),
        ),
        f"{app}-intake": (
            *_from(DOCUMENTS, DECISIONS, *REFERENCE),
            *_to(ROUTED, REJECTED, *REFERENCE),
            *_table(prefix, "intake"),
            *_group(f"{prefix}.intake"),
            *_transactions(f"{prefix}.reference"),
            *_seen(app),
        ),
        f"{app}-worker": (
            *_from(PURCHASES, ROUTED, *REFERENCE),
            *_to(ORDERS, REJECTED, ROUTED, PARTIALS, SHADOW),
            *_table(prefix, "purchases"),
            *_group(f"{prefix}.worker"),
            *_seen(app),
        ),
        f"{app}-merge": (
            *_from(PARTIALS, *REFERENCE),
            *_to(UNITS, ALERTS),
            *_table(prefix, "units"),
            *_group(f"{prefix}.merge"),
            *_seen(app),
        ),
        f"{app}-database": (
            *_from(REJECTED, PARTIALS, SHADOW, *RESULTS, *REFERENCE),
            *_see(PURCHASES),
            *_group(f"{prefix}.database"),
        ),
        f"{app}-web": (*_to(PURCHASES, DOCUMENTS), *_see(DECISIONS)),
        f"{app}-canary": (*_to(PURCHASES), *_from(ORDERS)),
        f"{app}-report": (*_to(REPORTS), *_from(REJECTED, PARTIALS, SHADOW, *RESULTS, *REFERENCE), *_group("report")),
        app: tuple(_operations(app)),
    }


def without(held: tuple[Right, ...], name: str, operation: Operation) -> tuple[Right, ...]:
    """The same rights but for one operation on what has this name."""
    return tuple(
        msgspec.structs.replace(right, operations=tuple(each for each in right.operations if each != operation))
        if right.name == name
        else right
        for right in held
    )


def _from(*topics: str) -> Iterator[Right]:
    return (Right(Kind.TOPIC, topic, _READ) for topic in topics)


def _to(*topics: str) -> Iterator[Right]:
    return (Right(Kind.TOPIC, topic, _WRITE) for topic in topics)


def _see(*topics: str) -> Iterator[Right]:
    return (Right(Kind.TOPIC, topic, _SEE) for topic in topics)


def _group(name: str) -> Iterator[Right]:
    """The group, and those whose names it begins."""
    yield Right(Kind.GROUP, name, (Operation.READ,), is_prefix=True)


def _transactions(name: str) -> Iterator[Right]:
    yield Right(Kind.TRANSACTIONAL_ID, name, _WRITE, is_prefix=True)


def _table(prefix: str, name: str) -> Iterator[Right]:
    """A durable table: its changelog, and a transactional producer for each partition."""
    yield Right(Kind.TOPIC, changelog_topic(prefix, name), (Operation.READ, Operation.WRITE, Operation.DESCRIBE))
    yield from _transactions(f"{prefix}.{name}.")


def _seen(app: str) -> Iterator[Right]:
    """A stream process waits until all topics are there with their partitions: names and counts, no content."""
    return (Right(Kind.TOPIC, start, _SEE, is_prefix=True) for start in _beginnings(app))


def _operations(app: str) -> Iterator[Right]:
    whole = (*_READ, Operation.WRITE, Operation.DESCRIBE_CONFIGS, Operation.CREATE, Operation.ALTER)
    yield from (Right(Kind.TOPIC, start, whole, is_prefix=True) for start in _beginnings(app))
    yield Right(Kind.GROUP, app, _READ, is_prefix=True)
    yield Right(Kind.GROUP, "report", _READ)
    yield Right(Kind.TRANSACTIONAL_ID, app, _WRITE, is_prefix=True)


def _beginnings(app: str) -> tuple[str, ...]:
    return ("erp.", "compliance.", "reference.", f"{app}.")
