"""Lines and states of activities, switches of programs, consents, attendance."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    line = _word("activityline", "companionship", "comfort", "learning", "inclusion", "virtues")
    state = _word("activitystate", "draft", "submitted", "ready")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        # What was entered before nobody was asked of which line it is: learning, until somebody says otherwise.
        batch_op.add_column(sa.Column("line", line, nullable=False, server_default="learning"))
        batch_op.add_column(sa.Column("state", state, nullable=False, server_default="ready"))
        batch_op.add_column(sa.Column("state_note", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.alter_column("line", server_default=None)
        batch_op.alter_column("state", server_default=None)
        batch_op.alter_column("state_note", server_default=None)
    with op.batch_alter_table("stations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approves_activities", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("stations", schema=None) as batch_op:
        batch_op.alter_column("approves_activities", server_default=None)
    _create_tables()


def _create_tables() -> None:
    op.create_table(
        "program_switches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("program", sa.String(length=80), nullable=False),
        sa.Column("switched_off_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_program_switches_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_switches")),
        sa.UniqueConstraint("station_id", "program", name=op.f("uq_program_switches_station_id_program")),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", _word("consentpurpose", "data", "photo", "outing", "health"), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_until IS NULL OR given_on <= valid_until", name=op.f("ck_consents_given_before_its_end")
        ),
        sa.CheckConstraint(
            "withdrawn_on IS NULL OR given_on <= withdrawn_on", name=op.f("ck_consents_given_before_withdrawn")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_consents_child_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_consents_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("child_id", "purpose", "given_on", name=op.f("uq_consents_child_id_purpose_given_on")),
    )
    op.create_table(
        "attendances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("presence", _word("presence", "present", "excused", "absent"), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_attendances_child_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["users.id"], name=op.f("fk_attendances_noted_by")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_attendances_session_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_attendances_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("session_id", "child_id", name=op.f("uq_attendances_session_id_child_id")),
    )
    for table, columns in (
        ("program_switches", ("station_id",)),
        ("consents", ("station_id", "child_id")),
        ("attendances", ("station_id", "session_id", "child_id")),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in ("attendances", "consents", "program_switches"):
        op.drop_table(table)
    with op.batch_alter_table("stations", schema=None) as batch_op:
        batch_op.drop_column("approves_activities")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_activities_activitystate"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_activities_activityline"), type_="check")
        batch_op.drop_column("state_note")
        batch_op.drop_column("state")
        batch_op.drop_column("line")
