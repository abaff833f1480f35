"""Runs of the planner, and pins."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_runs()
    _create_pins()
    for table, columns in (("planning_runs", ("station_id", "term_id")), ("pins", ("station_id",))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)
    is_open = sa.text("state IN ('queued', 'running')")
    op.create_index(
        "uq_planning_runs_one_open_per_term",
        "planning_runs",
        ["term_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _create_runs() -> None:
    state = sa.Enum(
        "queued",
        "running",
        "done",
        "failed",
        "cancelled",
        name="runstate",
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    op.create_table(
        "planning_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(), nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("error_code", sa.String(length=80), nullable=False),
        sa.Column("error", sa.JSON(), nullable=False),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_planning_runs_seconds")),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_planning_runs_asked_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_planning_runs_plan_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_planning_runs_station_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_planning_runs_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_runs")),
    )


def _create_pins() -> None:
    op.create_table(
        "pins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("staff", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("pinned_at", sa.DateTime(), nullable=False),
        sa.Column("pinned_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["pinned_by"], ["users.id"], name=op.f("fk_pins_pinned_by")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_pins_room_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_pins_session_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_pins_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pins")),
        sa.UniqueConstraint("session_id", name=op.f("uq_pins_session_id")),
    )


def downgrade() -> None:
    op.drop_table("pins")
    op.drop_table("planning_runs")
