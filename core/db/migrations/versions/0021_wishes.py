"""How terms take wishes, each child's ranked list, and the runs that give places for them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_STATES = ("queued", "running", "done", "failed", "cancelled")
_OPEN = sa.text("state IN ('queued', 'running')")
_PUBLISHED = sa.text("errand = 'publish' AND state IN ('queued', 'running', 'done')")


def _word(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_wish_rounds()
    _create_wish_lists()
    _create_allocation_runs()


def _create_wish_rounds() -> None:
    op.create_table(
        "wish_rounds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("held_back_percent", "most_wishes", "fewest_wishes")
        ),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("lists", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=False),
        sa.Column("draw_issue", sa.String(length=20), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=True),
        sa.Column("draw_source", sa.String(length=200), nullable=False),
        sa.Column("seed_entered_at", sa.DateTime(), nullable=True),
        sa.Column("seed_entered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("held_back_percent BETWEEN 0 AND 100", name=op.f("ck_wish_rounds_held_back_percent")),
        sa.CheckConstraint("most_wishes BETWEEN 1 AND 50", name=op.f("ck_wish_rounds_most_wishes")),
        sa.CheckConstraint("fewest_wishes BETWEEN 1 AND most_wishes", name=op.f("ck_wish_rounds_fewest_wishes")),
        sa.CheckConstraint("seed = '' OR closed_at IS NOT NULL", name=op.f("ck_wish_rounds_closed_before_the_draw")),
        sa.ForeignKeyConstraint(["seed_entered_by"], ["users.id"], name=op.f("fk_wish_rounds_seed_entered_by")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_wish_rounds_station_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_wish_rounds_term_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_rounds")),
        sa.UniqueConstraint("term_id", name=op.f("uq_wish_rounds_term_id")),
    )
    op.create_index(op.f("ix_wish_rounds_station_id"), "wish_rounds", ["station_id"], unique=False)


def _create_wish_lists() -> None:
    op.create_table(
        "wish_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("ranked", sa.JSON(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("friends", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_wish_lists_revision")),
        sa.CheckConstraint("most IS NULL OR most > 0", name=op.f("ck_wish_lists_most")),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_wish_lists_changed_by")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_wish_lists_child_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_wish_lists_station_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_wish_lists_term_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_lists")),
        sa.UniqueConstraint("child_id", "term_id", name=op.f("uq_wish_lists_child_id_term_id")),
        sa.UniqueConstraint("code", name=op.f("uq_wish_lists_code")),
        sa.UniqueConstraint("number", name=op.f("uq_wish_lists_number")),
    )
    for column in ("child_id", "station_id", "term_id"):
        op.create_index(op.f(f"ix_wish_lists_{column}"), "wish_lists", [column], unique=False)


def _create_allocation_runs() -> None:
    op.create_table(
        "allocation_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("state", _word("runstate", _STATES), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(), nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("error_code", sa.String(length=80), nullable=False),
        sa.Column("error", sa.JSON(), nullable=False),
        sa.Column("errand", _word("errand", ("solve", "publish")), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in ("problem", "allocation", "reasons")),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_allocation_runs_seconds")),
        sa.CheckConstraint(
            "(errand = 'publish') = (result_id IS NOT NULL)", name=op.f("ck_allocation_runs_a_result_is_published")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_allocation_runs_asked_by")),
        sa.ForeignKeyConstraint(["result_id"], ["allocation_runs.id"], name=op.f("fk_allocation_runs_result_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_allocation_runs_station_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_allocation_runs_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_runs")),
    )
    for column in ("station_id", "term_id"):
        op.create_index(op.f(f"ix_allocation_runs_{column}"), "allocation_runs", [column], unique=False)
    for name, where in (("one_open_per_term", _OPEN), ("published_once", _PUBLISHED)):
        op.create_index(
            f"uq_allocation_runs_{name}",
            "allocation_runs",
            ["term_id"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


def downgrade() -> None:
    for table in ("allocation_runs", "wish_lists", "wish_rounds"):
        op.drop_table(table)
