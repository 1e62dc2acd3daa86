"""Everything that is said can be said in French, with the spaces of French."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.pofile import read_po

import toguna
from toguna.actors.responsibility import RULES
from toguna.reading.model.lost import FIELDS, REASONS
from toguna.reading.model.settings import CLASSES as OF_TEXTS
from toguna.responses.evidence import load_catalogue
from toguna.responses.evidence.mixture import Kind
from toguna.responses.threats import FAMILIES
from toguna.responses.timing import CLASSES
from toguna.room.headline.response import STRANDS
from toguna.room.reporting.inbox import STATES
from toguna.room.texts.decide import WHYS
from toguna.room.texts.shelf import KINDS
from toguna.shifts.spread import COMPASS
from toguna.store.theatre import load_theatre
from toguna.store.vocabulary import VOCABULARIES
from toguna.warnings import words
from toguna.warnings.outputs.words import OFFICES
from toguna.warnings.states import ELSEWHERE, STEPS

SOURCE = Path(toguna.__file__).parent
CALLS = {"L", "lang", "self", "in_every_language", "refused", "_"}
CARRIERS = {"_nothing": 3}
"""Functions that hand a message on, and where it stands among their arguments."""
WORDS = [
    *COMPASS,
    "fronts",
    "spread",
    "reach",
    "tactics",
    "targets",
    "settings",
    "tempo",
    "alliances",
    "centre",
    "dispersion",
    "areas",
    "supported",
    "contradicted",
    "mixed",
    "not-testable",
    "new",
    "re-activated",
    "active",
    "quiet",
    "new since",
    "ended",
    "note",
    "failure",
    "stop",
    "chronology",
    "registry",
    "as published",
    "final vintage, pseudo-real-time",
    "claimed and blamed",
    "claimed",
    "blamed",
    "fought",
    "km",
    "percentage points",
    "times as wide",
    "times the earlier rate",
    "active areas",
    "events above expected",
    "method:shifts",
    "method:change",
    "method:deaths",
    "method:sub-types",
    "method:pool",
    "method:pool_with_trees",
    "method:last_12",
    "method:last_240",
    "alarm:hit",
    "alarm:late",
    "alarm:undecided",
    "alarm:false",
    "table",
    *(f"threat:{name}" for name in FAMILIES),
    *(f"timing:{name}" for name in CLASSES),
    *(f"evidence:{name}" for name in get_args(Kind)),
    "state-based",
    "non-state",
    "one-sided",
    *(f"level:{word}" for word in words.LEVELS),
    *(f"warning:{word}" for word in words.KINDS),
    *(f"cap:{word}" for word in (*words.URGENCIES, *words.SEVERITIES, *words.CERTAINTIES)),
    *(f"state:{word}" for word in words.STATES),
    *(f"outcome:{word}" for word in words.OUTCOMES),
    *(f"step:{word}" for word in ("raise", *STEPS, *ELSEWHERE)),
    *(f"shared:{word}" for word in ("kind", "areas", "actors", "theatre")),
    *(f"lesson:{word}" for word in ("decision", "action", "outcome", "appraisal")),
    *(f"proposal:{word}" for word in ("new", "update", "unchanged", "raised", "updated")),
    *(f"answer:{word}" for word in ("acknowledged", "decided", "decided_in_time", "decided_to_act", "acted")),
    "time:acknowledgement_days",
    "time:decision_days",
    *(f"verdict:{word}" for word in ("hit", "false", "undecided")),
    *(f"rehearsed:{word}" for word in ("any", "warning")),
    *OFFICES.values(),
    "decision:act",
    "decision:not",
    *(f"report:{state}" for state in STATES),
    *(f"class:{name}" for name in OF_TEXTS),
    *(f"draft:{word}" for word in (*KINDS, *WHYS)),
    *(f"told:{word}" for word in FIELDS),
    *(f"lost:{word}" for word in REASONS),
    *(w for name, listed in VOCABULARIES.items() if name != "geo_precisions" for w in listed),
]


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    inner = call.func
    return "L" if isinstance(inner, ast.Call) and _name(inner) == "Language" else ""


def _text(node: ast.expr, constants: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return constants.get(node.id) if isinstance(node, ast.Name) else None


def said(path: Path) -> Iterator[tuple[str, str | None]]:
    """Yield the messages of a file: (message, plural or None)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = _constants(tree)
    for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call) and n.args):
        name = _name(call)
        if name == "plural":
            one, many = (_text(a, constants) for a in call.args[:2])
            if one:
                yield one, many
        elif (name in CALLS and (text := _text(call.args[0], constants))) or (
            name in CARRIERS and (text := _text(call.args[CARRIERS[name]], constants))
        ):
            yield text, None


