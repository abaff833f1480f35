"""Grants to read sensitive fields, sealed files and their workers, the register of reported harm."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sealed_file", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.alter_column("sealed_file", server_default=None)
    sealed = sa.text("sealed_file")
    op.create_index("ix_children_sealed", "children", ["id"], sqlite_where=sealed, postgresql_where=sealed)
    _create_grants()
    _create_grant_children()
    _create_workers()
    _create_register()
    for table, columns in (
        ("access_grants", ("station_id", "user_id")),
        ("access_grant_children", ("station_id", "grant_id", "child_id")),
        ("sealed_child_workers", ("station_id", "user_id", "child_id")),
        ("harm_reports", ("station_id",)),
        ("harm_contacts", ("station_id",)),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def _create_grants() -> None:
    state = sa.Enum(
        "asked",
        "approved",
        "refused",
        "ended",
        name="grantstate",
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    checks = {
        "starts_before_it_ends": "starts_at < ends_at",
        "decided_by_another": "decided_by_id IS NULL OR decided_by_id <> user_id",
        "decided_when": "(decided_by_id IS NULL) = (decided_at IS NULL)",
        "somebody_decided": "break_glass OR decided_by_id IS NOT NULL OR state NOT IN ('approved', 'refused')",
        "acknowledged_by_another": "acknowledged_by_id IS NULL OR acknowledged_by_id <> user_id",
    }
    op.create_table(
        "access_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.LargeBinary(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("all_children", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("break_glass", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("acknowledged_by_id", sa.Uuid(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_access_grants_{name}")) for name, rule in checks.items()),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_access_grants_{column}"))
            for column, target in (
                ("acknowledged_by_id", "users.id"),
                ("decided_by_id", "users.id"),
                ("station_id", "stations.id"),
                ("user_id", "users.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grants")),
    )


def _create_grant_children() -> None:
    op.create_table(
        "access_grant_children",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_access_grant_children_child_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["access_grants.id"], name=op.f("fk_access_grant_children_grant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_access_grant_children_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant_children")),
        sa.UniqueConstraint("grant_id", "child_id", name=op.f("uq_access_grant_children_grant_id_child_id")),
    )


def _create_workers() -> None:
    op.create_table(
        "sealed_child_workers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_sealed_child_workers_child_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_sealed_child_workers_station_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sealed_child_workers_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_child_workers")),
        sa.UniqueConstraint("child_id", "user_id", name=op.f("uq_sealed_child_workers_child_id_user_id")),
    )


def _create_register() -> None:
    authority = sa.Enum(
        "police",
        "hotline_12345",
        "youth_12355",
        "women_12338",
        "county_centre",
        "civil_affairs",
        "other",
        name="harmauthority",
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    op.create_table(
        "harm_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("reporter_id", sa.Uuid(), nullable=True),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("authority", authority, nullable=False),
        sa.Column("authority_name", sa.String(length=80), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["reporter_id"], ["users.id"], name=op.f("fk_harm_reports_reporter_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_harm_reports_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harm_reports")),
    )
    op.create_table(
        "harm_contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_harm_contacts_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harm_contacts")),
    )


def downgrade() -> None:
    op.drop_table("harm_contacts")
    op.drop_table("harm_reports")
    op.drop_table("sealed_child_workers")
    op.drop_table("access_grant_children")
    op.drop_table("access_grants")
    op.drop_index("ix_children_sealed", table_name="children")
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.drop_column("sealed_file")
