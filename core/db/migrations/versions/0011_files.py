"""Sealed files: about children, and about everybody and everything else."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _content() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", _word("mediatype", "application/pdf", "image/png", "image/jpeg"), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.Column("kept_by", sa.Uuid(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["kept_by"], ["users.id"], name=op.f(f"fk_{table}_kept_by")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f(f"fk_{table}_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.create_table(
        "stored_files",
        *_content(),
        sa.Column("subject_kind", sa.String(length=80), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        *_keys("stored_files"),
    )
    op.create_table(
        "child_files",
        *_content(),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _word("childfilekind", "evidence", "consent"), nullable=False),
        *_keys("child_files"),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_child_files_child_id"), ondelete="CASCADE"
        ),
    )
    for table, columns in (("stored_files", ("station_id", "subject_id")), ("child_files", ("station_id", "child_id"))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("child_files")
    op.drop_table("stored_files")
