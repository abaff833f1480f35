"""Requests for duties and their answers, swaps, campaigns for availability, and volunteers' secret links."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_LIVE = sa.text("state IN ('asked', 'accepted')")
_OPEN = sa.text("state IN ('offered', 'taken')")


def _word(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_serving_rules()
    _create_volunteer_links()
    _create_availability_campaigns()
    _create_campaign_replies()
    _create_duty_requests()
    _create_duty_swaps()


def _create_serving_rules() -> None:
    op.create_table(
        "serving_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rest", sa.Integer(), nullable=False),
        sa.Column("per_week", sa.Integer(), nullable=True),
        sa.Column("minors_from", sa.Time(), nullable=False),
        sa.Column("minors_until", sa.Time(), nullable=False),
        sa.Column("late_hours", sa.Integer(), nullable=False),
        sa.Column("reply_hours", sa.Integer(), nullable=False),
        sa.Column("remind_hours", sa.Integer(), nullable=False),
        sa.Column("sign_up", sa.Boolean(), nullable=False),
        sa.Column("approve_swaps", sa.JSON(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("late_hours BETWEEN 0 AND 336", name=op.f("ck_serving_rules_late_hours")),
        sa.CheckConstraint("minors_from < minors_until", name=op.f("ck_serving_rules_minors_from_before_until")),
        sa.CheckConstraint("per_week > 0", name=op.f("ck_serving_rules_per_week")),
        sa.CheckConstraint("remind_hours BETWEEN 1 AND 336", name=op.f("ck_serving_rules_remind_hours")),
        sa.CheckConstraint("reply_hours BETWEEN 1 AND 336", name=op.f("ck_serving_rules_reply_hours")),
        sa.CheckConstraint("rest BETWEEN 0 AND 720", name=op.f("ck_serving_rules_rest")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_serving_rules_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serving_rules")),
        sa.UniqueConstraint("station_id", name=op.f("uq_serving_rules_station_id")),
    )
    for column in ("station_id",):
        op.create_index(op.f(f"ix_serving_rules_{column}"), "serving_rules", [column], unique=False)


def _create_volunteer_links() -> None:
    op.create_table(
        "volunteer_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("last_used_at", sa.DateTime(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_volunteer_links_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_volunteer_links_station_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_volunteer_links_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_volunteer_links_token_hash")),
    )
    for column in (
        "station_id",
        "volunteer_id",
    ):
        op.create_index(op.f(f"ix_volunteer_links_{column}"), "volunteer_links", [column], unique=False)


def _create_availability_campaigns() -> None:
    op.create_table(
        "availability_campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("deadline", sa.DateTime(), nullable=False),
        sa.Column("remind_at", sa.DateTime(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_availability_campaigns_first_before_last")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["users.id"], name=op.f("fk_availability_campaigns_asked_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_availability_campaigns_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_campaigns")),
    )
    for column in ("station_id",):
        op.create_index(op.f(f"ix_availability_campaigns_{column}"), "availability_campaigns", [column], unique=False)


def _create_campaign_replies() -> None:
    op.create_table(
        "campaign_replies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("answer", _word("campaignanswer", ("changed", "unchanged")), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_campaign_replies_answered_when")),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["availability_campaigns.id"],
            name=op.f("fk_campaign_replies_campaign_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_campaign_replies_station_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_campaign_replies_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_replies")),
        sa.UniqueConstraint("campaign_id", "volunteer_id", name=op.f("uq_campaign_replies_campaign_id_volunteer_id")),
    )
    for column in (
        "station_id",
        "volunteer_id",
    ):
        op.create_index(op.f(f"ix_campaign_replies_{column}"), "campaign_replies", [column], unique=False)


def _create_duty_requests() -> None:
    op.create_table(
        "duty_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("origin", _word("requestorigin", ("plan", "gap", "swap", "sign_up")), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            _word("requeststate", ("asked", "accepted", "declined", "proposed", "expired", "withdrawn", "taken_over")),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("deadline", sa.DateTime(), nullable=True),
        sa.Column("remind_at", sa.DateTime(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(), nullable=True),
        sa.Column("go_on", sa.Boolean(), nullable=False),
        sa.Column("went_on_at", sa.DateTime(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state <> 'asked' OR deadline IS NOT NULL", name=op.f("ck_duty_requests_asked_has_a_deadline")
        ),
        sa.CheckConstraint(
            "state <> 'proposed' OR proposed_at IS NOT NULL", name=op.f("ck_duty_requests_proposed_when")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_duty_requests_starts_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["users.id"], name=op.f("fk_duty_requests_asked_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_duty_requests_plan_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_duty_requests_room_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_duty_requests_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_duty_requests_station_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_duty_requests_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_requests")),
    )
    for column in (
        "plan_id",
        "session_id",
        "station_id",
        "volunteer_id",
    ):
        op.create_index(op.f(f"ix_duty_requests_{column}"), "duty_requests", [column], unique=False)
    op.create_index("ix_duty_requests_due", "duty_requests", ["state", "deadline"], unique=False)
    op.create_index(
        "uq_duty_requests_live",
        "duty_requests",
        ["session_id", "volunteer_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )


def _create_duty_swaps() -> None:
    op.create_table(
        "duty_swaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("state", _word("swapstate", ("offered", "taken", "done", "over", "withdrawn")), nullable=False),
        sa.Column("offered_at", sa.DateTime(), nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('taken', 'done') OR taken_by_id IS NOT NULL", name=op.f("ck_duty_swaps_taken_by_somebody")
        ),
        sa.CheckConstraint(
            "taken_by_id IS NULL OR taken_by_id <> volunteer_id", name=op.f("ck_duty_swaps_taken_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_duty_swaps_decided_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_duty_swaps_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_duty_swaps_station_id")),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["volunteers.id"], name=op.f("fk_duty_swaps_taken_by_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_duty_swaps_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_swaps")),
    )
    for column in (
        "session_id",
        "station_id",
        "taken_by_id",
        "volunteer_id",
    ):
        op.create_index(op.f(f"ix_duty_swaps_{column}"), "duty_swaps", [column], unique=False)
    op.create_index(
        "uq_duty_swaps_open",
        "duty_swaps",
        ["session_id", "volunteer_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("duty_swaps")
    op.drop_table("duty_requests")
    op.drop_table("campaign_replies")
    op.drop_table("availability_campaigns")
    op.drop_table("volunteer_links")
    op.drop_table("serving_rules")
