"""Who is to be visited, by which series, and what was done."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "home_visits_needs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("days_apart", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("days_apart BETWEEN 1 AND 28", name=op.f("ck_home_visits_needs_days_apart")),
        sa.CheckConstraint("until IS NULL OR since <= until", name=op.f("ck_home_visits_needs_since_before_until")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_home_visits_needs_child_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_home_visits_needs_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_visits_needs")),
        sa.UniqueConstraint("child_id", "since", name=op.f("uq_home_visits_needs_child_id_since")),
    )
    _index("home_visits_needs", "child_id", "station_id")
    op.create_table(
        "home_visits_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_home_visits_series_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["home_visits_needs.id"], name=op.f("fk_home_visits_series_need_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_home_visits_series_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_visits_series")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_home_visits_series_activity_id")),
    )
    _index("home_visits_series", "need_id", "station_id")
    op.create_table(
        "home_visits_visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_home_visits_visits_position")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["home_visits_series.id"], name=op.f("fk_home_visits_visits_series_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_home_visits_visits_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_visits_visits")),
        sa.UniqueConstraint("series_id", "position", name=op.f("uq_home_visits_visits_series_id_position")),
    )
    _index("home_visits_visits", "series_id", "station_id")


def downgrade() -> None:
    for table in ("home_visits_visits", "home_visits_series", "home_visits_needs"):
        op.drop_table(table)


def _index(table: str, *columns: str) -> None:
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.create_index(batch.f(f"ix_{table}_{column}"), [column])
