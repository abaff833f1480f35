"""Tables of the first frame."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arranged_years",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arranged_years")),
        sa.UniqueConstraint("year", name=op.f("uq_arranged_years_year")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("timezone", sa.String(length=80), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "stations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "county",
                "station",
                "community",
                name="stationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["stations.id"], name=op.f("fk_stations_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stations")),
        sa.UniqueConstraint("parent_id", "name", name=op.f("uq_stations_parent_id_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_stations_slug")),
    )
    with op.batch_alter_table("stations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stations_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "arranged_days",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("arranged_year_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["arranged_year_id"],
            ["arranged_years.id"],
            name=op.f("fk_arranged_days_arranged_year_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arranged_days")),
        sa.UniqueConstraint("arranged_year_id", "day", name=op.f("uq_arranged_days_arranged_year_id_day")),
    )
    with op.batch_alter_table("arranged_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_arranged_days_arranged_year_id"), ["arranged_year_id"], unique=False)

    op.create_table(
        "audit_heads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("link", sa.LargeBinary(length=32), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_audit_heads_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_heads")),
        sa.UniqueConstraint("station_id", name=op.f("uq_audit_heads_station_id")),
    )
    with op.batch_alter_table("audit_heads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_heads_station_id"), ["station_id"], unique=False)

    op.create_table(
        "children",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("health", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_children_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children")),
        sa.UniqueConstraint("id_number_index", name=op.f("uq_children_id_number_index")),
        sa.UniqueConstraint("station_id", "number", name=op.f("uq_children_station_id_number")),
    )
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_children_station_id"), ["station_id"], unique=False)

    op.create_table(
        "groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("from_age", sa.Integer(), nullable=False),
        sa.Column("to_age", sa.Integer(), nullable=False),
        sa.Column("compact", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("from_age <= to_age", name=op.f("ck_groups_from_age_before_to_age")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_groups_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("station_id", "name", name=op.f("uq_groups_station_id_name")),
    )
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_groups_station_id"), ["station_id"], unique=False)

    op.create_table(
        "station_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("opens < closes", name=op.f("ck_station_hours_opens_before_it_closes")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_station_hours_weekday")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_station_hours_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_hours")),
    )
    with op.batch_alter_table("station_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_station_hours_station_id"), ["station_id"], unique=False)

    op.create_table(
        "terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "weekends",
                "winter",
                "summer",
                "season",
                name="termkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_terms_first_before_last")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_terms_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("station_id", "name", name=op.f("uq_terms_station_id_name")),
    )
    with op.batch_alter_table("terms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_terms_station_id"), ["station_id"], unique=False)

    op.create_table(
        "venues",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "centre",
                "community",
                "childrens_home",
                "school",
                "outdoor",
                name="venuekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_venues_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venues")),
        sa.UniqueConstraint("station_id", "name", name=op.f("uq_venues_station_id_name")),
    )
    with op.batch_alter_table("venues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_venues_station_id"), ["station_id"], unique=False)

    op.create_table(
        "volunteers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "teacher",
                "student",
                "womens_federation",
                "social_worker",
                "company",
                "psychologist",
                "lawyer",
                name="volunteerkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("household", sa.String(length=20), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("max_sessions", sa.Integer(), nullable=False),
        sa.Column("max_per_day", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("max_per_day >= 0", name=op.f("ck_volunteers_max_per_day")),
        sa.CheckConstraint("max_sessions >= 0", name=op.f("ck_volunteers_max_sessions")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_volunteers_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteers")),
        sa.UniqueConstraint("station_id", "number", name=op.f("uq_volunteers_station_id_number")),
    )
    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_volunteers_phone_index"), ["phone_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_volunteers_station_id"), ["station_id"], unique=False)

    op.create_table(
        "activities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("type_key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=2000), nullable=False),
        sa.Column("session_count", sa.Integer(), nullable=False),
        sa.Column("duration", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("zones", sa.JSON(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("min_adults", sa.Integer(), nullable=False),
        sa.Column("ordered", sa.Boolean(), nullable=False),
        sa.Column("max_per_day", sa.Integer(), nullable=False),
        sa.Column("min_days", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("duration > 0", name=op.f("ck_activities_duration")),
        sa.CheckConstraint("min_adults >= 0", name=op.f("ck_activities_min_adults")),
        sa.CheckConstraint("priority >= 1", name=op.f("ck_activities_priority")),
        sa.CheckConstraint("session_count > 0", name=op.f("ck_activities_session_count")),
        sa.ForeignKeyConstraint(["place_id"], ["venues.id"], name=op.f("fk_activities_place_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_activities_station_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_activities_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sa.UniqueConstraint("term_id", "title", name=op.f("uq_activities_term_id_title")),
    )
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activities_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activities_term_id"), ["term_id"], unique=False)

    op.create_table(
        "availabilities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("from_time", sa.Time(), nullable=False),
        sa.Column("to_time", sa.Time(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("from_time < to_time", name=op.f("ck_availabilities_from_before_to")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_availabilities_weekday")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_availabilities_station_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_availabilities_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availabilities")),
    )
    with op.batch_alter_table("availabilities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_availabilities_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_availabilities_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "blackouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_blackouts_first_before_last")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_blackouts_station_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_blackouts_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackouts")),
    )
    with op.batch_alter_table("blackouts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blackouts_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_blackouts_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "child_categories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.LargeBinary(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_child_categories_child_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_child_categories_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_categories")),
    )
    with op.batch_alter_table("child_categories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_child_categories_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_child_categories_station_id"), ["station_id"], unique=False)

    op.create_table(
        "clearances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("authority", sa.String(length=80), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("checked_on <= valid_until", name=op.f("ck_clearances_checked_before_it_ends")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_clearances_station_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_clearances_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearances")),
    )
    with op.batch_alter_table("clearances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clearances_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clearances_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "group_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_group_members_child_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_group_members_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_group_members_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
        sa.UniqueConstraint("group_id", "child_id", name=op.f("uq_group_members_group_id_child_id")),
    )
    with op.batch_alter_table("group_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_members_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_group_members_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_group_members_station_id"), ["station_id"], unique=False)

    op.create_table(
        "guardians",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "mother",
                "father",
                "grandparent",
                "relative",
                "other",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_guardians_child_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_guardians_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardians")),
    )
    with op.batch_alter_table("guardians", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guardians_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_guardians_phone_index"), ["phone_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_guardians_station_id"), ["station_id"], unique=False)

    op.create_table(
        "rooms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "zone",
            sa.Enum(
                "activity",
                "private",
                "office",
                "outdoor",
                name="zone",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("turnover", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_rooms_capacity")),
        sa.CheckConstraint("turnover >= 0", name=op.f("ck_rooms_turnover")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_rooms_station_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_rooms_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("venue_id", "name", name=op.f("uq_rooms_venue_id_name")),
    )
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rooms_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rooms_venue_id"), ["venue_id"], unique=False)

    op.create_table(
        "school_breaks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_school_breaks_first_before_last")),
        sa.ForeignKeyConstraint(["school_id"], ["venues.id"], name=op.f("fk_school_breaks_school_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_school_breaks_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_breaks")),
    )
    with op.batch_alter_table("school_breaks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_breaks_station_id"), ["station_id"], unique=False)

    op.create_table(
        "travel_times",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_venue_id", sa.Uuid(), nullable=False),
        sa.Column("to_venue_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_travel_times_minutes")),
        sa.ForeignKeyConstraint(["from_venue_id"], ["venues.id"], name=op.f("fk_travel_times_from_venue_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_travel_times_station_id")),
        sa.ForeignKeyConstraint(["to_venue_id"], ["venues.id"], name=op.f("fk_travel_times_to_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_times")),
        sa.UniqueConstraint("from_venue_id", "to_venue_id", name=op.f("uq_travel_times_from_venue_id_to_venue_id")),
    )
    with op.batch_alter_table("travel_times", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_travel_times_station_id"), ["station_id"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("display_name", sa.String(length=80), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "organizer",
                "station_staff",
                "volunteer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_users_station_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_users_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_users_fs_uniquifier")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_station_id"), ["station_id"], unique=False)

    op.create_table(
        "volunteer_skills",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "skill",
            sa.Enum(
                "teaching",
                "childcare",
                "counselling",
                "art",
                "sport",
                "law",
                "science",
                "first_aid",
                name="skill",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_volunteer_skills_station_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_volunteer_skills_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_skills")),
        sa.UniqueConstraint("volunteer_id", "skill", name=op.f("uq_volunteer_skills_volunteer_id_skill")),
    )
    with op.batch_alter_table("volunteer_skills", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_volunteer_skills_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_volunteer_skills_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "activity_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_groups_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_activity_groups_group_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_activity_groups_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_groups")),
        sa.UniqueConstraint("activity_id", "group_id", name=op.f("uq_activity_groups_activity_id_group_id")),
    )
    with op.batch_alter_table("activity_groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_groups_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_groups_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_groups_station_id"), ["station_id"], unique=False)

    op.create_table(
        "activity_roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column(
            "skill",
            sa.Enum(
                "teaching",
                "childcare",
                "counselling",
                "art",
                "sport",
                "law",
                "science",
                "first_aid",
                name="skill",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("continuity", sa.Boolean(), nullable=False),
        sa.Column("max_people", sa.Integer(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "required >= 0 AND wanted >= required", name=op.f("ck_activity_roles_wanted_at_least_required")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_roles_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_activity_roles_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_roles")),
        sa.UniqueConstraint("activity_id", "role", name=op.f("uq_activity_roles_activity_id_role")),
    )
    with op.batch_alter_table("activity_roles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_roles_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_roles_station_id"), ["station_id"], unique=False)

    op.create_table(
        "activity_rooms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_rooms_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_activity_rooms_room_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_activity_rooms_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_rooms")),
        sa.UniqueConstraint("activity_id", "room_id", name=op.f("uq_activity_rooms_activity_id_room_id")),
    )
    with op.batch_alter_table("activity_rooms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_rooms_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_rooms_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_rooms_station_id"), ["station_id"], unique=False)

    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=80), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("link", sa.LargeBinary(length=32), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_audit_entries_actor_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_audit_entries_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("station_id", "number", name=op.f("uq_audit_entries_station_id_number")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_station_id"), ["station_id"], unique=False)

    op.create_table(
        "closures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=True),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_closures_first_before_last")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_closures_room_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_closures_station_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_closures_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
    )
    with op.batch_alter_table("closures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closures_station_id"), ["station_id"], unique=False)

    op.create_table(
        "feed_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "volunteer",
                "room",
                "program",
                "station",
                name="feedkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("last_fetched_at", sa.DateTime(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_feed_tokens_created_by")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_feed_tokens_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_tokens_token_hash")),
    )
    with op.batch_alter_table("feed_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_tokens_station_id"), ["station_id"], unique=False)

    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "superseded",
                name="planstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("shortfalls", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_plans_created_by")),
        sa.ForeignKeyConstraint(["published_by"], ["users.id"], name=op.f("fk_plans_published_by")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_plans_station_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_plans_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("term_id", "version", name=op.f("uq_plans_term_id_version")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plans_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plans_term_id"), ["term_id"], unique=False)
        batch_op.create_index(
            "uq_plans_one_published_per_term",
            ["term_id"],
            unique=True,
            sqlite_where=sa.text("status = 'published'"),
            postgresql_where=sa.text("status = 'published'"),
        )

    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "unpublished",
                "held",
                "cancelled",
                name="sessionstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(), nullable=True),
        sa.Column("ends_at", sa.DateTime(), nullable=True),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("room_free_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status <> 'held' OR (starts_at < ends_at AND room_free_at >= ends_at) IS TRUE",
            name=op.f("ck_sessions_held_has_a_time"),
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_sessions_activity_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_sessions_room_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_sessions_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("activity_id", "position", name=op.f("uq_sessions_activity_id_position")),
        sa.UniqueConstraint("id", "starts_at", "ends_at", name=op.f("uq_sessions_id_starts_at_ends_at")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_station_id"), ["station_id"], unique=False)

    op.create_table(
        "volunteer_likes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("liking", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("liking BETWEEN -3 AND 3", name=op.f("ck_volunteer_likes_liking")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_volunteer_likes_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_volunteer_likes_station_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_volunteer_likes_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_likes")),
        sa.UniqueConstraint("volunteer_id", "activity_id", name=op.f("uq_volunteer_likes_volunteer_id_activity_id")),
    )
    with op.batch_alter_table("volunteer_likes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_volunteer_likes_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_volunteer_likes_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_volunteer_likes_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "web_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_web_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_sessions_token_hash")),
    )
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_sessions_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_web_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id", "starts_at", "ends_at"],
            ["sessions.id", "sessions.starts_at", "sessions.ends_at"],
            name=op.f("fk_assignments_session_id_starts_at_ends_at"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_assignments_station_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_assignments_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("session_id", "volunteer_id", name=op.f("uq_assignments_session_id_volunteer_id")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "feed_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "volunteer",
                "room",
                "program",
                "station",
                name="feedkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_feed_items_session_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_feed_items_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_items")),
        sa.UniqueConstraint("kind", "subject", "session_id", name=op.f("uq_feed_items_kind_subject_session_id")),
    )
    with op.batch_alter_table("feed_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_items_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_items_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_items_subject"), ["subject"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("feed_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_items_subject"))
        batch_op.drop_index(batch_op.f("ix_feed_items_station_id"))
        batch_op.drop_index(batch_op.f("ix_feed_items_session_id"))

    op.drop_table("feed_items")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignments_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_station_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_session_id"))

    op.drop_table("assignments")
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_sessions_user_id"))
        batch_op.drop_index(batch_op.f("ix_web_sessions_expires_at"))

    op.drop_table("web_sessions")
    with op.batch_alter_table("volunteer_likes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_volunteer_likes_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_volunteer_likes_station_id"))
        batch_op.drop_index(batch_op.f("ix_volunteer_likes_activity_id"))

    op.drop_table("volunteer_likes")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sessions_station_id"))
        batch_op.drop_index(batch_op.f("ix_sessions_starts_at"))
        batch_op.drop_index(batch_op.f("ix_sessions_room_id"))
        batch_op.drop_index(batch_op.f("ix_sessions_activity_id"))

    op.drop_table("sessions")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_plans_one_published_per_term",
            sqlite_where=sa.text("status = 'published'"),
            postgresql_where=sa.text("status = 'published'"),
        )
        batch_op.drop_index(batch_op.f("ix_plans_term_id"))
        batch_op.drop_index(batch_op.f("ix_plans_station_id"))

    op.drop_table("plans")
    with op.batch_alter_table("feed_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_tokens_station_id"))

    op.drop_table("feed_tokens")
    with op.batch_alter_table("closures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closures_station_id"))

    op.drop_table("closures")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_station_id"))

    op.drop_table("audit_entries")
    with op.batch_alter_table("activity_rooms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_rooms_station_id"))
        batch_op.drop_index(batch_op.f("ix_activity_rooms_room_id"))
        batch_op.drop_index(batch_op.f("ix_activity_rooms_activity_id"))

    op.drop_table("activity_rooms")
    with op.batch_alter_table("activity_roles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_roles_station_id"))
        batch_op.drop_index(batch_op.f("ix_activity_roles_activity_id"))

    op.drop_table("activity_roles")
    with op.batch_alter_table("activity_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_groups_station_id"))
        batch_op.drop_index(batch_op.f("ix_activity_groups_group_id"))
        batch_op.drop_index(batch_op.f("ix_activity_groups_activity_id"))

    op.drop_table("activity_groups")
    with op.batch_alter_table("volunteer_skills", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_volunteer_skills_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_volunteer_skills_station_id"))

    op.drop_table("volunteer_skills")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_station_id"))

    op.drop_table("users")
    with op.batch_alter_table("travel_times", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_travel_times_station_id"))

    op.drop_table("travel_times")
    with op.batch_alter_table("school_breaks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_breaks_station_id"))

    op.drop_table("school_breaks")
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rooms_venue_id"))
        batch_op.drop_index(batch_op.f("ix_rooms_station_id"))

    op.drop_table("rooms")
    with op.batch_alter_table("guardians", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guardians_station_id"))
        batch_op.drop_index(batch_op.f("ix_guardians_phone_index"))
        batch_op.drop_index(batch_op.f("ix_guardians_child_id"))

    op.drop_table("guardians")
    with op.batch_alter_table("group_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_members_station_id"))
        batch_op.drop_index(batch_op.f("ix_group_members_group_id"))
        batch_op.drop_index(batch_op.f("ix_group_members_child_id"))

    op.drop_table("group_members")
    with op.batch_alter_table("clearances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clearances_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_clearances_station_id"))

    op.drop_table("clearances")
    with op.batch_alter_table("child_categories", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_child_categories_station_id"))
        batch_op.drop_index(batch_op.f("ix_child_categories_child_id"))

    op.drop_table("child_categories")
    with op.batch_alter_table("blackouts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blackouts_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_blackouts_station_id"))

    op.drop_table("blackouts")
    with op.batch_alter_table("availabilities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_availabilities_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_availabilities_station_id"))

    op.drop_table("availabilities")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activities_term_id"))
        batch_op.drop_index(batch_op.f("ix_activities_station_id"))

    op.drop_table("activities")
    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_volunteers_station_id"))
        batch_op.drop_index(batch_op.f("ix_volunteers_phone_index"))

    op.drop_table("volunteers")
    with op.batch_alter_table("venues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_venues_station_id"))

    op.drop_table("venues")
    with op.batch_alter_table("terms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_terms_station_id"))

    op.drop_table("terms")
    with op.batch_alter_table("station_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_station_hours_station_id"))

    op.drop_table("station_hours")
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_groups_station_id"))

    op.drop_table("groups")
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_children_station_id"))

    op.drop_table("children")
    with op.batch_alter_table("audit_heads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_heads_station_id"))

    op.drop_table("audit_heads")
    with op.batch_alter_table("arranged_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_arranged_days_arranged_year_id"))

    op.drop_table("arranged_days")
    with op.batch_alter_table("stations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stations_parent_id"))

    op.drop_table("stations")
    op.drop_table("installation")
    op.drop_table("arranged_years")
