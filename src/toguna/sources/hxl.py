"""The source "hxl": a table whose columns carry HXL tags, as on the Humanitarian Data Exchange.

Enters: CSV, XLSX or Parquet with a row of tags, and the dataset's metadata beside it. Leaves: events. Called
by `toguna.events` through `toguna.sources`.

References
----------
HXL 1.1, https://hxlstandard.org/standard/1-1final/.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from toguna.core.findings import Finding, stops
from toguna.sources.protocol import About, RawFile
from toguna.sources.table.grid import open_grid
from toguna.sources.table.hdx import metadata_file, read_metadata
from toguna.sources.table.header import Laid, lay
from toguna.sources.table.says import finding
from toguna.sources.table.source import Mapped, refused
from toguna.sources.table.synonyms import by_tag
from toguna.sources.table.unmapped import Meant, read_unmapped

__all__ = ["SOURCE", "Hxl"]

_ABOUT = About(
    provider="whoever made the dataset",
    licence="as stated in the metadata beside the file",
    citation="as stated in the metadata beside the file",
    cadence="as published",
    url="https://data.humdata.org/",
    limits=(
        "Words of kinds, tactics and targets stay as written; a mapping (source table) can translate them.",
        "Tags say which column is what, not whether deaths are a best estimate or a claim.",
        "#org is who helps unless it says otherwise, and is then not used.",
        "p-codes (+code) are not turned into names.",
        "Without metadata beside the file licence and day of publication are unknown.",
    ),
    columns={
        "event_id": "#event+id, #event+code, #meta+id, else row numbers",
        "date_start": "#date+start, else #date+occurred, #date",
        "date_end": "#date+end",
        "published_at": "#date+reported, #date+published, else last_modified of the metadata",
        "event_type": "#event, #event+type, #cause",
        "note": "#event+sub, #description",
        "perpetrators": "#group, #group+first; #org+perpetrator",
        "side_b": "#group+second",
        "target": "#event+target",
        "tactic": "#event+tactic",
        "best": "#affected+killed",
        "low": "#affected+killed+min",
        "high": "#affected+killed+max",
        "deaths_civilians": "#affected+killed+civilians",
        "wounded": "#affected+injured",
        "hostages": "#affected+abducted",
        "lat": "#geo+lat",
        "lon": "#geo+lon",
        "place": "#loc",
        "admin1": "#adm1",
        "admin2": "#adm2",
        "country": "#country",
        "source_urls": "#meta+url, #meta+source",
    },
)
# On HDX #org is first of all who helps: only with one of these words is it who attacked.
_ARMED = frozenset(["perpetrator", "attacker", "armed"])


class Hxl(Mapped):
    """The source "hxl"."""

    name = "hxl"
    about = _ABOUT

    def read(self, path: Path) -> RawFile:
        """Read a file by its tags; what forbids using it is a finding that stops."""
        grid = open_grid(path)
        if stops(grid.findings):
            return refused(path, list(grid.findings))
        laid = lay(grid, path.name)
        if not laid.tagged:
            return refused(path, [*grid.findings, _untagged(path.name)])
        return read_unmapped(path, grid, laid, meant=_meant(laid), metadata=read_metadata(path))

    def companions(self, path: Path) -> list[Path]:
        """Name the metadata: with others it is another release."""
        place = metadata_file(path)
        return [place] if place else []


SOURCE = Hxl()


def _meant(laid: Laid) -> Iterator[Meant]:
    starts = [tag for _, tag in laid.tagged if by_tag(tag) == "date_start" and "start" in _attributes(tag)]
    for column, tag in laid.tagged:
        event = by_tag(tag)
        if event == "perpetrators" and tag.startswith("#org") and not _ARMED & _attributes(tag):
            continue
        if event == "date_start" and len(starts) == 1 and tag != starts[0]:
            continue  # "#date+start" says itself that it is the first day
        if event:
            yield column, tag, event


def _attributes(tag: str) -> set[str]:
    return set(tag.split("+")[1:])


def _untagged(table: str) -> Finding:
    said = ("no row of HXL tags", "a row like #date+start, #geo+lat, #geo+lon, #affected+killed",
            "Run `toguna mapping FILE --write`, and `toguna ingest table FILE`.")  # fmt: skip
    return finding("tags-absent", "stop", table=table, said=said)
