"""Which guardian withdrew a consent, beside who noted it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_guardian_id", sa.Uuid(), nullable=True))
    # At an address the guardian is who noted it; of papers nobody was asked whose will it was.
    op.execute("UPDATE consents SET withdrawn_guardian_id = withdrawn_by WHERE withdrawn_how = 'link'")


def downgrade() -> None:
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_guardian_id")
