"""The agreements with partner schools."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school_link_agreements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school", sa.String(length=80), nullable=False),
        sa.Column("rooms", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_school_link_agreements_from_before_until")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_school_link_agreements_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_link_agreements")),
        sa.UniqueConstraint(
            "station_id", "school", "valid_from", name=op.f("uq_school_link_agreements_station_id_school_valid_from")
        ),
    )
    with op.batch_alter_table("school_link_agreements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_link_agreements_station_id"), ["station_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("school_link_agreements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_link_agreements_station_id"))

    op.drop_table("school_link_agreements")
