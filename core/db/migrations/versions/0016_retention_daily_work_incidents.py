"""Files that are kept longer, purposes of grants that are over, the work of a day, the register of incidents."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_KEPT = ("children", "volunteers")


def upgrade() -> None:
    for table in _KEPT:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("kept_until", sa.Date(), nullable=True))
            batch_op.add_column(sa.Column("kept_reason", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("stations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keeps_files_years", sa.Integer(), nullable=True))
    with op.batch_alter_table("access_grants", schema=None) as batch_op:
        batch_op.alter_column("purpose", existing_type=sa.LargeBinary(), nullable=True)
    op.create_table(
        "daily_work",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_work")),
        sa.UniqueConstraint("day", name=op.f("uq_daily_work_day")),
    )
    _create_incidents()


def _create_incidents() -> None:
    kind = sa.Enum(
        "disclosed",
        "lost",
        "changed",
        "device",
        "intrusion",
        "other",
        name="incidentkind",
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(length=80), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("families_told", sa.Boolean(), nullable=False),
        sa.Column("measures", sa.String(length=2000), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("children >= 0", name=op.f("ck_incidents_children")),
        sa.CheckConstraint("(told_at IS NULL) = (told = '')", name=op.f("ck_incidents_told_when")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["users.id"], name=op.f("fk_incidents_noted_by_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_incidents_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_station_id"), "incidents", ["station_id"], unique=False)


def downgrade() -> None:
    op.drop_table("incidents")
    op.drop_table("daily_work")
    # A purpose that is gone can't come back; without one the older tables keep no grant.
    op.execute("DELETE FROM access_grants WHERE purpose IS NULL")
    with op.batch_alter_table("access_grants", schema=None) as batch_op:
        batch_op.alter_column("purpose", existing_type=sa.LargeBinary(), nullable=False)
    with op.batch_alter_table("stations", schema=None) as batch_op:
        batch_op.drop_column("keeps_files_years")
    for table in _KEPT:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("kept_reason")
            batch_op.drop_column("kept_until")
