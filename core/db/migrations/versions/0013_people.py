"""The way in of whoever works near children, their checks and papers, who came to a session, trainings."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_VOLUNTEERS = ("teacher", "student", "womens_federation", "social_worker", "company", "psychologist", "lawyer")
_PAID = ("staff", "contractor", "speaker", "accompanying_teacher")
_SKILLS = ("teaching", "childcare", "counselling", "art", "sport", "law", "science", "first_aid")
_STAGES = ("applicant", "accepted", "refused", "withdrawn", "left")
_STEPS = ("applied", "interviewed", "trained", "accepted", "refused", "withdrawn", "left")


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _widen_kinds(*_VOLUNTEERS, *_PAID)
    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage", _word("stage", *_STAGES), nullable=False, server_default="applicant"))
        batch_op.add_column(sa.Column("guardian_consent_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("data_consent_on", sa.Date(), nullable=True))
        for name in ("id_number", "emergency_contact", "motivation", "free_times"):
            batch_op.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("claimed_skills", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("insurance", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("insured_until", sa.Date(), nullable=True))
    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        for name in ("stage", "claimed_skills", "insurance"):
            batch_op.alter_column(name, server_default=None)
    # Whoever served until now was taken on by the rules of then; who was never checked has to be accepted.
    op.execute(
        "UPDATE volunteers SET stage = 'accepted' WHERE active "
        "AND EXISTS (SELECT 1 FROM clearances WHERE clearances.volunteer_id = volunteers.id AND clearances.passed)"
    )
    _complete_parts()
    _create_tables()


def _widen_kinds(*kinds: str) -> None:
    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_volunteers_volunteerkind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_volunteers_volunteerkind"), "kind IN ({})".format(", ".join(f"'{kind}'" for kind in kinds))
        )


def _complete_parts() -> None:
    with op.batch_alter_table("volunteer_skills", schema=None) as batch_op:
        batch_op.add_column(sa.Column("granted_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("training_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("proof_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("clearances", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reference", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("noted_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("noted_by", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_clearances_noted_by"), "users", ["noted_by"], ["id"])
    with op.batch_alter_table("clearances", schema=None) as batch_op:
        batch_op.alter_column("reference", server_default=None)
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("grants_skill", _word("skill", *_SKILLS), nullable=True))
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begun_at", sa.DateTime(), nullable=True))


def _create_tables() -> None:
    op.create_table(
        "volunteer_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("step", _word("step", *_STEPS), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["noted_by"], ["users.id"], name=op.f("fk_volunteer_steps_noted_by")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_volunteer_steps_station_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_volunteer_steps_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_steps")),
    )
    op.create_table(
        "volunteer_presences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["noted_by"], ["users.id"], name=op.f("fk_volunteer_presences_noted_by")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_volunteer_presences_session_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_volunteer_presences_station_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_volunteer_presences_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_presences")),
        sa.UniqueConstraint("session_id", "volunteer_id", name=op.f("uq_volunteer_presences_session_id_volunteer_id")),
    )
    for table, columns in (
        ("volunteer_steps", ("station_id", "volunteer_id")),
        ("volunteer_presences", ("station_id", "session_id", "volunteer_id")),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in ("volunteer_presences", "volunteer_steps"):
        op.drop_table(table)
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_column("begun_at")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_activities_skill"), type_="check")
        batch_op.drop_column("grants_skill")
    with op.batch_alter_table("clearances", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_clearances_noted_by"), type_="foreignkey")
        for name in ("noted_by", "noted_at", "reference"):
            batch_op.drop_column(name)
    with op.batch_alter_table("volunteer_skills", schema=None) as batch_op:
        for name in ("proof_id", "training_id", "granted_on"):
            batch_op.drop_column(name)
    # The people who are paid were not known before.
    op.execute("UPDATE volunteers SET kind = 'social_worker' WHERE kind IN ('staff', 'contractor')")
    op.execute("UPDATE volunteers SET kind = 'teacher' WHERE kind IN ('speaker', 'accompanying_teacher')")
    _widen_kinds(*_VOLUNTEERS)
    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_volunteers_stage"), type_="check")
        for name in (
            "insured_until",
            "insurance",
            "claimed_skills",
            "free_times",
            "motivation",
            "emergency_contact",
            "id_number",
            "data_consent_on",
            "guardian_consent_on",
            "stage",
        ):
            batch_op.drop_column(name)
