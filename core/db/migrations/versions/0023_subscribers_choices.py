"""What subscribers choose of their calendar, and what calendars say beyond Chinese words: English, colour, position."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

#: Columns that are filled with what holds for the rows there are. What items said so far stays as it is until it is
#: said anew.
_ADDED = {
    "venues": (("map_position", sa.String(length=80), ""),),
    "feed_tokens": (("language", sa.String(length=20), "zh_Hans_CN"),),
    **dict.fromkeys(
        ("feed_items", "child_feed_items"),
        (
            ("title_en", sa.String(length=200), ""),
            ("description_en", sa.Text(), ""),
            ("category_en", sa.String(length=80), ""),
            ("color", sa.String(length=20), ""),
            ("position", sa.String(length=80), ""),
        ),
    ),
}

_BY_SUBJECT = "ix_feed_items_subject"
#: All that is asked of a feed at each fetch.
_ASKED = ["subject", "kind", "station_id", "cancelled", "changed_at", "sequence"]


def upgrade() -> None:
    for table, columns in _ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, kind, value in columns:
                batch_op.add_column(sa.Column(name, kind, server_default=value, nullable=False))
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, kind, _ in columns:
                batch_op.alter_column(name, server_default=None, existing_type=kind)
    with op.batch_alter_table("feed_tokens", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alarm", sa.Integer(), nullable=True))
    op.drop_index(_BY_SUBJECT, table_name="feed_items")
    op.create_index("ix_feed_items_of_a_feed", "feed_items", _ASKED, unique=False)


def downgrade() -> None:
    op.drop_index("ix_feed_items_of_a_feed", table_name="feed_items")
    op.create_index(_BY_SUBJECT, "feed_items", ["subject"], unique=False)
    with op.batch_alter_table("feed_tokens", schema=None) as batch_op:
        batch_op.drop_column("alarm")
    for table, columns in _ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, _, _ in reversed(columns):
                batch_op.drop_column(name)
