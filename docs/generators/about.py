"""The card of a source, from what the source says about itself."""

from __future__ import annotations

from toguna.sources import get_source


def table(name: str) -> str:
    """Return provider, licence, citation, cadence and address as a table."""
    told = get_source(name).about
    rows = {
        "provider": told.provider,
        "licence": told.licence,
        "citation": told.citation,
        "rows may be passed on": "yes" if told.redistribute else "no",
        "comes out": told.cadence,
        "address": told.url or "none",
    }
    return "| | |\n|---|---|\n" + "".join(f"| {key} | {value} |\n" for key, value in rows.items())


def limits(name: str) -> str:
    """Return the known limits of a source as a list."""
    return "".join(f"- {limit}\n" for limit in get_source(name).about.limits)


def columns(name: str) -> str:
    """Return what each event column is read from, as a table."""
    told = get_source(name).about.columns
    head = "| event | read from |\n|---|---|\n"
    return head + "".join(f"| `{event}` | {read_from} |\n" for event, read_from in told.items())
