"""Ratios for child care, booked appointments, and families who were at talks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _ratios()
    _bookings()
    _attendance()


def downgrade() -> None:
    op.drop_table("parent_school_attendance")
    op.drop_table("parent_school_bookings")
    op.drop_table("parent_school_ratios")


def _ratios() -> None:
    name = "parent_school_ratios"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("up_to_age", sa.Integer(), nullable=False),
        sa.Column("children_per_adult", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("up_to_age BETWEEN 0 AND 17", name=op.f(f"ck_{name}_up_to_age")),
        sa.CheckConstraint("children_per_adult BETWEEN 1 AND 30", name=op.f(f"ck_{name}_children_per_adult")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f(f"fk_{name}_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("station_id", "up_to_age", name=op.f(f"uq_{name}_station_id_up_to_age")),
    )
    _index(name, "station_id")


def _bookings() -> None:
    name = "parent_school_bookings"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_for", sa.DateTime(), nullable=False),
        sa.Column("booked_at", sa.DateTime(), nullable=False),
        sa.Column("booked_by", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "cancelled_at IS NULL OR booked_at <= cancelled_at", name=op.f(f"ck_{name}_booked_before_cancelled")
        ),
        *_family_keys(name, "booked_by"),
    )
    _index(name, "session_id", "child_id", "station_id")
    op.create_index(
        op.f(f"uq_{name}_one_family_per_slot"),
        name,
        ["session_id"],
        unique=True,
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )


def _attendance() -> None:
    name = "parent_school_attendance"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("adults BETWEEN 1 AND 4", name=op.f(f"ck_{name}_adults")),
        sa.UniqueConstraint("session_id", "child_id", name=op.f(f"uq_{name}_session_id_child_id")),
        *_family_keys(name, "noted_by"),
    )
    _index(name, "session_id", "child_id", "station_id")


def _family_keys(name: str, by: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f(f"fk_{name}_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f(f"fk_{name}_child_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint([by], ["users.id"], name=op.f(f"fk_{name}_{by}")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f(f"fk_{name}_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    ]


def _index(name: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])
