"""Seal an export: nothing that says who reported is left in what is kept.

Enters: an export as cells, and the key of the home. Leaves: a sealed frame and findings that say how much was
sealed, never what. Called by `toguna.sources.reports.source`, before anything is written, shown or checked.

A pseudonym is the first 16 hexadecimal digits of HMAC-SHA256 (RFC 2104) under the key of the home. The same
reporter has the same one in every export; without the key nobody can try out names, numbers or devices.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from toguna.core.findings import Finding
from toguna.core.text import fold
from toguna.sources.reports.masking import MASK, mask, masked, secrets
from toguna.sources.reports.opened import Opened
from toguna.sources.reports.personal import DROPPED, IDENTITY, identity_kind, looks_personal
from toguna.sources.reports.settings import Settings
from toguna.sources.reports.times import known_on, roots
from toguna.sources.table.mapping import Mapping
from toguna.sources.table.says import finding, listed

__all__ = ["CONSENT", "KNOWN", "REPORTER", "ROOT", "pseudonym", "seal"]

REPORTER, KNOWN, ROOT, CONSENT = "#reporter", "#known", "#root", "#consent"
_REPEAT = "#repeat "
# Made by the server, the phone or the room: no answers, so there is nothing to mask in them.
_MADE = (
    "_id", "_uuid", "_submission_time", "_validation_status", "_status", "_index", "_xform_id_string",
    "__version__", "formhub/uuid", "meta/instanceID", "meta/rootUuid", "meta/deprecatedID", "start", "end",
    "today", "text_address",
)  # fmt: skip
# Times and words among them: masked like answers, which changes them only when they are something else.
_WORDED = ("_submission_time", "start", "end", "today", "_validation_status", "_status")
_NO = frozenset(["no", "non", "0", "false", "n", "refuse", "refus", "faux"])
_TOLD_APART = ("code", "phone", "mail", "person", "device", "account")


@dataclass(frozen=True, slots=True)
class _Columns:
    """What becomes of the columns of an export."""

    kept: list[str]
    dropped: list[str]
    identity: list[str]


def pseudonym(key: bytes, kind: str, text: str) -> str:
    """Return the pseudonym of a reporter.

    Parameters
    ----------
    key : bytes
        Of the home.
    kind : str
        What `text` is: "phone", "account" ...; of a phone the last eight digits count.
    text : str
        What names the reporter in the export.
    """
    same = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if kind == "phone":
        same = re.sub(r"\D", "", same)[-8:] or same
    said = f"toguna reporter\x00{kind}\x00{same}".encode()
    return "R-" + hmac.new(key, said, hashlib.sha256).hexdigest()[:16]


def seal(
    opened: Opened, mapping: Mapping, settings: Settings, *, key: bytes, table: str
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the sealed frame, row by row that of the export, and findings."""
    frame = opened.frame
    columns = _columns(frame, mapping, settings)
    first, edited = roots(frame)
    told = {
        REPORTER: _reporters(frame, columns.identity, key),
        KNOWN: known_on(frame, edited).cast(pl.String),
        ROOT: pl.Series(ROOT, first, dtype=pl.String),
        CONSENT: _consent(frame, settings),
    }
    known = secrets(_named_persons(frame, columns))
    kept, changed = _masked(frame.select(columns.kept), known)
    repeats, inside = _repeats(opened, known)
    # A mapped column that is said to be personal stays as a column and loses its cells.
    blank = [pl.lit(None, pl.String()).alias(n) for n in mapping.used() if n not in kept.columns]
    answers = [name for name in (*kept.columns, *repeats) if name not in _MADE]
    sealed = kept.with_columns(*blank, **repeats, **told)
    refused = pl.col(CONSENT) == "no"
    sealed = sealed.with_columns(
        pl.when(refused.fill_null(value=False)).then(None).otherwise(pl.col(n)).alias(n)
        for n in (*answers, REPORTER)
    )
    return sealed, _findings(columns, opened, changed + inside, sealed, table)


def _columns(frame: pl.DataFrame, mapping: Mapping, settings: Settings) -> _Columns:
    stated = [*settings.reporter, *settings.personal]
    wanted = set(mapping.used()) | ({settings.consent} - {""})
    kept, dropped = [], []
    for name in frame.columns:
        if name in stated or name in IDENTITY or name in DROPPED:
            dropped.append(name)
        elif name in wanted or name in _MADE:
            kept.append(name)
        elif name == settings.point or looks_personal(name, frame[name]):
            dropped.append(name)
        else:
            kept.append(name)
    # Without a word in the mapping: what is plainly a reporter's, best first.
    guessed = sorted(
        (n for n in dropped if identity_kind(n) in _TOLD_APART),
        key=lambda n: (_TOLD_APART.index(identity_kind(n)), n == "_submitted_by"),
    )
    identity = [n for n in settings.reporter if n in frame.columns]
    return _Columns(kept, dropped, list(dict.fromkeys([*identity, *guessed])))


