"""Service of volunteers: when they came and left, the ledger of their hours, objections, certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def _word(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("volunteer_presences") as table:
        table.add_column(sa.Column("arrived_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("left_at", sa.DateTime(), nullable=True))
        table.create_check_constraint(op.f("ck_volunteer_presences_arrived_before_left"), "arrived_at <= left_at")
    op.create_table(
        "service_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _word("served", "correction", name="entrykind"), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("appraisal", _word("excellent", "good", "passed", name="appraisal"), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'correction') = (corrects_id IS NOT NULL)", name=op.f("ck_service_entries_correction_of_a_line")
        ),
        sa.CheckConstraint("kind = 'correction' OR minutes >= 0", name=op.f("ck_service_entries_served_minutes")),
        sa.CheckConstraint("kind = 'served' OR reason <> ''", name=op.f("ck_service_entries_correction_has_a_reason")),
        sa.ForeignKeyConstraint(["corrects_id"], ["service_entries.id"], name=op.f("fk_service_entries_corrects_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["users.id"], name=op.f("fk_service_entries_noted_by")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_service_entries_session_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_service_entries_station_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_service_entries_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_entries")),
    )
    for column in ("session_id", "station_id", "volunteer_id"):
        op.create_index(op.f(f"ix_service_entries_{column}"), "service_entries", [column], unique=False)
    op.create_index(
        "uq_service_entries_served",
        "service_entries",
        ["session_id", "volunteer_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'served'"),
        postgresql_where=sa.text("kind = 'served'"),
    )
    op.create_table(
        "service_objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_service_objections_answered_by")),
        sa.ForeignKeyConstraint(["entry_id"], ["service_entries.id"], name=op.f("fk_service_objections_entry_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_service_objections_station_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_service_objections_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_objections")),
    )
    for column in ("entry_id", "station_id", "volunteer_id"):
        op.create_index(op.f(f"ix_service_objections_{column}"), "service_objections", [column], unique=False)
    op.create_table(
        "service_certificates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("paper", sa.LargeBinary(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_reason", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["issued_by"], ["users.id"], name=op.f("fk_service_certificates_issued_by")),
        sa.ForeignKeyConstraint(["revoked_by"], ["users.id"], name=op.f("fk_service_certificates_revoked_by")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_service_certificates_station_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_service_certificates_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_certificates")),
        sa.UniqueConstraint("station_id", "number", name=op.f("uq_service_certificates_station_id_number")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_service_certificates_token_hash")),
    )
    for column in ("station_id", "volunteer_id"):
        op.create_index(op.f(f"ix_service_certificates_{column}"), "service_certificates", [column], unique=False)


def downgrade() -> None:
    op.drop_table("service_certificates")
    op.drop_table("service_objections")
    op.drop_table("service_entries")
    with op.batch_alter_table("volunteer_presences") as table:
        table.drop_constraint(op.f("ck_volunteer_presences_arrived_before_left"), type_="check")
        table.drop_column("left_at")
        table.drop_column("arrived_at")
