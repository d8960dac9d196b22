"""What evidence quotes, the history of rulesets, what the shadow says, and how far the events are judged."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _create_reference_rows()
    _create_ruleset_records()
    _create_shadow_judgements()
    op.create_table(
        "reading",
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("read_to", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("generation", "partition", name="pk_reading"),
    )


def downgrade() -> None:
    for table in ("reading", "shadow_judgements", "ruleset_records", "reference_rows"):
        op.drop_table(table)


def _create_reference_rows() -> None:
    op.create_table(
        "reference_rows",
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("of", "key", name="pk_reference_rows"),
    )
    op.create_index("ix_reference_rows_supplier_item", "reference_rows", ["supplier", "item"])
    op.create_index("ix_reference_rows_category", "reference_rows", [sa.text("category text_pattern_ops")])


def _create_ruleset_records() -> None:
    op.create_table(
        "ruleset_records",
        sa.Column("offset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ruleset", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("offset", name="pk_ruleset_records"),
    )
    op.create_index("ix_ruleset_records_ruleset", "ruleset_records", ["ruleset"])


def _create_shadow_judgements() -> None:
    op.create_table(
        "shadow_judgements",
        sa.Column("purchase", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ruleset", sa.Text(), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("purchase", name="pk_shadow_judgements"),
    )
    op.create_index("ix_shadow_judgements_ruleset_day", "shadow_judgements", ["ruleset", "day"])
