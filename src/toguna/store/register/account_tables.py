"""The tables of accounts: who may enter, with what, and what was read. Changes go through migrations.

No table holds a secret that opens anything: passwords are Argon2id, tokens and links SHA-256 of 256 random
bits, secrets of codes are sealed with the key of the home. Moments are UTC, ISO, to the second: they sort
as text.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from toguna.store.register.models import Base

__all__ = [
    "Account",
    "AccountLink",
    "AccountSession",
    "AccountToken",
    "AuditEntry",
    "LoginFailures",
    "RecoveryCode",
]


class Account(Base):
    """One person who may enter; never deleted, so that the audit keeps its names."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    display: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(16))
    theatres: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(2))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_sealed: Mapped[str | None] = mapped_column(String(200))
    totp_pending: Mapped[str | None] = mapped_column(String(200))
    totp_step: Mapped[int | None]
    created_at: Mapped[str] = mapped_column(String(40))
    disabled_at: Mapped[str | None] = mapped_column(String(40))


class RecoveryCode(Base):
    """One code that replaces a code of the telephone, once."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[str | None] = mapped_column(String(40))


class AccountSession(Base):
    """One browser that is logged in. Its address is not kept: nobody needs it."""

    __tablename__ = "account_session"
    __table_args__ = (Index("ix_account_session_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[str] = mapped_column(String(40))
    seen_at: Mapped[str] = mapped_column(String(40))


class AccountToken(Base):
    """One key of a program; its rights are its scopes, and never more than those of its owner."""

    __tablename__ = "account_token"
    __table_args__ = (Index("ix_account_token_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(String(40))
    expires_at: Mapped[str] = mapped_column(String(40))
    used_at: Mapped[str | None] = mapped_column(String(40))


class AccountLink(Base):
    """One link that sets a password, once; without an account it makes the first administrator."""

    __tablename__ = "account_link"
    __table_args__ = (Index("ix_account_link_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[str] = mapped_column(String(40))
    expires_at: Mapped[str] = mapped_column(String(40))
    used_at: Mapped[str | None] = mapped_column(String(40))


class LoginFailures(Base):
    """How often log-in failed for one name, browser or address; which one is only a keyed hash."""

    __tablename__ = "login_failures"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[str] = mapped_column(String(40))


class AuditEntry(Base):
    """One act on accounts, or one read of a sensitive record: who, what, when; a link of a chain.

    Written by `toguna.accounts.auditchain` alone. Entries of before the chain have no seals yet.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_previous", "previous", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(200))
    previous: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64))
    signature: Mapped[str | None] = mapped_column(String(64))
