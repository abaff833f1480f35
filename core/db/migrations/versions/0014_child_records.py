"""Files of children: documents, schools, contacts, pick-up, evidence, visits and the turns that a file takes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SEALED = (
    "document",
    "sex",
    "ethnicity",
    "school",
    "grade",
    "registered_address",
    "diet",
    "emergency_name",
    "emergency_relation",
    "emergency_phone",
    "digest",
)


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _reason() -> sa.Enum:
    return _word("leftreason", "moved_away", "turned_18", "other")


def upgrade() -> None:
    with op.batch_alter_table("children", schema=None) as batch_op:
        for name in _SEALED:
            batch_op.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("name_birth_index", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("grade_year", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("left_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("left_reason", _reason(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(), nullable=True))
        batch_op.alter_column("id_number", existing_type=sa.LargeBinary(), nullable=True)
        batch_op.alter_column("id_number_index", existing_type=sa.LargeBinary(length=32), nullable=True)
        batch_op.create_index(batch_op.f("ix_children_name_birth_index"), ["name_birth_index"], unique=False)
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.alter_column("version", server_default=None)
    with op.batch_alter_table("guardians", schema=None) as batch_op:
        batch_op.add_column(sa.Column("more_phones", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("address", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("child_categories", schema=None) as batch_op:
        for name in ("evidence", "evidence_note"):
            batch_op.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))
        for name in ("from_day", "until_day", "evidence_day"):
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("evidence_file_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_child_categories_evidence_file_id"),
            "child_files",
            ["evidence_file_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_child_categories_from_before_until"),
            "from_day IS NULL OR until_day IS NULL OR from_day <= until_day",
        )
    _create_tables()


def _create_tables() -> None:
    op.create_table(
        "pick_up_persons",
        *_keys(),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in ("relation", "phone", "note")),
        *_of_a_child("pick_up_persons"),
    )
    op.create_table(
        "visits",
        *_keys(),
        sa.Column("kind", _word("visitkind", "visit", "call", "data_check"), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("visitor", sa.LargeBinary(), nullable=False),
        sa.Column("checked", sa.LargeBinary(), nullable=False),
        sa.Column("next_due", sa.LargeBinary(), nullable=True),
        *_noted("visits"),
        *_of_a_child("visits"),
    )
    op.create_table(
        "child_turns",
        *_keys(),
        sa.Column("turn", _word("turn", "moved", "left", "returned", "merged"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", _reason(), nullable=True),
        sa.Column("from_station", sa.String(length=80), nullable=False),
        sa.Column("to_station", sa.String(length=80), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("merged_id", sa.Uuid(), nullable=True),
        sa.Column("merged_number", sa.String(length=20), nullable=False),
        sa.Column("former", sa.LargeBinary(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        *_noted("child_turns"),
        *_of_a_child("child_turns"),
    )
    op.create_table(
        "review_intervals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 24", name=op.f("ck_review_intervals_months")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_review_intervals_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_intervals")),
        sa.UniqueConstraint("station_id", "category", name=op.f("uq_review_intervals_station_id_category")),
    )
    for table, columns in (
        ("pick_up_persons", ("station_id", "child_id")),
        ("visits", ("station_id", "child_id")),
        ("child_turns", ("station_id", "child_id", "merged_id")),
        ("review_intervals", ("station_id",)),
    ):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _keys() -> tuple[SchemaItem, ...]:
    return tuple(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "station_id", "child_id"))


def _of_a_child(table: str) -> tuple[SchemaItem, ...]:
    return (
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f(f"fk_{table}_child_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f(f"fk_{table}_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _noted(table: str) -> tuple[SchemaItem, ...]:
    return (
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["noted_by"], ["users.id"], name=op.f(f"fk_{table}_noted_by")),
    )


def downgrade() -> None:
    unnumbered = sa.text("SELECT count(*) FROM children WHERE id_number IS NULL OR id_number_index IS NULL")
    if op.get_bind().scalar(unnumbered):
        raise RuntimeError("Files without an ID number have no place in the older tables: nothing was changed.")
    for table in ("review_intervals", "child_turns", "visits", "pick_up_persons"):
        op.drop_table(table)
    with op.batch_alter_table("child_categories", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_child_categories_from_before_until"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_child_categories_evidence_file_id"), type_="foreignkey")
        for name in ("evidence_file_id", "evidence", "evidence_note", "from_day", "until_day", "evidence_day"):
            batch_op.drop_column(name)
    with op.batch_alter_table("guardians", schema=None) as batch_op:
        batch_op.drop_column("more_phones")
        batch_op.drop_column("address")
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_children_leftreason"), type_="check")
        batch_op.drop_index(batch_op.f("ix_children_name_birth_index"))
        for name in (*_SEALED, "name_birth_index", "grade_year", "left_on", "left_reason", "version", "changed_at"):
            batch_op.drop_column(name)
        batch_op.alter_column("id_number", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.alter_column("id_number_index", existing_type=sa.LargeBinary(length=32), nullable=False)
