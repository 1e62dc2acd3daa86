"""Accounts: who may enter, with what, what failed, and what was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

_OWNED = ("recovery_code", "account_session", "account_token", "account_link")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("display", sa.String(80), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("theatres", sa.Text, nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("totp_sealed", sa.String(200)),
        sa.Column("totp_pending", sa.String(200)),
        sa.Column("totp_step", sa.Integer),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("disabled_at", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("name", name="uq_account_name"),
    )
    _owned("recovery_code", sa.Column("code_hash", sa.String(64), nullable=False), _moment("used_at"))
    _owned(
        "account_session",
        *_token(),
        sa.Column("browser", sa.String(40), nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("seen_at", sa.String(40), nullable=False),
        sa.UniqueConstraint("token_hash", name="uq_account_session_token_hash"),
    )
    _owned(
        "account_token",
        *_token(),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        *_span(),
        sa.UniqueConstraint("token_hash", name="uq_account_token_token_hash"),
    )
    _owned(
        "account_link",
        *_token(),
        sa.Column("purpose", sa.String(16), nullable=False),
        *_span(),
        sa.UniqueConstraint("token_hash", name="uq_account_link_token_hash"),
        ownerless=True,
    )
    _unowned()


def _unowned() -> None:
    op.create_table(
        "login_failures",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_login_failures"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])


def _moment(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(40))


def _token() -> tuple[sa.Column[str], ...]:
    return (sa.Column("token_hash", sa.String(64), nullable=False),)


def _span() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("expires_at", sa.String(40), nullable=False),
        _moment("used_at"),
    )


def _owned(table: str, *columns: sa.schema.SchemaItem, ownerless: bool = False) -> None:
    """Make a table of things that belong to an account and go with it."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=ownerless),
        *columns,
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=f"fk_{table}_account_id_account", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_account_id", table, ["account_id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in (*_OWNED, "login_failures", "audit_entry", "account"):
        op.drop_table(table)
