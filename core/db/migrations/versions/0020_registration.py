"""What terms and activities take in registration, and the children who are registered."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WAYS = ("first_come", "wishes")
_PLACES = ("placed", "waiting", "offered", "declined", "expired", "cancelled")
_CHANNELS = ("desk", "walk_in", "class_list", "workbook", "guardian", "allocation", "merged")
_LIVE = sa.text("state IN ('placed', 'waiting', 'offered')")


def _word(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_term_intakes()
    _create_activity_intakes()
    _create_registrations()


def _create_term_intakes() -> None:
    op.create_table(
        "term_intakes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("way", _word("way", _WAYS), nullable=False),
        *(
            sa.Column(name, sa.DateTime(), nullable=True)
            for name in ("wishes_from", "wishes_until", "opens_at", "closes_at")
        ),
        sa.Column("per_child", sa.Integer(), nullable=True),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.CheckConstraint(
            "(wishes_from IS NULL) = (wishes_until IS NULL)", name=op.f("ck_term_intakes_wishes_both_or_none")
        ),
        sa.CheckConstraint(
            "wishes_from IS NULL OR wishes_from < wishes_until", name=op.f("ck_term_intakes_wishes_in_order")
        ),
        sa.CheckConstraint(
            "closes_at IS NULL OR (opens_at IS NOT NULL AND opens_at < closes_at)",
            name=op.f("ck_term_intakes_opens_first"),
        ),
        sa.CheckConstraint("offer_hours BETWEEN 1 AND 336", name=op.f("ck_term_intakes_offer_hours")),
        sa.CheckConstraint("per_child IS NULL OR per_child > 0", name=op.f("ck_term_intakes_per_child")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_term_intakes_station_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_term_intakes_term_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_intakes")),
        sa.UniqueConstraint("term_id", name=op.f("uq_term_intakes_term_id")),
    )
    op.create_index(op.f("ix_term_intakes_station_id"), "term_intakes", ["station_id"], unique=False)


def _create_activity_intakes() -> None:
    op.create_table(
        "activity_intakes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("way", _word("way", _WAYS), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("minimum_by", sa.Date(), nullable=True),
        sa.Column("from_age", sa.Integer(), nullable=True),
        sa.Column("to_age", sa.Integer(), nullable=True),
        sa.Column("grades", sa.JSON(), nullable=False),
        sa.Column("communities", sa.JSON(), nullable=False),
        sa.Column("newcomers_only", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.DateTime(), nullable=True),
        sa.Column("closes_at", sa.DateTime(), nullable=True),
        sa.Column("per_child", sa.Integer(), nullable=True),
        sa.Column("next_position", sa.Integer(), nullable=False),
        sa.Column("given_up_on", sa.Date(), nullable=True),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_activity_intakes_capacity")),
        sa.CheckConstraint("minimum BETWEEN 0 AND capacity", name=op.f("ck_activity_intakes_minimum_within_capacity")),
        sa.CheckConstraint("from_age <= to_age", name=op.f("ck_activity_intakes_from_age_before_to_age")),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
            name=op.f("ck_activity_intakes_opens_first"),
        ),
        sa.CheckConstraint("per_child IS NULL OR per_child > 0", name=op.f("ck_activity_intakes_per_child")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_intakes_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_activity_intakes_group_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_activity_intakes_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_intakes")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_activity_intakes_activity_id")),
        sa.UniqueConstraint("group_id", name=op.f("uq_activity_intakes_group_id")),
    )
    op.create_index(op.f("ix_activity_intakes_station_id"), "activity_intakes", ["station_id"], unique=False)


def _create_registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("channel", _word("channel", _CHANNELS), nullable=False),
        sa.Column("state", _word("place", _PLACES), nullable=False),
        sa.Column("former", _word("former", _PLACES), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("offered_until", sa.DateTime(), nullable=True),
        sa.Column("place_of_id", sa.Uuid(), nullable=True),
        sa.Column("first_since", sa.DateTime(), nullable=True),
        sa.Column("passed_over", sa.JSON(), nullable=False),
        sa.Column("waived", sa.JSON(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("to_tell", sa.Boolean(), nullable=False),
        sa.Column("notice", sa.String(length=200), nullable=False),
        sa.Column("registered_at", sa.DateTime(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "state <> 'waiting' OR position IS NOT NULL", name=op.f("ck_registrations_waiting_has_a_position")
        ),
        sa.CheckConstraint(
            "state <> 'offered' OR offered_until IS NOT NULL", name=op.f("ck_registrations_offered_has_an_end")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity_intakes.activity_id"], name=op.f("fk_registrations_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_registrations_child_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_of_id"], ["registrations.id"], name=op.f("fk_registrations_place_of_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["registered_by"], ["users.id"], name=op.f("fk_registrations_registered_by")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_registrations_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("activity_id", "position", name=op.f("uq_registrations_activity_id_position")),
        sa.UniqueConstraint(
            "request_id", "child_id", "activity_id", name=op.f("uq_registrations_request_id_child_id_activity_id")
        ),
    )
    for column in ("child_id", "request_id", "station_id"):
        op.create_index(op.f(f"ix_registrations_{column}"), "registrations", [column], unique=False)
    op.create_index("ix_registrations_taken", "registrations", ["activity_id", "state"], unique=False)
    op.create_index(
        "uq_registrations_live",
        "registrations",
        ["child_id", "activity_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )


def downgrade() -> None:
    op.drop_table("registrations")
    # The groups that an intake has made stay: their children may have been at sessions already.
    op.drop_table("activity_intakes")
    op.drop_table("term_intakes")
