"""Purchases are found by how their number begins, alerts have a time, and the ledger's last day is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("ix_purchases_number_begins", "purchases", [sa.text("lower(number) text_pattern_ops")])
    op.create_index("ix_ledger_day", "ledger", ["day"])
    op.add_column("alerts", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("alerts", "told_at")
    op.drop_index("ix_ledger_day", "ledger")
    op.drop_index("ix_purchases_number_begins", "purchases")
