"""A guardian's calendar of its own, why a guardian may do what they may, and codes that are spent by wrong ones."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_TABLE = "child_feed_items"


def upgrade() -> None:
    with op.batch_alter_table("guardian_leaves", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("guardian_links", schema=None) as batch_op:
        # What was locked once, even where the hour is over by now, takes a new code as well.
        batch_op.alter_column("locked_until", new_column_name="locked_at", existing_type=sa.DateTime())
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f(f"fk_{_TABLE}_child_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f(f"fk_{_TABLE}_session_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f(f"fk_{_TABLE}_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("child_id", "session_id", name=op.f(f"uq_{_TABLE}_child_id_session_id")),
    )
    for column in ("station_id", "child_id", "session_id"):
        op.create_index(op.f(f"ix_{_TABLE}_{column}"), _TABLE, [column], unique=False)


def downgrade() -> None:
    op.drop_table(_TABLE)
    with op.batch_alter_table("guardian_links", schema=None) as batch_op:
        batch_op.alter_column("locked_at", new_column_name="locked_until", existing_type=sa.DateTime())
    with op.batch_alter_table("guardian_leaves", schema=None) as batch_op:
        batch_op.drop_column("reason")
