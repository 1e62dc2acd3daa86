"""A report becomes an event: sent, accepted, published, and in what an assessment of that day rests on."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from team import TODAY, Team

from toguna.events.gather import gather
from toguna.room.disclosure import released
from toguna.room.web.desk import Desk, stamp
from toguna.room.web.settings import RoomSettings
from toguna.store.theatre import load_theatre


def seen(team: Team, days_before: int = 0) -> pl.DataFrame:
    """What an assessment of a day may rest on: gathered, and without what may not leave the house."""
    day = TODAY - timedelta(days=days_before)
    theatre = load_theatre("mali")
    gathered = gather(theatre, as_of=day, home=team.home)
    return released(gathered, theatre)[0].events.filter(pl.col("source") == "reports:room")


def test_the_room_changes_from_the_day_of_acceptance_on(team: Team):
    desk = Desk(RoomSettings(home=team.home, theatres=("mali",), as_of=TODAY, build=False, clock=team.now))
    team.browser("awa").report()
    desk.publish()
    before = stamp(team.home, "mali")
    team.browser("ana").decide(1, act="accepted", killed="4")
    assert stamp(team.home, "mali") == before
    desk.publish()
    assert stamp(team.home, "mali") != before  # another stamp orders a build
    (row,) = seen(team).to_dicts()
    assert (row["event_id"], row["place"], row["best"]) == ("reports:room-1", "Sévaré", 4)
    assert seen(team, days_before=1).is_empty()
    after = stamp(team.home, "mali")
    desk.publish()
    assert stamp(team.home, "mali") == after


def test_what_is_sensitive_is_accepted_and_stays_in_no_figure(team: Team):
    desk = Desk(RoomSettings(home=team.home, theatres=("mali",), as_of=TODAY, build=False, clock=team.now))
    team.browser("awa").report(sensitivity="severe", description="XYZZY")
    team.browser("ana").decide(1, act="accepted")
    desk.publish()
    assert seen(team).is_empty()
    assert "XYZZY" not in str(seen(team).to_dicts())
