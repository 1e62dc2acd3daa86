"""Fetch events from ACLED's API, with a proof that what came is all that was asked for.

Enters: countries and days. Leaves: a Parquet file read by the source "acled", and `Proof` beside it as JSON;
or a loud error and no file. Called by `toguna.events.fetch`.

A page is asked for with the cursor that the page before it names; the last names none. The announced total is
not trusted alone: every country and month (or year) is counted again by a question of its own, and the first
page is read again at the end. An account that may not see the last months of the period is refused, because
the server would leave them out without a word.

References
----------
https://acleddata.com/api-documentation/acled-endpoint, .../elements-acleds-api, .../deleted-endpoint. Read
through others who wrote down what stands there; not met live. See docs/sources/acled.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from toguna.core.errors import UsageError
from toguna.core.progress import Progress, Silent
from toguna.sources.acled_api_pages import EVENT, WITHDRAWN, Page, read_page
from toguna.sources.acled_api_proof import Collected, Proof, windows
from toguna.sources.acled_api_walk import ACCESS, AFRESH, FIRST_DAY, Query, Walk, params_of
from toguna.sources.acled_login import Login
from toguna.sources.fetch_errors import IncompleteError, RefusedError, StaleError, UnusableAnswerError
from toguna.sources.fetch_session import ChangedError, Session, safe_address
from toguna.sources.harvest import Harvest, keep_harvest
from toguna.sources.patient import Ask, Patient
from toguna.sources.shelf import Shelf

__all__ = ["ADDRESS", "AcledApi", "Held", "Query", "harvest"]

ADDRESS = "https://acleddata.com"
# Of the events held before, the share that may be gone without being on the list of withdrawn ones: those
# moved to another day or country. Fewer than these are no reason to doubt.
MOST_VANISHED, FEW = 0.05, 5
_REPAIRS = {
    401: "The token is not accepted, nor is a fresh one: check the account at https://acleddata.com",
    403: ACCESS,
    0: "Check the countries and days; if they are right the API has changed: export a CSV from your account",
}


@dataclass(frozen=True, slots=True)
class Held:
    """Ids ("MLI1234") of the release held before, within the question, and the day on which it was out."""

    ids: frozenset[str] = frozenset()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class AcledApi:
    """Where and how to ask.

    Parameters
    ----------
    patient : Patient
        The client.
    login : Login
        Gives tokens.
    address : str
        Base address.
    page_size : int
        Rows a page; 5000 is what ACLED gives without being asked.
    """

    patient: Patient
    login: Login
    address: str = ADDRESS
    page_size: int = 5000

    def __post_init__(self) -> None:
        safe_address(self.address)
        if self.page_size < 2:
            raise UsageError(f"a page of {self.page_size} rows cannot be asked for; take 5000.")

    def url(self, table: str = "acled") -> str:
        """Return the address of a table."""
        return f"{self.address.rstrip('/')}/api/{table}/read"

    def page(self, params: Mapping[str, str], *, table: str = "acled") -> Page:
        """Ask for one page; a token that is no longer accepted is renewed once."""
        read = partial(read_page, needed=EVENT if table == "acled" else WITHDRAWN, hide=self.login.hide)
        try:
            return self.patient.get(self._ask(params, table), partial(self._discreet, read=read))
        except RefusedError as refusal:
            if refusal.status != 401:
                raise
        self.login.renew()
        return self.patient.get(self._ask(params, table), partial(self._discreet, read=read))

    def _ask(self, params: Mapping[str, str], table: str) -> Ask:
        return Ask(
            self.url(table),
            params={"_format": "json", "limit": str(self.page_size), "with_total": "true", **params},
            headers={"authorization": f"Bearer {self.login.token()}", "accept": "application/json"},
            repairs=_REPAIRS,
            words=self.login.words,
        )

    def _discreet(self, body: bytes, *, read: Callable[[bytes], Page]) -> Page:
        if self.login.reveals(body):
            raise UnusableAnswerError(
                "the answer repeats the token or the password that was sent",
                expected="rows of events",
                repair="Do not use this address; change the password of the account",
            )
        return read(body)


@contextmanager
def harvest(
    query: Query,
    out: Path,
    *,
    api: AcledApi,
    held: Held | None = None,
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Iterator[Harvest]:
    """Fetch all events of a question, or raise; while the context lasts no other process can fetch the same.

    Parameters
    ----------
    query : Query
        Countries and days.
    out : Path
        Folder under which finished pages and the file are kept.
    api : AcledApi
        Where and how to ask.
    held : Held, optional
        What was held before: events of it that are gone must be on ACLED's list of withdrawn ones.
    progress : Progress, optional
        Where to tell progress.
    say : callable, optional
        Where to tell what is remarkable.

    Yields
    ------
    Harvest
        File and proof.

    Raises
    ------
    FetchError
        The server does not answer, refuses, answers something else, or serves less than the whole.
    BusyError
        The same fetch runs already.
    """
    name = f"{query.name}-{api.page_size}-{sha256(api.address.encode()).hexdigest()[:8]}"
    shelf = Shelf(out / name.lower(), read_page)
    with shelf.alone():
        with (progress or Silent()).step(f"fetch {query.name}") as step:
            run = _Run(query, api, session=Session(shelf, api.patient, say), step=step)
            got = run.close(run.session.whole(run.collect), held or Held())
        yield got


class _Run:
    """One session of answering one question."""

    def __init__(
        self, query: Query, api: AcledApi, *, session: Session, step: Callable[[int, int], None]
    ) -> None:
        self.query, self.api, self.session, self.step = query, api, session, step
        self.numbers = query.numbers()
        self.recounted: dict[str, dict[str, dict[str, int]]] = {}

    def collect(self) -> Collected:
        """Bring all pages together, count again, read the first page again."""
        collected, first = Collected(), []
        for country in self.query.countries:
            first.append(self._country(country, collected))
        for country, page in zip(self.query.countries, first, strict=True):
            try:
                self.recounted[country] = self._recount(country, collected)
            finally:
                # A difference may mean that ACLED wrote meanwhile: then to begin afresh is the answer.
                self._unchanged(country, page)
        return collected

    def close(self, collected: Collected, held: Held) -> Harvest:
        """Write file and proof."""
        frame = collected.frame()
        try:
            collected.check(frame)
            gone = self._gone(collected, held)
        except (IncompleteError, StaleError):
            self.session.shelf.clear()
            raise
        return keep_harvest(
            frame,
            self.session.shelf.folder / f"{self.query.name}.parquet",
            shelf=self.session.shelf,
            prove=lambda digest: self._proof(collected, frame, gone=gone, digest=digest),
        )

    def _country(self, country: str, collected: Collected) -> Page:
        """Read the pages of one country; return the first."""
        walk = Walk(self.query, country, self.numbers[country], size=self.api.page_size)
        while walk.cursor is not None:
            key = f"{country}-{walk.pages:06d}"
            page = self.session.shelf.get(key)
            fresh = page is None
            if page is None:
                page = self.api.page(params_of(self.query, self.numbers[country], walk.cursor))
            walk.take(page)
            collected.add(page, f"page {walk.pages} of {country}")
            if fresh:
                self.session.keep(key, page.body)
            self.step(walk.received, walk.total)
        collected.announced += walk.total
        return walk.first

    def _recount(self, country: str, collected: Collected) -> dict[str, dict[str, int]]:
        """Ask how many events every month or year has, and compare."""
        found = {}
        for window in windows(self.query.first, self.query.last):
            number = self.numbers[country]
            part = Query((country,), window.first, window.last)
            asked = self.api.page({**params_of(part, number, "0"), "limit": "1"}).total
            came = collected.counted(number, window)
            if asked != came["rows"]:
                raise IncompleteError(
                    f"asked again, the server counts {asked} events of {country} in {window.name}",
                    expected=f"{came['rows']}, as many as came",
                    repair=AFRESH,
                )
            found[window.name] = came
        return found

    def _unchanged(self, country: str, before: Page) -> None:
        again = self.api.page(params_of(self.query, self.numbers[country], "0"))
        if (again.rows, again.total) != (before.rows, before.total):
            raise ChangedError(f"the first page of {country} has other rows now")

    def _gone(self, collected: Collected, held: Held) -> dict[str, Any]:
        """Tell the events that were held and are no longer served, in the words of the proof."""
        gone = held.ids - collected.ids
        if not gone:
            return {"held_before": len(held.ids)}
        try:
            withdrawn, how = gone & self._withdrawn(held.since), "read"
        except RefusedError as refusal:
            withdrawn, how = frozenset[str](), "refused"
            self.session.say(f"ACLED's list of withdrawn events cannot be read: {refusal.found}.")
        vanished = len(gone) - len(withdrawn)
        if vanished > max(FEW, MOST_VANISHED * len(held.ids)):
            raise StaleError(
                f"{vanished} of {len(held.ids)} events held before are no longer served, and ACLED's list of "
                "withdrawn ones does not name them",
                expected=f"at most {MOST_VANISHED:.0%}: the answer may be stale, cut, or another account's",
                repair=AFRESH,
            )
        return {
            "held_before": len(held.ids),
            "withdrawn": len(withdrawn),
            "vanished": vanished,
            "withdrawn_list": how,
        }

    def _withdrawn(self, since: date | None) -> frozenset[str]:
        """Read the ids that ACLED withdrew since a day."""
        begun = datetime.combine(since or FIRST_DAY, datetime.min.time(), UTC)
        told = {"deleted_timestamp": str(int(begun.timestamp())), "deleted_timestamp_where": ">="}
        found: set[str] = set()
        seen, cursor = set(), "0"
        while cursor and cursor not in seen:
            seen.add(cursor)
            page = self.api.page({**told, "cursor": cursor}, table="deleted")
            found |= set(page.ids)
            cursor = page.cursor
        return frozenset(found)

    def _proof(
        self, collected: Collected, frame: pl.DataFrame, *, gone: dict[str, Any], digest: str
    ) -> Proof:
        told: dict[str, Any] = {**gone, **self.session.counts()}
        return Proof(
            url=self.api.url(),
            countries=list(self.query.countries),
            first_day=self.query.first.isoformat(),
            last_day=self.query.last.isoformat(),
            page_size_asked=self.api.page_size,
            page_size_honoured=collected.fullest,
            announced_total=collected.announced,
            rows=frame.height,
            distinct_ids=frame["event_id_cnty"].n_unique(),
            pages=collected.pages,
            recounted=self.recounted,
            deaths=collected.deaths(),
            started_at=self.session.started_at,
            ended_at=self.session.ended_at,
            sha256=digest,
            messages=collected.messages,
            **told,
        )
