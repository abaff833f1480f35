"""The door for children: when they came, when and with whom they went home."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(), nullable=True),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("collector", sa.LargeBinary(), nullable=True),
        sa.Column("alarm_at", sa.DateTime(), nullable=True),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("arrived_at <= left_at", name=op.f("ck_handovers_arrived_before_left")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_handovers_child_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["noted_by"], ["users.id"], name=op.f("fk_handovers_noted_by")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_handovers_session_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_handovers_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("session_id", "child_id", name=op.f("uq_handovers_session_id_child_id")),
    )
    for column in ("child_id", "session_id", "station_id"):
        op.create_index(op.f(f"ix_handovers_{column}"), "handovers", [column], unique=False)


def downgrade() -> None:
    op.drop_table("handovers")
