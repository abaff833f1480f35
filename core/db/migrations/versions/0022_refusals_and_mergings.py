"""Why a grant was refused, and what it takes to take the merging of two files back; both sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("access_grants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refusal", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("child_turns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("undo", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("child_turns", schema=None) as batch_op:
        batch_op.drop_column("undo")
    with op.batch_alter_table("access_grants", schema=None) as batch_op:
        batch_op.drop_column("refusal")
