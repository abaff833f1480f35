"""What volunteers say of when, where and with whom they serve, and busy times of theirs and of shared rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_WAYS = ("address", "file", "hand")


def upgrade() -> None:
    op.create_table(
        "volunteer_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("max_per_week", sa.Integer(), nullable=True),
        sa.Column("venues", sa.JSON(), nullable=False),
        sa.Column("programs", sa.JSON(), nullable=False),
        sa.Column("company", sa.LargeBinary(), nullable=True),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("max_per_week > 0", name=op.f("ck_volunteer_answers_max_per_week")),
        sa.ForeignKeyConstraint(["said_by"], ["users.id"], name=op.f("fk_volunteer_answers_said_by")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_volunteer_answers_station_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_volunteer_answers_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_answers")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_volunteer_answers_volunteer_id")),
    )
    op.create_index(op.f("ix_volunteer_answers_station_id"), "volunteer_answers", ["station_id"], unique=False)
    op.create_table(
        "busy_calendars",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column(
            "way",
            sa.Enum(*_WAYS, name="busyway", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("url", sa.LargeBinary(), nullable=True),
        sa.Column("etag", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.Column("next_fetch_at", sa.DateTime(), nullable=True),
        sa.Column("failure", sa.String(length=20), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.CheckConstraint("volunteer_id IS NULL OR room_id IS NULL", name=op.f("ck_busy_calendars_one_owner")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_busy_calendars_room_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_busy_calendars_station_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_busy_calendars_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_calendars")),
    )
    for column in ("next_fetch_at", "room_id", "station_id", "volunteer_id"):
        op.create_index(op.f(f"ix_busy_calendars_{column}"), "busy_calendars", [column], unique=False)
    op.create_table(
        "busy_times",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_busy_times_starts_before_ends")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["busy_calendars.id"], name=op.f("fk_busy_times_calendar_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_busy_times_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_times")),
    )
    for column in ("calendar_id", "station_id"):
        op.create_index(op.f(f"ix_busy_times_{column}"), "busy_times", [column], unique=False)


def downgrade() -> None:
    op.drop_table("busy_times")
    op.drop_table("busy_calendars")
    op.drop_table("volunteer_answers")