def _reporters(frame: pl.DataFrame, identity: list[str], key: bytes) -> pl.Series:
    """Name every row's reporter by the best column that says something in it."""
    found = pl.Series(REPORTER, [None] * frame.height, dtype=pl.String)
    for name in reversed(identity):
        kind = identity_kind(name)
        kind = kind if kind in _TOLD_APART else "code"
        names = {text: pseudonym(key, kind, text) for text in frame[name].drop_nulls().unique().to_list()}
        own = frame[name].replace_strict(names, default=None, return_dtype=pl.String)
        found = pl.select(pl.coalesce(own, found)).to_series()
    return found.alias(REPORTER)


def _named_persons(frame: pl.DataFrame, columns: _Columns) -> set[str]:
    """Collect what names somebody in this file; it stays in memory and is masked wherever else it stands."""
    naming = {*columns.identity, *(n for n in columns.dropped if identity_kind(n) in _TOLD_APART)}
    return {text for name in naming for text in frame[name].drop_nulls().unique().to_list()}


def _masked(frame: pl.DataFrame, known: re.Pattern[str] | None) -> tuple[pl.DataFrame, int]:
    cells, total = [], 0
    for name in frame.columns:
        if name in _MADE and name not in _WORDED:
            # Ids are long numbers; only what no server makes is masked in them.
            odd = frame[name].str.contains(r"[\s@]").fill_null(value=False)
            said, changed = frame[name].set(odd, MASK), int(odd.sum())
        else:
            said, changed = masked(frame[name], known)
        cells.append(said)
        total += changed
    return pl.DataFrame(cells), total


def _repeats(opened: Opened, known: re.Pattern[str] | None) -> tuple[dict[str, pl.Series], int]:
    """Keep the entries of repeated groups as text, sealed like the rest."""
    found: dict[str, pl.Series] = {}
    changed = 0
    for name, groups in opened.repeats.items():
        texts: list[str | None] = []
        for entries in groups:
            told = [_sealed_entry(entry, known) for entry in entries]
            changed += sum(number for _, number in told)
            texts.append(json.dumps([e for e, _ in told], ensure_ascii=False) if told else None)
        found[_REPEAT + name] = pl.Series(_REPEAT + name, texts, dtype=pl.String)
    return found, changed


def _sealed_entry(entry: dict[str, str], known: re.Pattern[str] | None) -> tuple[dict[str, str], int]:
    kept = {
        name: text
        for name, text in entry.items()
        if not looks_personal(name.rpartition("/")[2] or name, pl.Series([text]))
    }
    said = {name: mask(text, known) for name, text in kept.items()}
    return said, sum(said[name] != text for name, text in kept.items())


def _consent(frame: pl.DataFrame, settings: Settings) -> pl.Series:
    if settings.consent not in frame.columns:
        return pl.Series(CONSENT, [None] * frame.height, dtype=pl.String)
    said = frame[settings.consent].to_list()
    return pl.Series(CONSENT, ["no" if fold(text or "no") in _NO else "yes" for text in said])


def _findings(
    columns: _Columns, opened: Opened, changed: int, sealed: pl.DataFrame, table: str
) -> list[Finding]:
    found: list[Finding] = []

    def note(code: str, said: tuple[str, str, str]) -> None:
        found.append(finding(code, "note", table=table, said=said))

    if columns.dropped:
        names = listed(sorted(columns.dropped))
        note("personal-columns-sealed", (f"columns that lead to persons: {names}", "none that is not needed",
             "Reporters became pseudonyms, the rest was left out, before anything was written."))  # fmt: skip
    if changed:
        note("personal-data-masked", (f"{changed} cells with a number, an address or a name", "text without",
             "They were masked before anything was written; ask reporters to leave them out."))  # fmt: skip
    for name, groups in opened.repeats.items():
        number = sum(map(len, groups))
        note("repeat-group", (f"{number} entries of the repeated group '{name}'", "one row for every report",
             "They are in the archive, sealed, and not used."))  # fmt: skip
    if number := sealed[REPORTER].null_count() - _refused(sealed[CONSENT]):
        note("reporter-unknown", (f"{number} reports of nobody in particular", "a code for every reporter",
             "Copies sent by one hand under other ids are recognised by their text alone."))  # fmt: skip
    return found


def _refused(consent: Iterable[str | None]) -> int:
    return sum(said == "no" for said in consent)
