"""What volunteers' calendars said before they changed, and who was told of it by phone."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_TABLE = "feed_changes"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("was_starts_at", sa.DateTime(), nullable=True),
        sa.Column("was_location", sa.Text(), nullable=False),
        sa.Column("called_at", sa.DateTime(), nullable=True),
        sa.Column("called_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["called_by"], ["users.id"], name=op.f(f"fk_{_TABLE}_called_by")),
        sa.ForeignKeyConstraint(["item_id"], ["feed_items.id"], name=op.f(f"fk_{_TABLE}_item_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f(f"fk_{_TABLE}_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
    )
    for column in ("station_id", "item_id"):
        op.create_index(op.f(f"ix_{_TABLE}_{column}"), _TABLE, [column], unique=False)


def downgrade() -> None:
    op.drop_table(_TABLE)
