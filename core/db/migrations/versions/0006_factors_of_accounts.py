"""Second factors, passkeys and invitations of accounts; what a browser session tells of itself."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("password_set_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("invitation_hash", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("invited_until", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("totp_secret", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("totp_counter", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recovery_codes", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("passkey_handle", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_users_invitation_hash"), ["invitation_hash"])
        batch_op.create_unique_constraint(batch_op.f("uq_users_passkey_handle"), ["passkey_handle"])
    # A session from before doesn't know since when it is, and whoever holds it may have to set up a second factor.
    op.execute(sa.delete(sa.table("web_sessions")))
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begun_at", sa.DateTime(), nullable=False))
        batch_op.add_column(sa.Column("seen_at", sa.DateTime(), nullable=False))
        batch_op.add_column(sa.Column("browser", sa.String(length=80), nullable=False))
        batch_op.add_column(sa.Column("network", sa.String(length=80), nullable=False))
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkeys_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("passkeys")
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        for column in ("network", "browser", "seen_at", "begun_at"):
            batch_op.drop_column(column)
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_users_passkey_handle"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_users_invitation_hash"), type_="unique")
        for column in (
            "passkey_handle",
            "recovery_codes",
            "totp_counter",
            "totp_secret",
            "invited_until",
            "invitation_hash",
            "password_set_at",
        ):
            batch_op.drop_column(column)
