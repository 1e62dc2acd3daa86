"""What every source must keep, as a test that the author of a plug-in runs on it.

Enters: a source and a folder with files of it. Leaves: nothing, or an AssertionError that says what is wrong.
Called by tests, of Toguna and of plug-ins; needs no test framework.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from toguna.core.findings import stops
from toguna.core.names import EVENT_SCHEMA
from toguna.events.admit import admit
from toguna.events.checks.context import Context
from toguna.sources.protocol import UNREADABLE_SCHEMA, About, Parsed, RawFile, Source
from toguna.store.theatre import Theatre

__all__ = ["HOSTILE", "SourceContract"]

HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "blank": b"\n \n",
    "page": b"<!DOCTYPE html><html><body>Please log in</body></html>",
    "binary": bytes(range(256)) * 8,
    "zeros": b"\x00" * 4096,
    "damaged zip": b"PK\x03\x04" + b"\x07" * 200,
    "damaged parquet": b"PAR1" + b"\x07" * 200,
    "other table": b"a,b\n1,2\n",
    "cut JSON": b'{"type": "FeatureCollection", "features": [',
}


class SourceContract:
    """The contract of a source; give `source` and `sample`, and run the tests by pytest or `check_all`.

    A class that inherits it and is called Test... is run by pytest as it is:

        class TestBulletin(SourceContract):
            source = SOURCE

            def sample(self, folder):
                path = folder / "bulletin.csv"
                path.write_text(GOOD)
                return path

    `bad_cells` may return a file like `sample` with a cell that cannot be read, and the number of its row.
    """

    source: Source
    theatre: Theatre | None = None

    def sample(self, folder: Path) -> Path:
        """Write a good file with two rows or more into a folder and return its path."""
        raise AssertionError("give a sample: a good file with two rows or more")

    def bad_cells(self, folder: Path) -> tuple[Path, int] | None:
        """Write a file with a cell that cannot be read; return path and row (1 = first), or None."""
        return None

    def check_all(self, folder: Path) -> None:
        """Run every test, each in a folder of its own; for those who use another framework.

        Raises
        ------
        AssertionError
            The source does not keep the contract.
        """
        for number, test in enumerate(self._tests()):
            own = folder / str(number)
            own.mkdir(parents=True)
            test(own)

    def test_says_who_publishes_it_and_on_what_terms(self, tmp_path: Path) -> None:
        """Name and card are complete, and say whether rows may be passed on."""
        about = self.source.about
        assert isinstance(about, About), "`about` must be a toguna.sources.protocol.About"
        assert self.source.name and self.source.name == self.source.name.lower(), "`name`: small letters"
        for fact in ("provider", "licence", "citation", "cadence"):
            assert getattr(about, fact).strip(), f"about.{fact} is blank"
        assert isinstance(about.redistribute, bool), "about.redistribute must be True or False"
        assert about.limits, "about.limits is empty: every source has known limits"
        unknown = set(about.columns) - set(EVENT_SCHEMA.names())
        assert not unknown, f"about.columns names no event columns: {sorted(unknown)}"

    def test_what_is_no_file_of_it_stops(self, tmp_path: Path) -> None:
        """Absent, empty, binary and foreign files give a finding that stops, never an exception."""
        paths = [tmp_path / "absent.csv"]
        for name, content in HOSTILE.items():
            path = tmp_path / f"{name}.csv"
            path.write_bytes(content)
            paths.append(path)
        for path in paths:
            raw = self.source.read(path)
            assert stops(raw.findings), f"{path.name} was read without a finding that stops"

    def test_no_row_is_lost(self, tmp_path: Path) -> None:
        """One event for every row, in its order, in the columns of an event."""
        raw, parsed = self._parsed(tmp_path)
        assert raw.frame.height >= 2, "the sample must have two rows or more"
        assert parsed.events.schema == EVENT_SCHEMA, "parse must return EVENT_SCHEMA"
        assert parsed.events["row"].to_list() == list(range(1, raw.frame.height + 1)), (
            "one event for each row"
        )
        assert parsed.unreadable.schema == UNREADABLE_SCHEMA, "unreadable must have UNREADABLE_SCHEMA"
        context = Context(raw.table or "sample", parsed.unreadable, parsed.columns, raw.published_at)
        admission = admit(parsed.events, context)
        assert admission.accepted.height, "not one row of the sample is accepted"

    def test_ids_begin_with_the_source_and_are_its_own(self, tmp_path: Path) -> None:
        """Ids are "source:...", different, and the column `source` says the same."""
        events = self._parsed(tmp_path)[1].events
        ids = events["event_id"].drop_nulls()
        assert ids.str.starts_with(f"{self.source.name}:").all(), f"ids must begin with {self.source.name}:"
        assert ids.n_unique() == len(ids), "ids of the sample are not all different"
        assert events["source"].unique().to_list() == [self.source.name]

    def test_says_when_it_could_be_known(self, tmp_path: Path) -> None:
        """`published_at` is given for every row with a day, and not before that day began."""
        events = self._parsed(tmp_path)[1].events.filter(pl.col("date_start").is_not_null())
        assert events.height, "the sample has no row with a day"
        assert events["published_at"].null_count() == 0, "published_at is null: it would never be hidden"
        assert (events["published_at"] >= events["date_start"]).all(), "published before it happened"

    def test_the_same_file_says_the_same(self, tmp_path: Path) -> None:
        """Reading and parsing twice gives the same rows and findings."""
        path = self.sample(tmp_path)
        one, other = self.source.read(path), self.source.read(path)
        assert one.frame.equals(other.frame) and one.findings == other.findings
        first, second = (self.source.parse(raw, theatre=self.theatre) for raw in (one, other))
        assert first.events.equals(second.events) and first.unreadable.equals(second.unreadable)

    def test_reads_again_from_the_archive(self, tmp_path: Path) -> None:
        """The archived frame alone, as text and Parquet keep it, says the same events."""
        raw, parsed = self._parsed(tmp_path)
        raw.frame.write_parquet(tmp_path / "archived.parquet")
        again = replace(raw, frame=pl.read_parquet(tmp_path / "archived.parquet"), findings=())
        assert self.source.parse(again, theatre=self.theatre).events.equals(parsed.events)

    def test_parts_of_it_are_whole_rows(self, tmp_path: Path) -> None:
        """`select` keeps rows as they are; no rows at all are parsed into an empty frame of events."""
        raw = self.source.read(self.sample(tmp_path))
        events = self.source.parse(replace(raw, frame=raw.frame.clear()), theatre=self.theatre).events
        assert events.is_empty() and events.schema == EVENT_SCHEMA, "no rows must be no events"
        if self.theatre is None:
            return
        kept = self.source.select(raw, theatre=self.theatre)
        assert kept.frame.columns == raw.frame.columns, "select must keep all columns"
        rows = iter(raw.frame.rows())
        assert all(any(row == other for other in rows) for row in kept.frame.rows()), "rows were changed"
        parsed = self.source.parse(kept, theatre=self.theatre)
        assert parsed.events.height == kept.frame.height

    def test_cells_that_cannot_be_read_are_reported(self, tmp_path: Path) -> None:
        """A bad cell is said with its row: not dropped, and not taken for zero or missing in silence."""
        made = self.bad_cells(tmp_path)
        if made is None:
            return
        path, row = made
        raw = self.source.read(path)
        assert not stops(raw.findings), [f.sentence() for f in stops(raw.findings)]
        parsed = self.source.parse(raw, theatre=self.theatre)
        assert row in parsed.unreadable["row"].to_list(), f"the bad cell of row {row} is not in `unreadable`"
        context = Context(raw.table or "sample", parsed.unreadable, parsed.columns, raw.published_at)
        admission = admit(parsed.events, context)
        assert row in {f.row for f in admission.findings}, f"no finding names the bad cell of row {row}"
        assert admission.accepted.height + admission.quarantined.height == raw.frame.height

    def _parsed(self, folder: Path) -> tuple[RawFile, Parsed]:
        raw = self.source.read(self.sample(folder))
        assert not stops(raw.findings), [f.sentence() for f in stops(raw.findings)]
        assert raw.published_at is None or isinstance(raw.published_at, date)
        return raw, self.source.parse(raw, theatre=self.theatre)

    def _tests(self) -> Iterator[Callable[[Path], None]]:
        for name in sorted(dir(self)):
            if name.startswith("test_"):
                yield getattr(self, name)
