"""Buyers of a cell and their certificates, and up to where a frozen report has seen what changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("unit_days", sa.Column("buyers", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("reports", sa.Column("seen", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "buyers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("buyer", sa.Text(), nullable=False),
        sa.Column("certified_from", sa.Date(), nullable=True),
        sa.Column("certified_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_buyers"),
    )
    op.create_index("ix_buyers_buyer", "buyers", ["buyer"])


def downgrade() -> None:
    op.drop_table("buyers")
    op.drop_column("reports", "seen")
    op.drop_column("unit_days", "buyers")
