"""The virtues of the month."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "character_ed_virtues",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("explanation", sa.String(length=2000), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_character_ed_virtues_month")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_character_ed_virtues_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_character_ed_virtues")),
        sa.UniqueConstraint("station_id", "year", "month", name=op.f("uq_character_ed_virtues_station_id_year_month")),
    )
    with op.batch_alter_table("character_ed_virtues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_character_ed_virtues_station_id"), ["station_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("character_ed_virtues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_character_ed_virtues_station_id"))

    op.drop_table("character_ed_virtues")
