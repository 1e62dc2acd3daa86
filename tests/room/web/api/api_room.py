"""A theatre with warnings of every kind in its ledger, and how tests of the interface open it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from fastapi.testclient import TestClient

from toguna.accounts.rights import GUEST, Principal, Role
from toguna.room.web import RoomSettings, create_app
from toguna.store.home import Home
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.moves import Hand, carry, raise_one
from toguna.warnings.types import Area, Basis, Warning

AS_OF, BASE = date(2015, 11, 24), "/api/v1/t/mali"


def warning(sensitivity: str, *, area: str = "Mopti", headline: str = "Attack likely") -> Warning:
    """Return a warning as an analyst would write it."""
    return Warning(
        theatre="mali",
        kind="front",
        level="warning",
        urgency="Expected",
        severity="Severe",
        certainty="Likely",
        areas=(Area(area, "adm1"),),
        start=date(2015, 11, 1),
        end=date(2016, 1, 31),
        basis=(Basis("analyst", "", "", "2015-11-01"),),
        owner="early-warning desk",
        acknowledge_by=date(2015, 11, 26),
        deadline=date(2015, 12, 1),
        headline={"en": f"{headline} ({sensitivity})", "fr": f"{headline}, {sensitivity}"},
        text={"en": "Fronts moved south.", "fr": "Les fronts se sont déplacés."},
        addressees=("governor",),
        sensitivity=sensitivity,
    )


def issue(home: Home) -> dict[str, str]:
    """Issue one warning of each sensitivity, and leave a draft; return their ids."""
    ledger, found = Ledger(home), {}

    def hand(by: str, hour: int) -> Hand:
        return Hand(by, datetime(2015, 11, 20, hour, tzinfo=UTC))

    for hour, (kind, area) in enumerate(
        [("open", "Mopti"), ("addressees", "Bamako"), ("restricted", "Gao"), ("draft", "Kidal")]
    ):
        written = warning("open" if kind == "draft" else kind, area=area)
        id = found[kind] = raise_one(ledger, written, hand("Awa", hour)).id
        if kind == "restricted":
            carry(ledger, id, "release", {}, hand("Binta", hour + 1))
        if kind != "draft":
            carry(ledger, id, "issue", {}, hand("Demba", hour + 2))
    return found


Open = Callable[..., TestClient]


def opened(home: Home, who: Principal | None, *, public: bool = True) -> TestClient:
    """Open a room as somebody; as whoever shows a token when nobody is named."""
    settings = RoomSettings(
        home=home,
        theatres=("mali",),
        as_of=AS_OF,
        build=False,
        public_view=public,
        hosts=("localhost", "testserver"),
    )
    app = create_app(settings, authenticate=(lambda _: who) if who else None)
    # From this machine itself: requests are not counted against a limit.
    return TestClient(app, base_url="http://localhost", follow_redirects=False, client=("127.0.0.1", 50000))


def somebody(role: Role) -> Principal:
    return GUEST if role is Role.GUEST else Principal(role=role, user_id=1, name="Awa", via="session")
