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

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl

from toguna.core.errors import UsageError
from toguna.core.progress import Progress, Silent
from toguna.sources.fetch_errors import IncompleteError, RefusedError, StaleError
from toguna.sources.patient import Patient
from toguna.sources.ucdp_api_pages import Page, Shelf, judge, read_page, write_atomically
from toguna.sources.ucdp_api_proof import Collected, Proof, sum_of
from toguna.sources.ucdp_versions import version_of

__all__ = ["ADDRESS", "Harvest", "UcdpApi", "harvest"]

ADDRESS = "https://ucdpapi.pcr.uu.se/api"
DAILY_REQUESTS = 5000
KEPT_FOR = timedelta(days=7)
_VERSION = re.compile(r"\d{2}(\.\d{1,2}){1,3}")
_LOCAL = ("localhost", "127.0.0.1", "::1")
# Seen by its users: too many requests are answered with 400 as well as with 429.
_ALSO_THROTTLES = frozenset([400])


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
        parts = urlsplit(self.address)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
            raise UsageError(f"the address {self.address!r} must begin with https://: it is sent a token.")
        if parts.query or parts.username or parts.password:
            raise UsageError("write the address of the API without a question mark, user or password.")
        if self.page_size < 1:
            raise UsageError(f"a page of {self.page_size} rows cannot be asked for; take 1000.")

    def __repr__(self) -> str:
        return f"UcdpApi({self.address!r}, page_size={self.page_size})"

    def url(self, version: str) -> str:
        """Return the address of a version."""
        return f"{self.address.rstrip('/')}/gedevents/{version}"

    def page(self, version: str, number: int, *, known: bool) -> Page:
        """Ask for one page; `known` says that the server has answered for this version before."""
        return self.patient.get(
            self.url(version),
            read_page,
            params={"pagesize": str(self.page_size), "page": str(number)},
            headers={"x-ucdp-access-token": self.token, "accept": "application/json"},
            throttles_with=_ALSO_THROTTLES if known else frozenset(),
        )


@dataclass(frozen=True, slots=True)
class Harvest:
    """A whole version: its file and the proof."""

    path: Path
    proof: Proof
    shelf: Shelf

    def clean(self) -> None:
        """Drop pages and file once they are in the archive."""
        self.shelf.clear()
        self.path.unlink(missing_ok=True)
        self.path.with_suffix(".proof.json").unlink(missing_ok=True)


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
    shelf = Shelf(out / f"ucdp-{version}-{api.page_size}-{sha256(api.address.encode()).hexdigest()[:8]}")
    with shelf.alone():
        with (progress or Silent()).step(f"fetch UCDP GED {version}") as step:
            run = _Run(version, api, shelf=shelf, at_least=at_least, say=say)
            run.open()
            got = run.close(run.collect(step), shelf.folder / name)
        yield got


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part]


class _ChangedError(Exception):
    """The announced whole changed between two pages."""


class _Run:
    """One session of fetching one version."""

    def __init__(
        self, version: str, api: UcdpApi, *, shelf: Shelf, at_least: int, say: Callable[[str], None]
    ) -> None:
        self.version, self.api, self.shelf, self.at_least, self.say = version, api, shelf, at_least, say
        self.means = api.patient.means

    def open(self) -> None:
        """Take up the notes of earlier sessions, or begin afresh."""
        notes = self.shelf.notes()
        begun = _moment(notes.get("started_at"))
        if begun is None or self.means.now() - begun > KEPT_FOR:
            if self.shelf.kept():
                self.say("Pages of an earlier fetch are too old: beginning afresh.")
            self.shelf.clear()
            notes = {}
        self.started_at = str(notes.get("started_at") or self._now())
        self.ended_at = str(notes.get("ended_at") or self.started_at)
        self.before = {key: int(notes.get(key, 0)) for key in ("requests", "retries", "sessions")}
        self.restarts = int(notes.get("restarts", 0))
        self.asked = (self.api.patient.requests, self.api.patient.retries)
        if kept := self.shelf.kept():
            self.say(f"{kept} finished pages of an earlier fetch are kept and not asked for again.")

    def collect(self, step: Callable[[int, int], None]) -> Collected:
        """Bring all pages together; one change of the announced whole is answered by beginning afresh."""
        while True:
            try:
                return self._pages(step)
            except _ChangedError as change:
                self.shelf.clear()
                if self.restarts:
                    raise IncompleteError(
                        f"the announced whole changed again: {change}",
                        expected="one whole for all pages",
                        repair="Run the command again later, when the release is no longer being written",
                    ) from None
                self.restarts += 1
                self.say(f"The announced whole changed while it was fetched ({change}): beginning afresh.")
                self.started_at = self._now()
            except (IncompleteError, StaleError):
                # One of the kept pages may be the wrong one: none of them is trusted again.
                self.shelf.clear()
                raise
            finally:
                self._note()

    def close(self, collected: Collected, path: Path) -> Harvest:
        """Write file and proof."""
        frame = collected.frame()
        try:
            collected.check(frame)
        except IncompleteError:
            self.shelf.clear()
            raise
        buffer = io.BytesIO()
        frame.write_parquet(buffer, compression="zstd")
        data = buffer.getvalue()
        proof = self._proof(collected, frame, sha256(data).hexdigest())
        text = json.dumps(proof.as_dict(), indent=1, ensure_ascii=False) + "\n"
        write_atomically(path, data)
        write_atomically(path.with_suffix(".proof.json"), text.encode())
        return Harvest(path, proof, self.shelf)

    def _pages(self, step: Callable[[int, int], None]) -> Collected:
        collected = Collected()
        number, pages = 0, 1
        while number < pages:
            page = self.shelf.get(number)
            fresh = page is None
            if page is None:
                page = self.api.page(self.version, number, known=bool(number or self.shelf.kept()))
                self.ended_at = self._now()
            if collected.pages and page.whole != collected.whole:
                raise _ChangedError(f"{collected.whole.total} rows, then {page.whole.total}")
            self._judge(page, number)
            collected.add(page, number)
            if fresh:
                self.shelf.put(number, page)
                self._note()
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
            started_at=self.started_at,
            ended_at=self.ended_at,
            sha256=digest,
            **self._counts(),
        )

    def _counts(self) -> dict[str, int]:
        requests, retries = self.asked
        patient = self.api.patient
        return {
            "requests": self.before["requests"] + patient.requests - requests,
            "retries": self.before["retries"] + patient.retries - retries,
            "sessions": self.before["sessions"] + 1,
            "restarts": self.restarts,
        }

    def _note(self) -> None:
        if self.shelf.kept():
            self.shelf.note({**self._counts(), "started_at": self.started_at, "ended_at": self.ended_at})

    def _now(self) -> str:
        return self.means.now().isoformat(timespec="seconds")


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
