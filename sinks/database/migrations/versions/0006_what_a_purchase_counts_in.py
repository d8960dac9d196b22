"""What a purchase counts as in the figures, and its invoices and credit notes: so that each figure opens what is behind it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MEASURES = (
    *("digital_ore", "digital_count", "mandatory_digital_ore", "mandatory_base_ore"),
    *("supplier_compliant_ore", "item_compliant_ore", "agreement_base_ore", "uncategorised_ore"),
    *("price_compliant_lines", "price_base_lines", "avoidable_count", "certified_orders", "orders_with_buyer"),
)


def upgrade() -> None:
    for measure in MEASURES:
        op.add_column("purchases", sa.Column(measure, sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "purchase_documents",
        sa.Column("purchase", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("purchase", "place", name="pk_purchase_documents"),
    )
    op.create_index("ix_purchase_documents_unit_day", "purchase_documents", ["unit", "day"])
    op.create_index("ix_purchase_documents_day", "purchase_documents", ["day"])


def downgrade() -> None:
    op.drop_table("purchase_documents")
    for measure in MEASURES:
        op.drop_column("purchases", measure)