@cache
def messages() -> frozenset[tuple[str, str | None]]:
    found = {m for path in SOURCE.rglob("*.py") for m in said(path)}
    for template in SOURCE.rglob("*.j2"):
        text = template.read_text(encoding="utf-8")
        found |= {(a or b, None) for a, b in re.findall(r"\b(?:_|L)\((?:\"([^\"]+)\"|'([^']+)')", text)}
        found |= set(re.findall(r'\bL\.plural\("([^"]+)", "([^"]+)"', text))
    return frozenset(found | {(name, None) for name in STRANDS})


@pytest.fixture(scope="module")
def french():
    with files("toguna").joinpath("locale", "fr.po").open("rb") as stream:
        return {
            (m.context or "", m.id if isinstance(m.id, str) else m.id[0]): m
            for m in read_po(stream, locale="fr")
        }


def test_every_message_is_in_french(french):
    missing = sorted(m for m, _ in messages() if not french.get(("", m)) or not french[("", m)].string)
    assert missing == []


def test_plurals_have_two_forms(french):
    for one, many in messages():
        if many is not None:
            assert french[("", one)].id == (one, many)
            assert len(french[("", one)].string) == 2


def acts() -> Iterator[str]:
    """Yield what the audit may hold: the acts that the source notes, and reads by what is read."""
    for path in SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            at, before = {"note": (3, ""), "note_reads": (2, "read-")}.get(_name(call), (99, ""))
            if len(call.args) > at and isinstance(act := call.args[at], ast.Constant):
                yield f"act:{before}{act.value}"


def test_every_word_of_the_vocabulary_is_in_french(french):
    wanted = {*WORDS, *acts()}
    assert {"act:text-taken", "act:read-text", "act:retention"} <= wanted
    assert sorted(w for w in wanted if ("word", w) not in french) == []


def test_what_tables_name_is_in_french(french):
    """Figures of areas and their units, strands of measures, the rule of claims: data that pages show."""
    drivers = load_theatre("mali").tables["drivers"]
    wanted = {*drivers["indicator"], *drivers["unit"].drop_nulls(), RULES.text()}
    wanted |= {m.pillar for m in load_catalogue([]).measures.values()}
    assert len(wanted) > 50
    assert sorted(w for w in wanted if ("word", w) not in french) == []


@pytest.mark.parametrize("code", ["en", "fr"])
def test_keys_of_the_vocabulary_are_never_messages(code):
    with files("toguna").joinpath("locale", f"{code}.po").open("rb") as stream:
        bare = [m.id for m in read_po(stream, locale=code) if not m.context and isinstance(m.id, str)]
    assert [id for id in bare if re.fullmatch(r"[a-z_]+:[a-z_-]+", id)] == []


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_translations_keep_the_values(french):
    for message in french.values():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        for form in forms:
            if ids[0]:
                assert _fields(form) == set().union(*map(_fields, ids)), ids[0]


def test_french_typography(french):
    for message in french.values():
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        for form in forms:
            if message.id and "toguna why" not in form.split(":")[0]:
                assert not re.search(r"(?<![\u202f(])[;:!?%»]|«(?!\u202f)|'", form), form


def test_no_message_is_left_over(french):
    used = {m for m, _ in messages()}
    assert sorted(i for (context, i) in french if not context and i and i not in used) == []
