"""The tables of the database, as SQLAlchemy Core: what the sink writes and what page, API and reports read.

Rows of the topics are guarded by (generation, revision), a sequence or a place in the topic; `applied` numbers the
changes of a table in the order in which they were written, so that "newest first" needs no clock.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from models.measures import MEASURES

CHANNEL = "handelspuls"
"""The name to LISTEN to: notified after each transaction of the sink, payload = the changed tables with commas."""

COUNTED_AS = (
    *("digital_ore", "digital_count", "mandatory_digital_ore", "mandatory_base_ore"),
    *("supplier_compliant_ore", "item_compliant_ore", "agreement_base_ore", "uncategorised_ore"),
    *("price_compliant_lines", "price_base_lines", "avoidable_count", "certified_orders", "orders_with_buyer"),
)
"""The measures of a purchase of its own that its row holds, so that each figure opens the purchases it is made of."""

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"})
applied = Sequence("applied", metadata=metadata, data_type=BigInteger)


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, nullable=False, primary_key=key)


def _whole(name: str, *, key: bool = False) -> Column[int]:
    """A BIGINT: amounts in øre, offsets, revisions."""
    return Column(name, BigInteger, nullable=False, primary_key=key, autoincrement=False)


def _applied() -> Column[int]:
    return Column("applied", BigInteger, nullable=False, server_default=text("nextval('applied')"))


def _judged() -> list[Column[object]]:
    """The columns of a judgement that a current row and a past revision share."""
    return [
        Column("unit", Text, nullable=False),
        Column("root", Text, nullable=False),
        Column("day", Date, nullable=False),
        Column("supplier", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("rule", Text, nullable=False),
        Column("ruleset", Text, nullable=False),
        Column("tallied", Boolean, nullable=False),
        Column("cause_kind", Text, nullable=False),
        Column("judged_at", DateTime(timezone=True)),
    ]


purchases = Table(
    "purchases",
    metadata,
    _text("purchase", key=True),
    _whole("generation"),
    _whole("revision"),
    _whole("version"),
    _text("kind"),
    _text("number"),
    Column("order_number", Text),
    *_judged(),
    _whole("reference"),
    _whole("catalogue_ore"),
    _whole("off_channel_ore"),
    _whole("review_ore"),
    _whole("excluded_ore"),
    _whole("avoidable_ore"),
    _whole("amount_ore"),
    _whole("invoiced_ore"),
    _whole("credited_ore"),
    *(Column(measure, BigInteger, nullable=False, server_default=text("0")) for measure in COUNTED_AS),
    _text("currency"),
    Column("flags", ARRAY(Text), nullable=False),
    Column("line_count", Integer, nullable=False),
    _applied(),
    Index(None, "unit", "day"),
    Index(None, "outcome", "channel", "day"),
    Index(None, "supplier", "day"),
    Index(None, "day"),
    Index(None, "number"),
    Index("ix_purchases_number_begins", text("lower(number) text_pattern_ops")),
    Index(None, "applied"),
)
"""The newest revision of each purchase; a void one stays without lines. `amount_ore` is the sum of the four outcomes, and
COUNTED_AS what it counts as on its day in the figures that no other column tells."""

purchase_lines = Table(
    "purchase_lines",
    metadata,
    _text("purchase", key=True),
    Column("place", Integer, nullable=False, primary_key=True, autoincrement=False),
    _text("line"),
    _text("outcome"),
    _text("channel"),
    _text("reason"),
    _text("rule"),
    Column("amount_ore", BigInteger),
    Column("item", Text),
    Column("description", Text),
    Column("category", Text),
    Column("agreement", Text),
    Column("avoidable", Boolean),
    Index(None, "category"),
)
"""The lines of `purchases`, in their order; `amount_ore` is null where no exchange rate is known."""

purchase_documents = Table(
    "purchase_documents",
    metadata,
    _text("purchase", key=True),
    Column("place", Integer, nullable=False, primary_key=True, autoincrement=False),
    _text("kind"),
    _text("root"),
    _text("unit"),
    Column("day", Date, nullable=False),
    _whole("amount_ore"),
    Column("matched", Boolean, nullable=False),
    _text("outcome"),
    Index(None, "unit", "day"),
    Index(None, "day"),
)
"""The invoices and credit notes of `purchases`: each counts on its own day and at its own unit; `outcome` is the purchase's."""

