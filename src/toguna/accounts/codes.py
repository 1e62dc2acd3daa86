"""Codes of the telephone (TOTP, RFC 6238), and recovery codes for the day it is lost.

Enters: an account in an open session, and what was typed. Leaves: whether it is right. A code works once:
the step it belongs to is kept, and only later ones are taken. One step before and after is allowed
(clocks). Called by `toguna.accounts.login` and the account page.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
from datetime import datetime

import pyotp
from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session

from toguna.accounts.moments import written
from toguna.accounts.refusals import refused
from toguna.accounts.secrets import hashed, seal, unseal
from toguna.store.register.account_tables import Account, RecoveryCode

__all__ = ["begin_codes", "confirm_codes", "drop_codes", "is_code", "pending_address", "recovery_left"]

ISSUER = "Toguna"
STEP_SECONDS = 30
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10  # 80 random bits: a plain hash of them cannot be searched
_DIGITS = 6


def _bound(account: Account) -> str:
    return f"account:{account.id}"


def begin_codes(account: Account, key: bytes) -> None:
    """Make a new secret that waits for its first code; the old one stays in force until then."""
    account.totp_pending = seal(key, pyotp.random_base32(), bound_to=_bound(account))


def pending_address(account: Account, key: bytes) -> tuple[str, str] | None:
    """Return the secret that waits and its address for a telephone (otpauth://); None when none does."""
    if account.totp_pending is None:
        return None
    secret = unseal(key, account.totp_pending, bound_to=_bound(account))
    return secret, pyotp.TOTP(secret).provisioning_uri(name=account.name, issuer_name=ISSUER)


def confirm_codes(session: Session, account: Account, typed: str, *, key: bytes, now: datetime) -> list[str]:
    """Put the secret that waits into force with its first code; return new recovery codes, shown once.

    Raises
    ------
    RefusedError
        No secret waits, or the code is not right.
    """
    found = pending_address(account, key)
    step = None if found is None else _step(found[0], typed, now, after=None)
    if step is None:
        raise refused("The code is not right. Type the six digits that the telephone shows now.")
    account.totp_sealed, account.totp_pending, account.totp_step = account.totp_pending, None, step
    return _renew_recovery(session, account)


def _renew_recovery(session: Session, account: Account) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [base64.b32encode(os.urandom(_RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account.id, code_hash=hashed(code)) for code in codes)
    return ["-".join(re.findall("....", code)) for code in codes]


def drop_codes(session: Session, account: Account) -> None:
    """Forget the secret and the recovery codes: the password alone opens again."""
    account.totp_sealed = account.totp_pending = account.totp_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def recovery_left(session: Session, account: Account) -> int:
    """Count the recovery codes that were not used."""
    rows = select(RecoveryCode).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    return len(session.scalars(rows).all())


def is_code(session: Session, account: Account, typed: str, *, key: bytes, now: datetime) -> bool:
    """Whether a code of now, or a recovery code, opens an account with codes; it is used up."""
    if account.totp_sealed is None:
        return True
    plain = re.sub(r"[\s-]", "", typed).lower()
    secret = unseal(key, account.totp_sealed, bound_to=_bound(account))
    step = _step(secret, plain, now, after=account.totp_step)
    if step is not None:
        unused = or_(Account.totp_step.is_(None), Account.totp_step < step)
        return _took(session, update(Account).where(Account.id == account.id, unused).values(totp_step=step))
    return _took(
        session,
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == hashed(plain),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=written(now)),
    )


def _took(session: Session, change: object) -> bool:
    """Whether one row was changed: of two who send the same code at once, one is let in."""
    done = session.execute(change)  # type: ignore[call-overload]
    return isinstance(done, CursorResult) and done.rowcount == 1


def _step(secret: str, typed: str, now: datetime, *, after: int | None) -> int | None:
    """Return the step that a code belongs to; None when it is wrong or was passed."""
    typed = re.sub(r"\s", "", typed)
    if not (len(typed) == _DIGITS and typed.isascii() and typed.isdigit()):
        return None
    here = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (here - 1, here, here + 1):
        right = hmac.compare_digest(totp.generate_otp(step), typed)
        if right and (after is None or step > after):
            return step
    return None
