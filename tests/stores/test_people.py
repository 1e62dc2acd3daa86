"""What people and runs write comes back the same from both databases, in the order it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from toguna.core.errors import StoreError
from toguna.core.findings import Finding
from toguna.events import ingest as ingesting
from toguna.events.audit import audit
from toguna.events.ingest import ingest
from toguna.events.links import Ruling
from toguna.room.additions import Statement, add_name, add_relation, with_additions
from toguna.room.rulings import rulings, state
from toguna.room.runs import folders, record
from toguna.store.home import Home
from toguna.store.register import Register
from toguna.store.register.models import FindingRow, Ingestion
from toguna.store.theatre import load_theatre

GED = (
    "id,date_start,date_end,type_of_violence,side_a,side_b,latitude,longitude,country,country_id,best,low,high,"
    "where_prec,date_prec\n"
    "1,2015-01-02,2015-01-02,1,Government of X,Y,14.1,-4.2,Senegal,433,3,3,4,1,1\n"
    "2,2015-01-03,2015-01-04,3,Y,Civilians,14.2,-4.3,Senegal,433,5,9,4,1,1\n"
)
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SAID = Ruling(
    "ucdp:2",
    "chronology:1",
    "same",
    by="analyst",
    reason="Same market, same day: « Ménaka », ߒߞߏ.",
    source_url="https://example.org/1",
    recorded_at="2026-01-01T00:00:00+00:00",
)


def test_nothing_is_made_by_looking(register: Register, home: Home) -> None:
    assert rulings(register, "t") == ()
    assert folders(register) == []
    assert audit(home, today=date(2026, 1, 1)) == []
    theatre = load_theatre("mali")
    assert with_additions(theatre, register).tables["relations"].equals(theatre.tables["relations"])
    assert not register.exists()


def test_statements_on_links(register: Register) -> None:
    for said in (SAID, replace(SAID, verdict="different"), replace(SAID, speaks="ucdp:2")):
        state(register, "t", said)
    state(register, "elsewhere", SAID)
    told = rulings(register, "t")
    assert [r.verdict for r in told] == ["same", "different", "same"]
    assert told[2] == replace(SAID, speaks="ucdp:2", event_a="chronology:1", event_b="ucdp:2")
    with pytest.raises(StoreError, match=r"link_statement\.stated_by cannot be written: found 65 signs"):
        state(register, "t", replace(SAID, by="a" * 65))
    assert rulings(register, "t") == told


def test_additions_to_actors(register: Register) -> None:
    theatre = load_theatre("mali")
    actor = theatre.tables["actors"].row(0, named=True)
    other = theatre.tables["actors"].row(1, named=True)["id"]
    told = {"source_url": "https://example.org/n", "recorded_at": "2026-01-01"}
    for name in ("Zulu", "Énée", "alpha", "Zulu"):
        add_name(register, theatre.name, actor=(actor["id"], actor["kind"]), name=name, **told)
    said = Statement(actor["id"], "rival", other, "2015-11", "https://example.org/r")
    assert add_relation(register, theatre.name, said, recorded_at="2026-01-01")
    assert not add_relation(register, theatre.name, said, recorded_at="2026-01-02")
    tables = with_additions(theatre, register).tables
    aliases = tables["actors"].row(0, named=True)["aliases"].split(";")
    assert aliases[-3:] == ["Zulu", "Énée", "alpha"]
    last = tables["relations"].row(-1, named=True)
    assert (last["actor_a"], last["actor_b"], last["from_date"]) == (actor["id"], other, "2015-11")
    assert tables["relations"].height == theatre.tables["relations"].height + 1


def test_runs(register: Register, tmp_path: Path) -> None:
    run = {"digest": "d", "seed": 2**40, "code_version": "1", "inputs": [], "parameters": {}}
    told = {"theatre": {"name": "t"}, "as_of": "2015-11-24", "run": run | {"generated_at": "2026"}}
    for name in "ab":
        record(register, told, tmp_path / name)
    assert folders(register) == [tmp_path / "b", tmp_path / "a"]


def test_ingestions(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "GEDEvent_v17_1.csv"
    path.write_text(GED, encoding="utf-8")
    first = ingest("ucdp", path, home, now=MOMENT)
    assert first.status == "new"
    again = ingest("ucdp", path, home)
    assert again.as_dict() == first.as_dict() | {"status": "already-held"}
    with home.register.read() as session:
        rows = session.scalars(select(FindingRow)).all()
        assert len(session.scalars(select(Ingestion)).all()) == 1
    assert sorted((r.code, r.row or 0) for r in rows) == sorted((f.code, f.row or 0) for f in first.findings)
    assert [r.problem for r in audit(home, today=date(2026, 1, 1))] == [""]


def test_a_finding_about_a_nul_sign_is_kept(home: Home) -> None:
    """A hostile file may hold one; what was found is shown, and PostgreSQL has no such sign."""
    home.path.mkdir(exist_ok=True)
    finding = Finding("text-encoding", "note", "f.csv", 1, "note", "a\0b", "text", "Write it anew.")
    with home.register.write() as session:
        kept = Ingestion(source="x", sha256="0", version="", file_name="f", ingested_at="2026", account="{}")
        session.add(kept)
        session.flush()
        session.add(ingesting._finding_row(kept.id, finding))
    with home.register.read() as session:
        assert session.scalars(select(FindingRow.found)).all() == ["a␀b"]
