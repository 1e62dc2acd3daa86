"""Make files in the shape of UCDP GED and of ACLED exports, as large as wanted; every value is invented.

Widths of cells, shares of blanks and numbers of distinct values follow published releases; names, places and
sentences are made of syllables. About one row in two hundred has a fault of the kinds that real files have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

__all__ = ["acled_file", "ged_file"]

_CHUNK = 100_000
_SOUNDS = "ba dou ko ga tim bou na ré sé mo ti ké da lam for ça gué ni ma gou yé sa ra to mi wa le"
_SYLLABLES = tuple(_SOUNDS.split(" "))
_FIRST_DAY = np.datetime64("1989-01-01")


@dataclass(frozen=True)
class Pools:
    """Texts from which cells are drawn."""

    words: pl.Series
    names: pl.Series
    sentences: pl.Series


def _pools(rng: np.random.Generator) -> Pools:
    def texts(parts: Sequence[str], mark: str, *, number: int, least: int, most: int) -> pl.Series:
        ends = np.cumsum(rng.integers(least, most + 1, number))
        drawn = [parts[int(i)] for i in rng.integers(0, len(parts), int(ends[-1]))]
        return pl.Series([mark.join(drawn[a:b]) for a, b in zip([0, *ends[:-1]], ends, strict=True)])

    words = texts(_SYLLABLES, "", number=4_000, least=1, most=4)
    names = texts(words.to_list(), " ", number=3_000, least=1, most=3).str.to_titlecase()
    sentences = texts(words.to_list(), " ", number=20_000, least=6, most=22)
    return Pools(words, names, sentences)


class _Draw:
    """Draw columns of one chunk."""

    def __init__(self, rng: np.random.Generator, rows: int, first: int, pools: Pools) -> None:
        self.rng, self.rows, self.first, self.pools = rng, rows, first, pools

    def of(self, pool: pl.Series, *, blank: float = 0.0, most: int | None = None) -> pl.Series:
        """Draw from a pool, or its first texts, with a share of blanks."""
        drawn = pool.gather(self.rng.integers(0, min(most or len(pool), len(pool)), self.rows))
        return drawn.set(pl.Series(self.rng.random(self.rows) < blank), None) if blank else drawn

    def number(self, low: int, high: int) -> pl.Series:
        """Draw whole numbers."""
        return pl.Series(self.rng.integers(low, high + 1, self.rows))

    def deaths(self) -> pl.Series:
        """Draw counts: most are small, a few are large."""
        return pl.Series((self.rng.pareto(1.2, self.rows) * 1.5).clip(0, 5_000).astype(np.int64))

    def degrees(self, low: float, high: float) -> pl.Series:
        """Draw coordinates with six decimals."""
        return pl.Series(self.rng.uniform(low, high, self.rows)).round(6)

    def days(self, span: int) -> pl.Series:
        """Draw days since 1989."""
        return pl.Series(_FIRST_DAY + self.rng.integers(0, span, self.rows))

    def index(self) -> pl.Series:
        """Number the rows through all chunks."""
        return pl.Series(np.arange(self.first, self.first + self.rows))

    def hit(self, share: float) -> pl.Series:
        """Say which rows get a fault."""
        return pl.Series(self.rng.random(self.rows) < share)


def _article(draw: _Draw, day: pl.Series) -> pl.Series:
    paper, headline = draw.of(draw.pools.names), draw.of(draw.pools.sentences)
    return '"' + paper + "," + day.cast(pl.String) + "," + headline + '"'


def _ged(draw: _Draw) -> pl.DataFrame:
    names, sentences = draw.pools.names, draw.pools.sentences
    sides = ("Government of " + names.head(120), names.slice(120, 600))
    day, kind, index = draw.days(12_700), draw.number(1, 3), draw.index()
    dyad = draw.number(0, 599)
    side_a, side_b = sides[0].gather(dyad % 120), sides[1].gather(dyad)
    best, spread = draw.deaths(), draw.deaths() // 4
    lat, lon = draw.degrees(-34, 37), draw.degrees(-17, 60)
    cell = ((lat + 90) / 0.5).floor().cast(pl.Int64) * 720 + ((lon + 180) / 0.5).floor().cast(pl.Int64) + 1
    headline = draw.of(sentences, blank=0.3)
    columns = {
        "id": index + 10_001,
        "relid": "SYN-" + day.dt.year().cast(pl.String) + "-1-" + (dyad + 100).cast(pl.String) + "-",
        "year": day.dt.year(),
        "active_year": draw.number(0, 1),
        "code_status": pl.Series(["Clear"]).new_from_index(0, draw.rows),
        "type_of_violence": kind,
        "conflict_dset_id": dyad + 200,
        "conflict_new_id": dyad + 200,
        "conflict_name": side_a + ": " + draw.of(names, most=40),
        "dyad_dset_id": dyad + 400,
        "dyad_new_id": dyad + 12_000,
        "dyad_name": side_a + " - " + side_b,
        "side_a_dset_id": dyad % 120 + 1,
        "side_a_new_id": dyad % 120 + 1,
        "side_a": side_a,
        "side_b_dset_id": dyad + 1_000,
        "side_b_new_id": dyad + 1_000,
        "side_b": side_b.set(kind == 3, "Civilians"),
        "number_of_sources": draw.number(-1, 9),
        "source_article": _article(draw, day) + (";" + _article(draw, day)).set(draw.hit(0.6), ""),
        "source_office": draw.of(names, blank=0.25),
        "source_date": day.cast(pl.String).set(headline.is_null(), None),
        "source_headline": headline,
        "source_original": draw.of(names, blank=0.15),
        "where_prec": draw.number(1, 5),
        "where_coordinates": draw.of(names) + " town",
        "where_description": draw.of(sentences, blank=0.02).str.slice(0, 45),
        "adm_1": draw.of(names, blank=0.04, most=700) + " province",
        "adm_2": draw.of(names, blank=0.2, most=2_000) + " district",
        "latitude": lat,
        "longitude": lon,
        "geom_wkt": "POINT (" + lon.cast(pl.String) + " " + lat.cast(pl.String) + ")",
        "priogrid_gid": cell,
        "country": draw.of(names, most=60),
        "country_id": draw.number(400, 600),
        "region": draw.of(pl.Series(["Africa", "Asia", "Middle East", "Americas", "Europe"])),
        "event_clarity": draw.number(1, 2),
        "date_prec": draw.number(1, 4),
        "date_start": day.cast(pl.String) + " 00:00:00.000",
        "date_end": day.dt.offset_by("1d").cast(pl.String) + " 00:00:00.000",
        "deaths_a": best // 3,
        "deaths_b": best // 3,
        "deaths_civilians": best // 4,
        "deaths_unknown": draw.number(0, 1),
        "best": best,
        "high": best + spread,
        "low": (best - spread).clip(0).set(draw.hit(0.005), 9_999),
        "gwnoa": draw.number(2, 950).set(kind != 1, None),
        "gwnob": draw.number(2, 950).set(draw.hit(0.98), None),
    }  # fmt: skip
    return pl.DataFrame(columns).with_columns(pl.col("relid") + pl.Series(index).cast(pl.String))


def _acled(draw: _Draw) -> pl.DataFrame:
    names, sentences = draw.pools.names, draw.pools.sentences
    kinds = pl.Series(["Battles", "Protests", "Riots", "Explosions/Remote violence",
                       "Violence against civilians", "Strategic developments"])  # fmt: skip
    day, index = draw.days(12_700), draw.index()
    country = draw.of(names, most=60)
    notes = "On " + day.dt.strftime("%d %B %Y") + ", " + draw.of(sentences) + "; " + draw.of(sentences) + "."
    columns = {
        "event_id_cnty": country.str.slice(0, 3).str.to_uppercase() + index.cast(pl.String),
        "event_date": day.dt.strftime("%d %B %Y"),
        "year": day.dt.year(),
        "time_precision": draw.number(1, 3),
        "disorder_type": draw.of(pl.Series(["Political violence", "Demonstrations"])),
        "event_type": draw.of(kinds),
        "sub_event_type": draw.of(names, most=25),
        "actor1": draw.of(names, most=900),
        "assoc_actor_1": draw.of(names, blank=0.6, most=900) + "; " + draw.of(names, most=900),
        "inter1": draw.of(names, most=8),
        "actor2": draw.of(names, blank=0.4, most=900),
        "assoc_actor_2": draw.of(names, blank=0.8, most=900),
        "inter2": draw.of(names, blank=0.4, most=8),
        "interaction": draw.of(names, most=40),
        "civilian_targeting": pl.Series(["Civilian targeting"]).new_from_index(0, draw.rows).set(
            draw.hit(0.7), None
        ),
        "iso": draw.number(4, 894),
        "region": draw.of(names, most=16),
        "country": country,
        "admin1": draw.of(names, most=900),
        "admin2": draw.of(names, blank=0.05),
        "admin3": draw.of(names, blank=0.5),
        "location": draw.of(names),
        "latitude": draw.degrees(-34, 37),
        "longitude": draw.degrees(-17, 60),
        "geo_precision": draw.number(1, 3),
        "source": draw.of(names) + "; " + draw.of(names),
        "source_scale": draw.of(names, most=12),
        "notes": notes,
        "fatalities": draw.deaths().cast(pl.String).set(draw.hit(0.002), "dozens"),
        "tags": draw.of(names, blank=0.7) + "=no report",
        "timestamp": day.cast(pl.Datetime("ms")).dt.epoch("s") + draw.number(86_400, 20_000_000),
    }  # fmt: skip
    return pl.DataFrame(columns)


def _write(path: Path, rows: int, *, rng: np.random.Generator, make: Callable[[_Draw], pl.DataFrame]) -> None:
    pools = _pools(rng)
    with path.open("wb") as stream:
        for first in range(0, rows, _CHUNK):
            draw = _Draw(rng, min(_CHUNK, rows - first), first, pools)
            make(draw).write_csv(stream, include_header=first == 0)


def ged_file(path: Path, *, rows: int, rng: np.random.Generator) -> None:
    """Write a CSV of 49 columns as of UCDP GED; name it like a release, so that it has a version."""
    _write(path, rows, rng=rng, make=_ged)


def acled_file(path: Path, *, rows: int, rng: np.random.Generator) -> None:
    """Write a CSV of 31 columns as of an ACLED export."""
    _write(path, rows, rng=rng, make=_acled)
