"""Hours of service: people come back to a session, anybody may see hours and object, papers name the document."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_DOCUMENTS = ("resident_id", "residence_permit", "hong_kong_macao_permit", "taiwan_permit", "passport")
_UNIQUE = "uq_volunteer_presences_session_id_volunteer_id"
_HERE = "uq_volunteer_presences_here"
# What was several stays becomes one, from the first coming to the last leaving.
_AS_ONE = """
UPDATE volunteer_presences SET left_at = (
  SELECT CASE WHEN count(*) = count(other.left_at) THEN max(other.left_at) END FROM volunteer_presences AS other
  WHERE other.session_id = volunteer_presences.session_id AND other.volunteer_id = volunteer_presences.volunteer_id
)
"""
_ONE = """
DELETE FROM volunteer_presences WHERE EXISTS (
  SELECT 1 FROM volunteer_presences AS other
  WHERE other.session_id = volunteer_presences.session_id AND other.volunteer_id = volunteer_presences.volunteer_id
  AND (other.noted_at, other.id) < (volunteer_presences.noted_at, volunteer_presences.id)
)
"""


def upgrade() -> None:
    with op.batch_alter_table("volunteer_presences") as table:
        table.drop_constraint(op.f(_UNIQUE), type_="unique")
    op.create_index(
        _HERE,
        "volunteer_presences",
        ["session_id", "volunteer_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    with op.batch_alter_table("stations") as table:
        table.add_column(sa.Column("shows_hours", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("stations") as table:
        table.alter_column("shows_hours", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("service_objections") as table:
        table.add_column(sa.Column("contact", sa.LargeBinary(), nullable=True))
    kind = sa.Enum(*_DOCUMENTS, name="persondocument", native_enum=False, create_constraint=True, length=40)
    with op.batch_alter_table("volunteers") as table:
        table.add_column(sa.Column("document", kind, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("volunteers") as table:
        table.drop_constraint(op.f("ck_volunteers_persondocument"), type_="check")
        table.drop_column("document")
    with op.batch_alter_table("service_objections") as table:
        table.drop_column("contact")
    with op.batch_alter_table("stations") as table:
        table.drop_column("shows_hours")
    op.drop_index(_HERE, "volunteer_presences")
    op.execute(_AS_ONE)
    op.execute(_ONE)
    with op.batch_alter_table("volunteer_presences") as table:
        table.create_unique_constraint(op.f(_UNIQUE), ["session_id", "volunteer_id"])
