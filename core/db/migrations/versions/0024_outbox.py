"""The outbox of notices, and how each person wants to hear."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_KINDS = (
    "duty_asked",
    "duty_reminder",
    "duty_withdrawn",
    "duty_changed",
    "duty_cancelled",
    "swap_offered",
    "swap_taken",
    "swap_decided",
    "campaign_asked",
    "campaign_reminder",
    "late_cancellation",
    "session_unsafe",
    "pickup_alarm",
    "hours_published",
    "certificate_ready",
    "thanks",
    "timetable_changed",
)
_STATES = ("waiting", "sending", "sent", "failed", "given_up", "to_call", "called", "dropped")
_CHANNELS = ("mail", "wecom", "sms", "webhook")
_PACES = ("at_once", "daily")


def _word(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_outbox()
    _create_choices()


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _word("noticekind", _KINDS), nullable=False),
        sa.Column("recipient", sa.String(length=80), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ("volunteer_id", "user_id", "session_id")),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", _word("noticestate", _STATES), nullable=False),
        sa.Column("channel", _word("channel", _CHANNELS), nullable=True),
        sa.Column("put_at", sa.DateTime(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(), nullable=True),
        sa.Column("leased_by", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("error", sa.String(length=80), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.Column("handled_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("volunteer_id IS NULL OR user_id IS NULL", name=op.f("ck_outbox_one_recipient")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts")),
        sa.CheckConstraint(
            "(state = 'sending') = (leased_until IS NOT NULL)", name=op.f("ck_outbox_sending_is_leased")
        ),
        sa.CheckConstraint(
            "state NOT IN ('sending', 'sent') OR message_id IS NOT NULL", name=op.f("ck_outbox_sent_as_a_message")
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_outbox_sent_has_a_moment")),
        sa.ForeignKeyConstraint(["handled_by"], ["users.id"], name=op.f("fk_outbox_handled_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_outbox_session_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_outbox_station_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_outbox_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_outbox_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("recipient", "kind", "key", name=op.f("uq_outbox_recipient_kind_key")),
    )
    for column in ("message_id", "session_id", "station_id", "user_id", "volunteer_id"):
        op.create_index(op.f(f"ix_outbox_{column}"), "outbox", [column], unique=False)
    op.create_index("ix_outbox_due", "outbox", ["state", "not_before"], unique=False)


def _create_choices() -> None:
    op.create_table(
        "notice_choices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in ("mail", "mobile", "wecom")),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column("pace", _word("pace", _PACES), nullable=False),
        sa.Column("invitations", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("(volunteer_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_notice_choices_of_one_person")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_notice_choices_station_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notice_choices_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_notice_choices_volunteer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_choices")),
        sa.UniqueConstraint("user_id", name=op.f("uq_notice_choices_user_id")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_notice_choices_volunteer_id")),
    )
    op.create_index(op.f("ix_notice_choices_station_id"), "notice_choices", ["station_id"], unique=False)


def downgrade() -> None:
    op.drop_table("notice_choices")
    op.drop_table("outbox")
