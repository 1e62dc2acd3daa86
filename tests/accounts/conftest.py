"""A gate on an empty register, with a clock that tests set, and a quick way to an account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from toguna.accounts import passwords
from toguna.accounts.gate import Gate
from toguna.accounts.users import NewAccount, add_account, set_password_hash
from toguna.store.home import Home

PASSWORD = "three donkeys cross the river"
HASHER = passwords._HASHER


@pytest.fixture(autouse=True, scope="module")
def _own_hashes() -> Iterator[None]:
    """Passwords are hashed here as everywhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", HASHER)
        passwords._nobody.cache_clear()
        yield
    passwords._nobody.cache_clear()


@dataclass
class Hand:
    """A clock whose hand is moved by tests."""

    moment: datetime = datetime(2015, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def gate(tmp_path: Path, hand: Hand) -> Iterator[Gate]:
    home = Home(tmp_path / "home")
    yield Gate.of(home, hand)
    home.register.close()


@pytest.fixture(scope="session")
def kept() -> str:
    return HASHER.hash(PASSWORD)


@pytest.fixture
def enrol(gate: Gate, kept: str):
    """Make an account with the password of the tests; return its id."""

    def make(name: str, role: str = "analyst", **more: object) -> int:
        with gate.register.write() as session:
            account = add_account(session, NewAccount(name, role, **more), by="test", now=gate.now())
            set_password_hash(session, account, kept, by="test", now=gate.now())
            return account.id

    return make
