"""Partner schools with their days, teachers, classes, confirmations and secret addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school_link_schools",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("lessons_end", sa.Time(), nullable=False),
        sa.Column("way", sa.Integer(), nullable=False),
        sa.Column("liaison", sa.String(length=80), nullable=False),
        sa.Column("liaison_id", sa.Uuid(), nullable=True),
        sa.Column("confirms", sa.Boolean(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("opens < closes", name=op.f("ck_school_link_schools_opens_before_it_closes")),
        sa.CheckConstraint("way BETWEEN 0 AND 240", name=op.f("ck_school_link_schools_way")),
        sa.ForeignKeyConstraint(
            ["liaison_id"], ["volunteers.id"], name=op.f("fk_school_link_schools_liaison_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_school_link_schools_station_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_school_link_schools_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_link_schools")),
        sa.UniqueConstraint("venue_id", name=op.f("uq_school_link_schools_venue_id")),
    )
    with op.batch_alter_table("school_link_schools", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_link_schools_station_id"), ["station_id"], unique=False)

    op.create_table(
        "school_link_classes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("pupils", sa.Integer(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(group_id IS NULL) = (pupils IS NOT NULL) AND COALESCE(pupils, 1) > 0",
            name=op.f("ck_school_link_classes_pupils"),
        ),
        sa.CheckConstraint("grade BETWEEN 1 AND 12", name=op.f("ck_school_link_classes_grade")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_school_link_classes_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school_link_schools.id"], name=op.f("fk_school_link_classes_school_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_school_link_classes_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_link_classes")),
        sa.UniqueConstraint("school_id", "name", name=op.f("uq_school_link_classes_school_id_name")),
    )
    with op.batch_alter_table("school_link_classes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_link_classes_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_link_classes_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_link_classes_station_id"), ["station_id"], unique=False)

    op.create_table(
        "school_link_confirmations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("session_index", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "confirmed",
                "declined",
                "proposed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("proposed_start", sa.DateTime(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name=op.f("ck_school_link_confirmations_answered")
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (proposed_start IS NOT NULL)", name=op.f("ck_school_link_confirmations_proposed")
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR reason <> ''", name=op.f("ck_school_link_confirmations_declined_with_a_reason")
        ),
        sa.CheckConstraint("session_index >= 0", name=op.f("ck_school_link_confirmations_session_index")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_school_link_confirmations_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_school_link_confirmations_room_id")),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school_link_schools.id"],
            name=op.f("fk_school_link_confirmations_school_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_school_link_confirmations_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_link_confirmations")),
        sa.UniqueConstraint(
            "activity_id", "session_index", name=op.f("uq_school_link_confirmations_activity_id_session_index")
        ),
    )
    with op.batch_alter_table("school_link_confirmations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_link_confirmations_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_link_confirmations_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_link_confirmations_station_id"), ["station_id"], unique=False)

    op.create_table(
        "school_link_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school_link_schools.id"], name=op.f("fk_school_link_links_school_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_school_link_links_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_link_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_school_link_links_token_hash")),
    )
    with op.batch_alter_table("school_link_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_link_links_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_link_links_station_id"), ["station_id"], unique=False)

    op.create_table(
        "school_link_school_days",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "exam",
                "closed",
                "open",
                "lessons",
                name="daykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=80), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_school_link_school_days_first_before_last")),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school_link_schools.id"],
            name=op.f("fk_school_link_school_days_school_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_school_link_school_days_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_link_school_days")),
        sa.UniqueConstraint("school_id", "first", "kind", name=op.f("uq_school_link_school_days_school_id_first_kind")),
    )
    with op.batch_alter_table("school_link_school_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_link_school_days_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_link_school_days_station_id"), ["station_id"], unique=False)

    op.create_table(
        "school_link_teachers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school_link_schools.id"],
            name=op.f("fk_school_link_teachers_school_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_school_link_teachers_station_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_school_link_teachers_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_link_teachers")),
        sa.UniqueConstraint("school_id", "volunteer_id", name=op.f("uq_school_link_teachers_school_id_volunteer_id")),
    )
    with op.batch_alter_table("school_link_teachers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_link_teachers_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_link_teachers_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_link_teachers_volunteer_id"), ["volunteer_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("school_link_teachers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_link_teachers_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_school_link_teachers_station_id"))
        batch_op.drop_index(batch_op.f("ix_school_link_teachers_school_id"))

    op.drop_table("school_link_teachers")
    with op.batch_alter_table("school_link_school_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_link_school_days_station_id"))
        batch_op.drop_index(batch_op.f("ix_school_link_school_days_school_id"))

    op.drop_table("school_link_school_days")
    with op.batch_alter_table("school_link_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_link_links_station_id"))
        batch_op.drop_index(batch_op.f("ix_school_link_links_school_id"))

    op.drop_table("school_link_links")
    with op.batch_alter_table("school_link_confirmations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_link_confirmations_station_id"))
        batch_op.drop_index(batch_op.f("ix_school_link_confirmations_school_id"))
        batch_op.drop_index(batch_op.f("ix_school_link_confirmations_activity_id"))

    op.drop_table("school_link_confirmations")
    with op.batch_alter_table("school_link_classes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_link_classes_station_id"))
        batch_op.drop_index(batch_op.f("ix_school_link_classes_school_id"))
        batch_op.drop_index(batch_op.f("ix_school_link_classes_group_id"))

    op.drop_table("school_link_classes")
    with op.batch_alter_table("school_link_schools", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_link_schools_station_id"))

    op.drop_table("school_link_schools")
