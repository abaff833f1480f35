"""Guardians' requests about what is kept of a child, and erasing what rests on consent alone."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _erasures_of(*kinds: str) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_erasures_erasedkind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_erasures_erasedkind"), sa.text(f"kind IN ({listed})"))


def upgrade() -> None:
    op.create_table(
        "rights_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", _word("requestkind", "copy", "correction", "deletion", "restriction"), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("how", _word("receivedhow", "desk", "letter", "link"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", _word("outcome", "done", "partly", "refused"), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("received_on <= due_on", name=op.f("ck_rights_requests_received_before_due")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (answered_at IS NULL)", name=op.f("ck_rights_requests_answered_with_an_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.id"], name=op.f("fk_rights_requests_guardian_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_rights_requests_entered_by")),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_rights_requests_answered_by")),
        sa.ForeignKeyConstraint(["lifted_by"], ["users.id"], name=op.f("fk_rights_requests_lifted_by")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_rights_requests_child_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_rights_requests_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_requests")),
    )
    for column in ("guardian_id", "child_id", "station_id"):
        op.create_index(op.f(f"ix_rights_requests_{column}"), "rights_requests", [column], unique=False)
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_erasures_subject_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_erasures_subject_id_kind_erased_at"), ["subject_id", "kind", "erased_at"]
        )
    _erasures_of("child", "consented", "volunteer")


def downgrade() -> None:
    op.execute("DELETE FROM erasures WHERE kind = 'consented'")
    _erasures_of("child", "volunteer")
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_erasures_subject_id_kind_erased_at"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_erasures_subject_id"), ["subject_id"])
    op.drop_table("rights_requests")
