"""The roles that people have at a station: head, social worker, children's director, grid worker, auditor."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BEFORE = ("administrator", "organizer", "station_staff", "volunteer")
_NEW = ("head", "social_worker", "community_director", "grid_worker", "auditor")


def _allow(*roles: str) -> None:
    listed = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_users_role"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_users_role"), sa.text(f"role IN ({listed})"))


def upgrade() -> None:
    _allow(*_BEFORE, *_NEW)


def downgrade() -> None:
    # Whoever has a role that was not known before keeps the account and can't sign in with more than it had.
    users = sa.table("users", sa.column("role", sa.String), sa.column("active", sa.Boolean))
    op.execute(users.update().where(users.c.role.in_(_NEW)).values(role="station_staff", active=False))
    _allow(*_BEFORE)
