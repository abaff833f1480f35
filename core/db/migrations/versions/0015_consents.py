"""The ledger of consents with its texts, what guardians may do, and their secret addresses."""

import json
from datetime import date
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

#: Version 1 of each text, as it was when this step was written.
_TEXTS = Path(__file__).parent.parent / "consent_texts_1.json"
_BASIS = ("consent", "duty")
_HOW = ("paper", "link")
_PURPOSE = ("data", "photo", "outing", "health")
_CHECKS = {
    "a_duty_names_its_law": "(basis = 'duty') = (law IS NOT NULL)",
    "a_duty_is_not_withdrawn": "basis <> 'duty' OR withdrawn_on IS NULL",
    "a_duty_is_to_keep_data": "basis <> 'duty' OR purpose IN ('data', 'health')",
}


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_consents_child_id_purpose_given_on"), type_="unique")
        # What was noted before was on paper; with which text, and by whom, nobody was asked.
        batch_op.add_column(sa.Column("basis", _word("legalbasis", *_BASIS), nullable=False, server_default="consent"))
        batch_op.add_column(sa.Column("law", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("text_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("guardian_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("how", _word("consenthow", *_HOW), nullable=False, server_default="paper"))
        batch_op.add_column(sa.Column("scan_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_how", sa.String(length=40), nullable=True))
        batch_op.create_check_constraint("withdrawn_how", "withdrawn_how IN ('paper', 'link')")
        for name, condition in _CHECKS.items():
            batch_op.create_check_constraint(name, condition)
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.alter_column("basis", server_default=None)
        batch_op.alter_column("how", server_default=None)
    _create_texts()
    _create_leaves()
    _create_links()


def _create_texts() -> None:
    texts = op.create_table(
        "consent_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", _word("consentpurpose", *_PURPOSE), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("chinese", sa.Text(), nullable=False),
        sa.Column("english", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_texts")),
        sa.UniqueConstraint("purpose", "version", name=op.f("uq_consent_texts_purpose_version")),
    )
    said = json.loads(_TEXTS.read_text(encoding="utf-8"))
    rows = [
        {"id": uuid4(), "purpose": purpose, "version": 1, "valid_from": date(2026, 1, 1), **texts_of}
        for purpose, texts_of in said.items()
    ]
    for row in rows:
        op.execute(texts.insert().values(row))


def _create_leaves() -> None:
    op.create_table(
        "guardian_leaves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("access", _word("guardianaccess", "full", "restricted", "none"), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        *_own_keys("guardian_leaves"),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_guardian_leaves_decided_by")),
        sa.UniqueConstraint("guardian_id", name=op.f("uq_guardian_leaves_guardian_id")),
    )
    _index("guardian_leaves", "station_id", "child_id")


def _create_links() -> None:
    op.create_table(
        "guardian_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("feed_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("last_used_at", sa.DateTime(), nullable=True),
        sa.Column("failed_codes", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        *_own_keys("guardian_links"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_guardian_links_created_by")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_guardian_links_token_hash")),
        sa.UniqueConstraint("feed_hash", name=op.f("uq_guardian_links_feed_hash")),
    )
    _index("guardian_links", "station_id", "child_id", "guardian_id")


def _own_keys(table: str) -> tuple[sa.Constraint, ...]:
    cascades = {"child_id": "children.id", "guardian_id": "guardians.id"}
    return (
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")
            for column, target in cascades.items()
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f(f"fk_{table}_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _index(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in ("guardian_links", "guardian_leaves", "consent_texts"):
        op.drop_table(table)
    # What the older table has no room for: duties, and a second consent of one day.
    op.execute("DELETE FROM consents WHERE basis = 'duty'")
    op.execute(
        "DELETE FROM consents WHERE EXISTS (SELECT 1 FROM consents AS later WHERE later.child_id = consents.child_id"
        " AND later.purpose = consents.purpose AND later.given_on = consents.given_on AND later.id > consents.id)"
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        for name in (*_CHECKS, "withdrawn_how", "legalbasis", "consenthow"):
            batch_op.drop_constraint(batch_op.f(f"ck_consents_{name}"), type_="check")
        for column in (
            "basis",
            "law",
            "text_version",
            "guardian_id",
            "how",
            "scan_id",
            "withdrawn_by",
            "withdrawn_how",
        ):
            batch_op.drop_column(column)
        batch_op.create_unique_constraint(
            batch_op.f("uq_consents_child_id_purpose_given_on"), ["child_id", "purpose", "given_on"]
        )
