"""What became of a rejection."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("rejections", sa.Column("state", sa.Text(), nullable=False, server_default="open"))
    op.execute("update rejections set state = 'resent' where resent_at is not null")


def downgrade() -> None:
    op.drop_column("rejections", "state")