revisions = Table(
    "revisions",
    metadata,
    _text("purchase", key=True),
    _whole("generation", key=True),
    _whole("revision", key=True),
    *_judged(),
    Column("body", JSONB, nullable=False),
    _applied(),
    Index(None, "applied"),
)
"""Every revision ever seen; `body` is the value of `compliance.orders` as it came."""

unit_days = Table(
    "unit_days",
    metadata,
    Column("source_partition", Integer, nullable=False, primary_key=True, autoincrement=False),
    _text("root", key=True),
    _text("unit", key=True),
    Column("day", Date, nullable=False, primary_key=True),
    _whole("generation"),
    _whole("sequence"),
    *(Column(measure, BigInteger, nullable=False, server_default=text("0")) for measure in MEASURES),
    Column("buyers", JSONB, nullable=False, server_default=text("'{}'")),
    Index(None, "unit", "day"),
    Index(None, "day"),
)
"""Cells of `compliance.partials`: sum over `source_partition`. `unit` is as sent, maybe unknown to `units`; `buyers` says
by pseudonym how many purchases each made."""

units = Table(
    "units",
    metadata,
    _text("key", key=True),
    _text("unit"),
    _text("name"),
    _text("level"),
    Column("parent", Text),
    Column("identifiers", ARRAY(Text), nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("manager_email", Text),
    Column("peer_group", Text),
    Column("fte", Numeric),
    Index(None, "unit"),
    Index(None, "parent"),
)
"""The tree with its dates: one row a unit and period, both days included; null is open."""

suppliers = Table(
    "suppliers",
    metadata,
    _text("key", key=True),
    _text("supplier"),
    _text("name"),
    Column("identifiers", ARRAY(Text), nullable=False),
    Column("punch_out", Boolean, nullable=False),
    Column("exclusion", Text),
    Index(None, "supplier"),
)

targets = Table(
    "targets",
    metadata,
    _text("key", key=True),
    _text("unit"),
    _text("figure"),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("target", Numeric, nullable=False),
    Column("decided_by", Text),
    Index(None, "unit", "figure"),
)
"""`target` is a fraction, 0 to 1."""

buyers = Table(
    "buyers",
    metadata,
    _text("key", key=True),
    _text("buyer"),
    Column("certified_from", Date),
    Column("certified_until", Date),
    Index(None, "buyer"),
)
"""Buyers by pseudonym, and when each is certified; without either day never."""

ledger = Table(
    "ledger",
    metadata,
    _text("key", key=True),
    _text("unit"),
    Column("day", Date, nullable=False),
    _whole("documents"),
    _whole("amount_ore"),
    Index(None, "unit", "day"),
    Index(None, "day"),
)
"""The ERP's own control totals."""

reference_rows = Table(
    "reference_rows",
    metadata,
    _text("of", key=True),
    _text("key", key=True),
    Column("supplier", Text),
    Column("item", Text),
    Column("category", Text),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("body", JSONB, nullable=False),
    Index(None, "supplier", "item"),
    Index("ix_reference_rows_category", text("category text_pattern_ops")),
)
"""What evidence quotes: rows of agreements, catalogues, standing orders, external channels and accounts.

`of` is the table of the reference, `body` the row as it came, `category` that of a catalogue's item.
"""

ruleset_records = Table(
    "ruleset_records",
    metadata,
    _whole("offset", key=True),
    _text("ruleset"),
    Column("active", Boolean, nullable=False),
    Column("shadow", Boolean, nullable=False),
    _text("author"),
    _text("approver"),
    _text("comment"),
    _text("text"),
    Column("said_at", DateTime(timezone=True)),
    Index(None, "ruleset"),
)
"""What was published of rulesets, in its order: the newest record of a ruleset holds, all of them are its history."""

shadow_judgements = Table(
    "shadow_judgements",
    metadata,
    _text("purchase", key=True),
    _whole("generation"),
    _whole("revision"),
    _text("unit"),
    Column("day", Date, nullable=False),
    _text("ruleset"),
    Column("differs", Boolean, nullable=False),
    Column("body", JSONB, nullable=False),
    Index(None, "ruleset", "day"),
)
"""How the shadow ruleset judges a purchase; `differs` where it does so otherwise than the live one."""

reading = Table(
    "reading",
    metadata,
    _whole("generation", key=True),
    Column("partition", Integer, nullable=False, primary_key=True, autoincrement=False),
    _whole("read_to"),
    _whole("ends_at"),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)
"""How far the ERP's events are judged, as the judgements tell, and where they ended when it was last looked."""

unit_snapshots = Table(
    "unit_snapshots",
    metadata,
    _text("unit", key=True),
    _whole("generation"),
    _whole("revision"),
    _text("name"),
    _text("level"),
    Column("parent", Text),
    _text("root"),
    Column("day", Date, nullable=False),
    Column("as_of", DateTime(timezone=True), nullable=False),
    Column("body", JSONB, nullable=False),
    _applied(),
    Index(None, "parent"),
)
"""The newest value of `compliance.units`; `body` is the value as it came."""

rejections = Table(
    "rejections",
    metadata,
    _text("topic", key=True),
    Column("partition", Integer, nullable=False, primary_key=True, autoincrement=False),
    _whole("offset", key=True),
    _text("code"),
    _text("field"),
    _text("message"),
    _text("source"),
    _text("event_id"),
    Column("key", Text),
    Column("content", LargeBinary),
    Column("rejected_at", DateTime(timezone=True)),
    Column("resent_at", DateTime(timezone=True)),
    Column("state", Text, nullable=False, server_default="open"),
    _applied(),
    Index(None, "code"),
    Index(None, "applied"),
)
"""Refused records by the place of the original; `content` is its masked bytes, `state` what became of it."""

alerts = Table(
    "alerts",
    metadata,
    _text("unit", key=True),
    _text("figure", key=True),
    _text("window", key=True),
    _whole("generation", key=True),
    _whole("revision", key=True),
    _text("state", key=True),
    Column("value_from", Numeric),
    Column("value_to", Numeric),
    Column("target", Numeric),
    _text("since"),
    Column("told_at", DateTime(timezone=True)),
    _applied(),
    Index(None, "applied"),
)
"""Crossings of targets and their ends, `from` and `to` of the topic as `value_from` and `value_to`.

`since` is when the figure fell below, `told_at` the time of the record, which of an end is when it ended.
"""

reports = Table(
    "reports",
    metadata,
    Column("month", Date, nullable=False, primary_key=True),
    _text("unit", key=True),
    Column("revision", SmallInteger, nullable=False, primary_key=True, autoincrement=False),
    Column("frozen_at", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True)),
    Column("body", JSONB, nullable=False),
    Column("seen", BigInteger, nullable=False, server_default=text("0")),
)
"""Frozen months: `month` is its first day, `body` the value of `compliance.reports`; `seen` is the greatest `applied` of
`revisions` that it knows: what came later is told as an adjustment."""

consumed_offsets = Table(
    "consumed_offsets",
    metadata,
    _text("topic", key=True),
    Column("partition", Integer, nullable=False, primary_key=True, autoincrement=False),
    _whole("next_offset"),
    _whole("generation"),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)
"""Where the sink goes on: written in the transaction of the rows, the only truth about its position."""
