"""Fetch a whole version of UCDP GED from the UCDP API, with a proof that it is whole.

Enters: a version. Leaves: a Parquet file named as UCDP names its files, read like any of them by the source
"ucdp", and `Proof` beside it as JSON; or a loud error and no file. Called by `toguna.events.fetch`.

The API counts pages from 0. A client that begins at 1 loses exactly one page and nothing tells it so: 385,918
events of version 25.1 become 384,918 in pages of 1,000 and 335,918 in pages of 50,000. Should the API ever
count from 1, page 0 would repeat or be refused: an error either way.

References
----------
https://ucdp.uu.se/apidocs/ (token in the header x-ucdp-access-token; 5,000 requests a day, errors count).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import polars as pl

from toguna.core.errors import UsageError
from toguna.core.progress import Progress, Silent
from toguna.sources.fetch_errors import IncompleteError, RefusedError, StaleError
from toguna.sources.fetch_session import ChangedError, Session, safe_address
from toguna.sources.harvest import Harvest, keep_harvest
from toguna.sources.patient import Ask, Patient
from toguna.sources.shelf import Shelf
from toguna.sources.ucdp_api_pages import Page, judge, read_page
from toguna.sources.ucdp_api_proof import Collected, Proof, sum_of
from toguna.sources.ucdp_versions import version_of

__all__ = ["ADDRESS", "UcdpApi", "harvest"]

ADDRESS = "https://ucdpapi.pcr.uu.se/api"
DAILY_REQUESTS = 5000
_VERSION = re.compile(r"\d{2}(\.\d{1,2}){1,3}")
# Seen by its users: too many requests are answered with 400 as well as with 429.
_ALSO_THROTTLES = frozenset([400])
_CHECK_TOKEN = "Check the access token, see https://ucdp.uu.se/apidocs/ for how to get one"
_REPAIRS = {
    401: _CHECK_TOKEN,
    403: _CHECK_TOKEN,
    0: "Check the version and the page size; right after many requests, wait a minute",
}


@dataclass(frozen=True, slots=True)
class UcdpApi:
    """Where and how to ask.

    Parameters
    ----------
    patient : Patient
        The client.
    token : str
        Access token; shown nowhere.
    address : str
        Base address.
    page_size : int
        Rows a page; documented clients of the API take 1000 for the most.
    """

    patient: Patient
    token: str = ""
    address: str = ADDRESS
    page_size: int = 1000

    def __post_init__(self) -> None:
        safe_address(self.address)
        if self.page_size < 1:
            raise UsageError(f"a page of {self.page_size} rows cannot be asked for; take 1000.")

    def __repr__(self) -> str:
        return f"UcdpApi({self.address!r}, page_size={self.page_size})"

    def url(self, version: str) -> str:
        """Return the address of a version."""
        return f"{self.address.rstrip('/')}/gedevents/{version}"

    def page(self, version: str, number: int, *, known: bool) -> Page:
        """Ask for one page; `known` says that the server has answered for this version before."""
        ask = Ask(
            self.url(version),
            params={"pagesize": str(self.page_size), "page": str(number)},
            headers={"x-ucdp-access-token": self.token, "accept": "application/json"},
            throttles_with=_ALSO_THROTTLES if known else frozenset(),
            repairs=_REPAIRS,
        )
        return self.patient.get(ask, read_page)


@contextmanager
def harvest(
    version: str,
    out: Path,
    *,
    api: UcdpApi,
    at_least: int = 0,
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Iterator[Harvest]:
    """Fetch a version whole, or raise; while the context lasts no other process can fetch the same.

    Parameters
    ----------
    version : str
        As the API names it: "25.1", "26.0.7".
    out : Path
        Folder under which finished pages and the file are kept.
    api : UcdpApi
        Where and how to ask.
    at_least : int
        Rows of the same version held already: fewer are refused.
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
    UsageError
        No such form of a version.
    FetchError
        The server does not answer, refuses, answers something else, or serves less than the whole.
    BusyError
        The same fetch runs already.
    """
    name = f"GEDEvent_v{version.replace('.', '_')}_api.parquet"
    if not _VERSION.fullmatch(version) or _numbers(version_of(name)) != _numbers(version):
        raise UsageError(f"{version!r} is no version of UCDP GED; write it as 25.1 or 26.0.7.")
    folder = out / f"ucdp-{version}-{api.page_size}-{sha256(api.address.encode()).hexdigest()[:8]}"
    shelf = Shelf(folder, read_page)
    with shelf.alone():
        with (progress or Silent()).step(f"fetch UCDP GED {version}") as step:
            run = _Run(version, api, shelf=shelf, at_least=at_least, say=say)
            got = run.close(run.collect(step), shelf.folder / name)
        yield got


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part]


class _Run:
    """One session of fetching one version."""

    def __init__(
        self, version: str, api: UcdpApi, *, shelf: Shelf[Page], at_least: int, say: Callable[[str], None]
    ) -> None:
        self.version, self.api, self.shelf, self.at_least = version, api, shelf, at_least
        self.session = Session(shelf, api.patient, say)

    def collect(self, step: Callable[[int, int], None]) -> Collected:
        """Bring all pages together."""
        return self.session.whole(lambda: self._pages(step))

    def close(self, collected: Collected, path: Path) -> Harvest:
        """Write file and proof."""
        frame = collected.frame()
        try:
            collected.check(frame)
        except IncompleteError:
            self.shelf.clear()
            raise
        return keep_harvest(
            frame, path, shelf=self.shelf, prove=lambda digest: self._proof(collected, frame, digest)
        )

    def _pages(self, step: Callable[[int, int], None]) -> Collected:
        collected = Collected()
        number, pages = 0, 1
        while number < pages:
            key = f"{number:06d}"
            page = self.shelf.get(key)
            fresh = page is None
            if page is None:
                page = self.api.page(self.version, number, known=bool(number or self.shelf.kept()))
            if collected.pages and page.whole != collected.whole:
                raise ChangedError(f"{collected.whole.total} rows, then {page.whole.total}")
            self._judge(page, number)
            collected.add(page, number)
            if fresh:
                self.session.keep(key, page.body)
            number, pages = number + 1, page.whole.pages
            step(number, pages)
        return collected

    def _judge(self, page: Page, number: int) -> None:
        judge(page, number, size=self.api.page_size)
        if page.whole.total < self.at_least:
            raise StaleError(
                f"the server announces {page.whole.total} rows of version {self.version}",
                expected=f"at least the {self.at_least} that are held of the same version",
                repair="A released version does not shrink: the answer is stale or cut. Run it again later",
            )
        if page.whole.pages > DAILY_REQUESTS:
            raise RefusedError(
                f"{page.whole.pages} pages would be needed",
                expected=f"at most the {DAILY_REQUESTS} requests that UCDP allows a day",
                repair="Ask for more rows a page (--page-size 1000)",
            )

    def _proof(self, collected: Collected, frame: pl.DataFrame, digest: str) -> Proof:
        return Proof(
            url=self.api.url(self.version),
            version=self.version,
            page_size_asked=self.api.page_size,
            page_size_honoured=collected.fullest,
            announced_total=collected.whole.total,
            announced_pages=collected.whole.pages,
            pages=collected.pages,
            rows=frame.height,
            distinct_ids=frame["id"].n_unique(),
            deaths=sum_of(frame),
            first_id=collected.first_id,
            last_id=collected.last_id,
            started_at=self.session.started_at,
            ended_at=self.session.ended_at,
            sha256=digest,
            **self.session.counts(),
        )
