"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

MEASURES = (
    "catalogue_ore",
    "off_channel_ore",
    "review_ore",
    "excluded_ore",
    "catalogue_count",
    "off_channel_count",
    "review_count",
    "excluded_count",
    "digital_ore",
    "digital_count",
    "mandatory_digital_ore",
    "mandatory_base_ore",
    "supplier_compliant_ore",
    "item_compliant_ore",
    "agreement_base_ore",
    "uncategorised_ore",
    "price_compliant_lines",
    "price_base_lines",
    "avoidable_ore",
    "uncovered_ore",
    "avoidable_count",
    "uncovered_count",
    "matched_invoices",
    "all_invoices",
    "seen_documents",
    "seen_ore",
    "catalogue_invoices",
    "off_channel_invoices",
    "certified_orders",
    "orders_with_buyer",
    "no_rate_count",
    "invoiced_ore",
    "own_catalogue_ore",
    "punch_out_ore",
    "standing_order_ore",
    "own_catalogue_count",
    "punch_out_count",
    "standing_order_count",
    "free_text_ore",
    "phone_ore",
    "email_ore",
    "web_shop_ore",
    "store_ore",
    "card_ore",
    "external_digital_ore",
    "no_order_ore",
    "retroactive_ore",
    "unknown_ore",
    "free_text_count",
    "phone_count",
    "email_count",
    "web_shop_count",
    "store_count",
    "card_count",
    "external_digital_count",
    "no_order_count",
    "retroactive_count",
    "unknown_count",
)


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("applied", data_type=sa.BigInteger())))
    _create_purchases()
    _create_purchase_lines()
    _create_revisions()
    _create_unit_days()
    _create_units()
    _create_suppliers()
    _create_targets()
    _create_ledger()
    _create_unit_snapshots()
    _create_rejections()
    _create_alerts()
    _create_reports()
    _create_consumed_offsets()


def downgrade() -> None:
    for table in (
        "consumed_offsets",
        "reports",
        "alerts",
        "rejections",
        "unit_snapshots",
        "ledger",
        "targets",
        "suppliers",
        "units",
        "unit_days",
        "revisions",
        "purchase_lines",
        "purchases",
    ):
        op.drop_table(table)
    op.execute(sa.schema.DropSequence(sa.Sequence("applied")))


def _create_purchases() -> None:
    op.create_table(
        "purchases",
        sa.Column("purchase", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("ruleset", sa.Text(), nullable=False),
        sa.Column("tallied", sa.Boolean(), nullable=False),
        sa.Column("cause_kind", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.BigInteger(), nullable=False),
        sa.Column("catalogue_ore", sa.BigInteger(), nullable=False),
        sa.Column("off_channel_ore", sa.BigInteger(), nullable=False),
        sa.Column("review_ore", sa.BigInteger(), nullable=False),
        sa.Column("excluded_ore", sa.BigInteger(), nullable=False),
        sa.Column("avoidable_ore", sa.BigInteger(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("invoiced_ore", sa.BigInteger(), nullable=False),
        sa.Column("credited_ore", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("applied", sa.BigInteger(), server_default=sa.text("nextval('applied')"), nullable=False),
        sa.PrimaryKeyConstraint("purchase", name="pk_purchases"),
    )
    op.create_index("ix_purchases_applied", "purchases", ["applied"])
    op.create_index("ix_purchases_day", "purchases", ["day"])
    op.create_index("ix_purchases_number", "purchases", ["number"])
    op.create_index("ix_purchases_outcome_channel_day", "purchases", ["outcome", "channel", "day"])
    op.create_index("ix_purchases_supplier_day", "purchases", ["supplier", "day"])
    op.create_index("ix_purchases_unit_day", "purchases", ["unit", "day"])


def _create_purchase_lines() -> None:
    op.create_table(
        "purchase_lines",
        sa.Column("purchase", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("agreement", sa.Text(), nullable=True),
        sa.Column("avoidable", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("purchase", "place", name="pk_purchase_lines"),
    )
    op.create_index("ix_purchase_lines_category", "purchase_lines", ["category"])


def _create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("purchase", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("ruleset", sa.Text(), nullable=False),
        sa.Column("tallied", sa.Boolean(), nullable=False),
        sa.Column("cause_kind", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("applied", sa.BigInteger(), server_default=sa.text("nextval('applied')"), nullable=False),
        sa.PrimaryKeyConstraint("purchase", "generation", "revision", name="pk_revisions"),
    )
    op.create_index("ix_revisions_applied", "revisions", ["applied"])


def _create_unit_days() -> None:
    op.create_table(
        "unit_days",
        sa.Column("source_partition", sa.Integer(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False) for name in MEASURES),
        sa.PrimaryKeyConstraint("source_partition", "root", "unit", "day", name="pk_unit_days"),
    )
    op.create_index("ix_unit_days_day", "unit_days", ["day"])
    op.create_index("ix_unit_days_unit_day", "unit_days", ["unit", "day"])


def _create_units() -> None:
    op.create_table(
        "units",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("identifiers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("manager_email", sa.Text(), nullable=True),
        sa.Column("peer_group", sa.Text(), nullable=True),
        sa.Column("fte", sa.Numeric(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_units"),
    )
    op.create_index("ix_units_parent", "units", ["parent"])
    op.create_index("ix_units_unit", "units", ["unit"])


def _create_suppliers() -> None:
    op.create_table(
        "suppliers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("identifiers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("punch_out", sa.Boolean(), nullable=False),
        sa.Column("exclusion", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_suppliers"),
    )
    op.create_index("ix_suppliers_supplier", "suppliers", ["supplier"])


def _create_targets() -> None:
    op.create_table(
        "targets",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("target", sa.Numeric(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_targets"),
    )
    op.create_index("ix_targets_unit_figure", "targets", ["unit", "figure"])


def _create_ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("documents", sa.BigInteger(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_ledger"),
    )
    op.create_index("ix_ledger_unit_day", "ledger", ["unit", "day"])


def _create_unit_snapshots() -> None:
    op.create_table(
        "unit_snapshots",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("applied", sa.BigInteger(), server_default=sa.text("nextval('applied')"), nullable=False),
        sa.PrimaryKeyConstraint("unit", name="pk_unit_snapshots"),
    )
    op.create_index("ix_unit_snapshots_parent", "unit_snapshots", ["parent"])


def _create_rejections() -> None:
    op.create_table(
        "rejections",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied", sa.BigInteger(), server_default=sa.text("nextval('applied')"), nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition", "offset", name="pk_rejections"),
    )
    op.create_index("ix_rejections_applied", "rejections", ["applied"])
    op.create_index("ix_rejections_code", "rejections", ["code"])


def _create_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("window", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("value_from", sa.Numeric(), nullable=True),
        sa.Column("value_to", sa.Numeric(), nullable=True),
        sa.Column("target", sa.Numeric(), nullable=True),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("applied", sa.BigInteger(), server_default=sa.text("nextval('applied')"), nullable=False),
        sa.PrimaryKeyConstraint("unit", "figure", "window", "generation", "revision", "state", name="pk_alerts"),
    )
    op.create_index("ix_alerts_applied", "alerts", ["applied"])


def _create_reports() -> None:
    op.create_table(
        "reports",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("month", "unit", "revision", name="pk_reports"),
    )


def _create_consumed_offsets() -> None:
    op.create_table(
        "consumed_offsets",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition", name="pk_consumed_offsets"),
    )
