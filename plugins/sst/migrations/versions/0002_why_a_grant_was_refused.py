"""A grant for a course's answers that was refused stays, with the reason, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sst_grants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refused_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("refusal", sa.LargeBinary(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_sst_grants_refused_why"),
            "refused_at IS NULL OR (approved_at IS NULL AND refusal IS NOT NULL)",
        )


def downgrade() -> None:
    op.execute("DELETE FROM sst_grants WHERE refused_at IS NOT NULL")
    with op.batch_alter_table("sst_grants", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_sst_grants_refused_why"), type_="check")
        batch_op.drop_column("refusal")
        batch_op.drop_column("refused_at")
