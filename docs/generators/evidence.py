"""The catalogue of measures and published effects as a page, from the tables that come with the program."""

from __future__ import annotations

from toguna.core.language import Language
from toguna.responses.evidence import Catalogue, Measure, load_catalogue, prior
from toguna.responses.evidence.catalogue import USES
from toguna.responses.evidence.words import change

_EN = Language("en")
_SETTING = "sahel"


def page() -> str:
    """Return the page: an overview, then each measure with its derivation and its rows."""
    catalogue = load_catalogue()
    parts = [_HEAD, _overview(catalogue), *(_measure(catalogue, m) for m in catalogue.measures.values())]
    rest = "".join(f"- {e.id}: {e.note}. {e.citation}\n" for e in catalogue.of("GENERIC"))
    return "\n".join([*parts, "## About no one measure\n", rest])


def uses() -> str:
    """Return what may be made of a row, as a table."""
    return "| `use` | what it means |\n|---|---|\n" + "".join(f"| {k} | {v} |\n" for k, v in USES.items())


def _overview(catalogue: Catalogue) -> str:
    lines = [
        "| measure | evidence | studies | expected change | 90 % interval | chance of a rise | offered |",
        "|---|---|---|---|---|---|---|",
    ]
    for m in catalogue.measures.values():
        found = prior(catalogue, m.id, setting=_SETTING)
        low, high = found.interval
        offered = "external actor" if m.external else "yes" if m.default else "only when asked for"
        lines.append(
            f"| {m.id} | {_EN.word('evidence:' + found.kind)} | {found.studies} | "
            f"{change(_EN, found.mean)} | {change(_EN, low)} to {change(_EN, high)} | "
            f"{_EN.percent(found.chance_of_harm)} | {offered} |"
        )
    return "\n".join(lines) + "\n"


def _measure(catalogue: Catalogue, m: Measure) -> str:
    needs = "; ".join(" or ".join(group) for group in m.requires)
    facts = {
        "strand": m.pillar.replace("_", " "),
        "who": m.typical_actor,
        "unit": m.unit["en"],
        "must stand beside, in the same area and quarter": needs,
        "goes with": ", ".join(m.pairs),
        "rules": m.rules["en"],
        "may do wrong": m.risks["en"],
        "published cost, not local": _cost(m),
    }
    found = prior(catalogue, m.id, setting=_SETTING)
    told = [f"- **{key}**: {value}" for key, value in facts.items() if value]
    steps = [f"{n}. {step['en']}" for n, step in enumerate(found.derivation, start=1)]
    rows = [
        f"| {e.id} | {e.use} | {e.outcome} | {e.setting} | {e.design}, {e.strength} "
        f"| {e.note} | {e.citation} |"
        for e in catalogue.of(m.id)
    ]
    head = [
        "| row | use | outcome | where | design, strength | what was read | source |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join(
        [f"## {m.id}", "", f"{m.name['en']}. {m.description['en']}", "", *told, "", *steps, ""]
        + ([*head, *rows, ""] if rows else [])
    )


def _cost(m: Measure) -> str:
    if m.cost is None or m.cost.best is None:
        return ""
    return f"{m.cost.best:,.0f} {m.cost.currency} ({m.cost.note})"


_HEAD = """# Measures and what is known of them

What comes with the program: kinds of measure, and published results about them, each with its source. How
a prior is made of them, and what they cannot support: [Evidence](../methods/evidence.md). Shown here for the
setting `sahel`; elsewhere every row is halved. Most rows were read as abstracts or summaries, not as papers.
"""
