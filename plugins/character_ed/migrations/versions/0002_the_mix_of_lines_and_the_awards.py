"""The mix of lines that is asked for, and the awards for which stamps are collected."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "character_ed_settings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("least_days", sa.Integer(), nullable=False),
        sa.Column("times_per_line", sa.Integer(), nullable=False),
        sa.Column("alternate", sa.Boolean(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("least_days >= 0", name=op.f("ck_character_ed_settings_least_days")),
        sa.CheckConstraint("times_per_line BETWEEN 0 AND 20", name=op.f("ck_character_ed_settings_times_per_line")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_character_ed_settings_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_character_ed_settings")),
        sa.UniqueConstraint("station_id", "least_days", name=op.f("uq_character_ed_settings_station_id_least_days")),
    )
    with op.batch_alter_table("character_ed_settings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_character_ed_settings_station_id"), ["station_id"], unique=False)
    op.create_table(
        "character_ed_awards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("stamps", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("stamps >= 1", name=op.f("ck_character_ed_awards_stamps")),
        sa.CheckConstraint("lines BETWEEN 1 AND 5", name=op.f("ck_character_ed_awards_lines")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_character_ed_awards_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_character_ed_awards")),
        sa.UniqueConstraint("station_id", "name", name=op.f("uq_character_ed_awards_station_id_name")),
    )
    with op.batch_alter_table("character_ed_awards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_character_ed_awards_station_id"), ["station_id"], unique=False)


def downgrade() -> None:
    for table in ("character_ed_awards", "character_ed_settings"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_station_id"))
        op.drop_table(table)
