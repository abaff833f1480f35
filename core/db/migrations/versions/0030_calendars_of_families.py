"""Calendars of families: in which language and with which reminder, since when, and when one was last fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("guardian_links") as table:
        table.add_column(sa.Column("feed_opened_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("feed_fetched_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("feed_language", sa.String(length=20), nullable=False, server_default="zh_Hans_CN"))
        table.add_column(sa.Column("feed_alarm", sa.Integer(), nullable=True))
    with op.batch_alter_table("guardian_links") as table:
        table.alter_column("feed_language", existing_type=sa.String(length=20), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("guardian_links") as table:
        for column in ("feed_alarm", "feed_language", "feed_fetched_at", "feed_opened_at"):
            table.drop_column(column)
