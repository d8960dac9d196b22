"""The topics as data: names, keys, partitions, cleanup and retention. Nothing else names a topic."""

from enum import StrEnum

import msgspec

MIB = 1 << 20
INPUT_MAX_BYTES = 4 * MIB
DERIVED_MAX_BYTES = 10 * MIB

PURCHASES = "erp.purchases"
DOCUMENTS = "erp.documents"
REJECTED = "erp.rejected"
DECISIONS = "compliance.decisions"
ROUTED = "compliance.routed"
ORDERS = "compliance.orders"
UNITS = "compliance.units"
ALERTS = "compliance.alerts"
PARTIALS = "compliance.partials"
SHADOW = "compliance.shadow"
REPORTS = "compliance.reports"
SETS = "reference.sets"

REFERENCE_TABLES = (
    "units",
    "suppliers",
    "agreements",
    "catalogue",
    "standing_orders",
    "external_channels",
    "accounts",
    "mandatory",
    "buyers",
    "targets",
    "rates",
    "ledger",
    "rulesets",
)


def reference_topic(table: str) -> str:
    """The topic of a reference table."""
    return f"reference.{table}"


def changelog_topic(prefix: str, table: str) -> str:
    """The changelog of a durable table; the prefix is app and generation."""
    return f"{prefix}.{table}-changelog"


class Cleanup(StrEnum):
    """Kafka's `cleanup.policy`."""

    DELETE = "delete"
    COMPACT = "compact"


class Topic(msgspec.Struct, frozen=True):
    """One topic as it must be; `partitions` 0 means the service's number of partitions."""

    name: str
    key: str
    """What the key is, in words."""
    holds: str
    partitions: int = 1
    cleanup: Cleanup = Cleanup.COMPACT
    max_message_bytes: int = DERIVED_MAX_BYTES

    def config(self) -> dict[str, str]:
        """The topic's configuration at the broker; everything is kept without limit of time or size."""
        settings = {
            "cleanup.policy": self.cleanup.value,
            "max.message.bytes": str(self.max_message_bytes),
            # The broker's time: of a client whose clock is an hour ahead it would refuse every record.
            "message.timestamp.type": "LogAppendTime",
        }
        if self.cleanup is Cleanup.DELETE:
            settings |= {"retention.ms": "-1", "retention.bytes": "-1"}
        return settings


def _input(name: str, key: str, holds: str) -> Topic:
    return Topic(name, key, holds, 0, Cleanup.DELETE, max_message_bytes=INPUT_MAX_BYTES)


def _files_of(table: str) -> str:
    return "*.toml" if table == "rulesets" else f"{table}.csv"


def topics(prefix: str) -> tuple[Topic, ...]:
    """Every topic of the service, its changelogs under the given prefix (app and generation)."""
    return (
        _input(PURCHASES, "order number, or invoice number where no order is named", "the ERP's events"),
        _input(DOCUMENTS, "any", "UBL documents"),
        _input(DECISIONS, "number", "decisions made by people"),
        Topic(ROUTED, "number", "records on the way to their own partition", 0, Cleanup.DELETE),
        Topic(REJECTED, "as it came, CPR numbers masked", "what was refused, and why", 0, Cleanup.DELETE),
        Topic(ORDERS, "purchase id", "judgements", 0),
        Topic(PARTIALS, "source partition|root|unit|day", "cells on their way to the merge"),
        Topic(SHADOW, "purchase id", "how the shadow ruleset judges what was just judged", 0),
        Topic(UNITS, "unit", "figures per window"),
        Topic(ALERTS, "unit", "crossings of targets", cleanup=Cleanup.DELETE),
        Topic(REPORTS, "unit:month", "frozen months"),
        Topic(SETS, "set", "manifests: up to where each reference topic belongs to a set", cleanup=Cleanup.DELETE),
        *(Topic(reference_topic(table), "identifying columns", _files_of(table)) for table in REFERENCE_TABLES),
        Topic(changelog_topic(prefix, "purchases"), "number or cell", "changelog of the table purchases", 0),
        Topic(changelog_topic(prefix, "units"), "cell, alert or revision", "changelog of the table units"),
        Topic(changelog_topic(prefix, "intake"), "position", "positions of the intake", 0),
    )
