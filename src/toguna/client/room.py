"""One theatre of a room, as values, iterators and frames.

Enters: the address of a room. Leaves: what it tells whoever holds the token. Called by scripts and notebooks.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from datetime import date
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit
from warnings import warn

import httpx
import polars as pl

from toguna.client.asking import Answer, Asking, Patience
from toguna.client.errors import StaleWarning
from toguna.core.errors import UsageError

__all__ = ["Room"]

Row = dict[str, Any]
_NAMES = {"first": "from", "last": "to"}
_AT_HOME = ("localhost", "127.0.0.1", "::1")
_PAGE = 500


class Room:
    """A theatre of a room.

    Parameters
    ----------
    url : str
        Address of the room; https, or http on this machine: a token must not cross a network in the clear.
    token : str, optional
        Token of an account with the rights that are needed: "read" for what pages say, "export" for rows.
    theatre : str
        Name of the theatre.
    as_of : date or str, optional
        Day the room is stepped back to; None = the day on which it stands.
    lang : {"en", "fr"}
        Language of messages.
    asking : Asking, optional
        How it is asked; one is made when left out.

    Raises
    ------
    UsageError
        The address is not safe.

    Warns
    -----
    StaleWarning
        What the room gives is older than it should be: newer data wait, or could not be assessed.

    Examples
    --------
    >>> with Room("http://127.0.0.1:8420", token="...", theatre="sahel") as room:  # doctest: +SKIP
    ...     [area["name"] for area in room.items("areas") if area["status"] == "new"]
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        theatre: str,
        as_of: date | str | None = None,
        lang: str = "en",
        asking: Asking | None = None,
    ) -> None:
        self.theatre, self._told = theatre, ""
        self._own = asking is None
        self._asking = asking or _asking(url, token)
        self._always = {"lang": lang} | ({"as_of": str(as_of)} if as_of is not None else {})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        if self._own:
            self._asking.http.close()

    def theatres(self) -> list[Row]:
        """Return the theatres that the token may enter."""
        found: list[Row] = json.loads(self._asking.get("/api/v1/theatres", {}).body)["items"]
        return found

    def about(self) -> Row:
        """Return what the room says of the theatre: title, countries, `as_of`, `ready`, `failed`, `stale`."""
        found: Row = self.get("")
        return found

    def stale(self) -> Row | None:
        """Say whether a newer assessment than the one given is due; None when there is nothing newer.

        Returns
        -------
        dict or None
            `made_at` and `since` (moments, UTC), `failed` (it could not be built; else it is being built),
            `lags` (the one given is of an earlier day), `said` (what went wrong, for who may mend it).
        """
        found: Row | None = self.about()["stale"]
        return found

    def get(self, path: str, **params: Any) -> Any:
        """Return what stands at an address of the theatre: "situation", "why/where", "warnings/mali-0003" ...

        See the [reference](../reference/web-api.md) for all of them.
        """
        return json.loads(self._get(path, params).body)

    def items(self, name: str, **params: Any) -> Iterator[Row]:
        """Yield every entry of a list: "shifts", "areas", "forecasts", "warnings", "incidents" ...

        The room sends them in parts; the next is asked for when the one before is used up.
        """
        offset = int(params.pop("offset", 0))
        while True:
            page = self.get(name, **{"limit": _PAGE, **params, "offset": offset})
            yield from page["items"]
            offset += len(page["items"])
            if not page["items"] or offset >= page["total"]:
                return

    def headline(self) -> list[Row]:
        """Return the five sentences, each with its number and uncertainty."""
        return list(self.items("headline"))

    def frame(self, name: str) -> pl.DataFrame:
        """Return a table of the assessment: "shifts", "areas", "actors", "months", "claims" ...

        Columns are those of the file of that name which ``toguna export`` writes.
        """
        return _frame(self._get(f"exports/{name}.parquet", {}))

    def events(self, **query: Any) -> pl.DataFrame:
        """Return events, as far as they may be passed on; `withheld` says which are not there.

        Parameters
        ----------
        **query
            `q`, `place`, `actor`, `first`, `last`, `violence`, `tactic`, `target`, `source`, `admin1`,
            `year`, `box` (west,south,east,north), `sort`; everything said has to hold.

        Returns
        -------
        DataFrame
            Columns of `toguna.core.names.EXPORT_COLUMNS`.
        """
        return _frame(self._get("exports/events.parquet", query))

    def withheld(self) -> list[Row]:
        """Say which rows are not given, why, and how to come by them."""
        found: list[Row] = self.get("withheld")["items"]
        return found

    def file(self, name: str, **query: Any) -> bytes:
        """Return a data file: "events.csv", "events.geojson", "all.zip" ..."""
        return self._get(f"exports/{name}", query).body

    def _get(self, path: str, params: Mapping[str, Any]) -> Answer:
        told = {_NAMES.get(name, name): _said(value) for name, value in {**self._always, **params}.items()}
        wanted = {name: value for name, value in told.items() if value is not None}
        where = f"/api/v1/t/{quote(self.theatre, safe='')}/{quote(path, safe='/:@')}".rstrip("/")
        answer = self._asking.get(where, wanted)
        self._tell_age(answer.headers.get("x-toguna-stale", ""))
        return answer

    def _tell_age(self, said: str) -> None:
        """Warn, once for each state, of what a table cannot say: that it is older than it should be."""
        if said and said != self._told:
            warn(
                f"{self.theatre}: a newer assessment is due ({said}); see stale().",
                StaleWarning,
                stacklevel=4,
            )
        self._told = said


def _asking(url: str, token: str | None) -> Asking:
    at = urlsplit(url)
    if at.scheme not in ("http", "https") or not at.hostname:
        raise UsageError(f"{url!r} is no address of a room; expected https://HOST, or http://127.0.0.1:PORT.")
    if token and at.scheme == "http" and at.hostname not in _AT_HOME:
        raise UsageError(f"{url} would carry the token unencrypted; give the room's https address.")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    patience = Patience()
    http = httpx.Client(base_url=url, headers=headers, timeout=patience.timeout, follow_redirects=False)
    return Asking(http, patience)


def _said(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return value


def _frame(answer: Answer) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(answer.body))
