"""The questionnaire's questions, its sealed answers, and the grants to open them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _questions()
    _answers()
    _grants()


def downgrade() -> None:
    for table in ("sst_grants", "sst_answers", "sst_questions"):
        op.drop_table(table)


def _questions() -> None:
    op.create_table(
        "sst_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("wording", sa.String(length=200), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 5", name=op.f("ck_sst_questions_number")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_sst_questions_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sst_questions")),
        sa.UniqueConstraint("station_id", "number", name=op.f("uq_sst_questions_station_id_number")),
    )
    _index("sst_questions", "station_id")


def _answers() -> None:
    op.create_table(
        "sst_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum("before", "after", name="occasion", native_enum=False, length=40, create_constraint=True),
            nullable=False,
        ),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("scores", sa.LargeBinary(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_sst_answers_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_sst_answers_child_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_sst_answers_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sst_answers")),
        sa.UniqueConstraint(
            "activity_id", "child_id", "occasion", name=op.f("uq_sst_answers_activity_id_child_id_occasion")
        ),
    )
    _index("sst_answers", "child_id")
    _index("sst_answers", "station_id")


def _grants() -> None:
    op.create_table(
        "sst_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> user_id", name=op.f("ck_sst_grants_approved_by_another")
        ),
        sa.CheckConstraint(
            "(approved_by_id IS NULL) = (approved_at IS NULL)", name=op.f("ck_sst_grants_approved_when")
        ),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_sst_grants_reason")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_sst_grants_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["users.id"], name=op.f("fk_sst_grants_approved_by_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_sst_grants_station_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sst_grants_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sst_grants")),
    )
    _index("sst_grants", "station_id")
    _index("sst_grants", "user_id")


def _index(table: str, column: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)
