"""Fuzz the table reader, guided by the branches that an input reaches.

Inputs are changed by libFuzzer (atheris) so that they reach new branches of Toguna and the modules of
Python under it. Each must be read or refused with a finding; every row read is accepted or quarantined; a
second reading gives the same. Anything else is a crash, whose bytes are written into the results and belong
into tests/sources. An input that takes longer than 20 s counts as a hang, one that needs more than
2 GB as a leak.

atheris is no dependency of Toguna. For a run:

    .tools/bin/uv pip install --python .venv/bin/python atheris==2.3.0    (3.1 from Python 3.12 on)
    python -m bench.fuzz_table [--json FILE] [--seconds 300] [--seed N]

Without it the bench says so and ends with exit code 0, leaving results as they are.
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import io
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.record import RESULTS, save

KINDS = ("csv", "xlsx", "parquet", "geojson")
MAPPING = (
    '[table]\nid = "id"\ndates = "day-first"\n[columns]\ndate_start = "date"\nbest = "dead"\nlat = "lat"\n'
)
ROWS = "id,date,lat,lon,dead,place\na1,2015-08-07,14.5,-4.2,3,Ségou\na2,1er mars 2015,14,5,dozens,\n"


def corpus() -> dict[str, bytes]:
    """Return one good file of each kind, and some odd ones."""
    import polars as pl
    import xlsxwriter

    book, parquet = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet()
        for number, line in enumerate(ROWS.splitlines()):
            sheet.write_row(number, 0, line.split(","))
    pl.DataFrame({"id": ["a"], "date": ["2015-01-02"], "dead": [3]}).write_parquet(parquet)
    place = {"type": "Point", "coordinates": [1.5, 2]}
    feature = {"type": "Feature", "properties": {"id": "a", "date": "2015-01-02"}, "geometry": place}
    shape = json.dumps({"type": "FeatureCollection", "features": [feature]})
    return {
        "csv": ROWS.encode(),
        "latin.csv": ROWS.encode("latin-1"),
        "utf16.csv": ROWS.encode("utf-16"),
        "semicolon.csv": ROWS.replace(",", ";").encode(),
        "quotes.csv": b'id,date,dead\n"a\n1","2015-01-02",5" x\n#id,#date,#affected\nTotal,,5\n',
        "xlsx": book.getvalue(),
        "parquet": parquet.getvalue(),
        "geojson": shape.encode(),
    }


def _child(folder: Path, seconds: int, seed: int) -> None:
    """Fuzz until the time is over or something is found; runs in a process of its own."""
    import atheris

    with atheris.instrument_imports(include=["toguna", "csv", "json", "zipfile", "tomllib"]):
        from toguna.core.findings import stops
        from toguna.events.admit import admit
        from toguna.events.checks.context import Context
        from toguna.sources.table import SOURCE

    path = folder / "work" / "x.table"
    path.parent.mkdir()
    path.with_name("mapping.toml").write_text(MAPPING, encoding="utf-8")
    seen: Counter[str] = Counter()

    def once() -> tuple[Any, ...]:
        raw = SOURCE.read(path)
        findings = [f.sentence() for f in raw.findings]
        if stops(raw.findings):
            return "refused", findings
        parsed = SOURCE.parse(raw, theatre=None)
        context = Context(raw.table, parsed.unreadable, parsed.columns, raw.published_at)
        admission = admit(parsed.events, context)
        rows = admission.accepted.height + admission.quarantined.height
        if not raw.frame.height == parsed.events.height == rows:
            raise AssertionError("rows were lost")
        return "read", findings, raw.frame.rows(), admission.accepted.rows()

    def one(data: bytes) -> None:
        path.write_bytes(data)
        first = once()
        # NaN is not equal to itself; repr is, and says the same.
        if repr(once()) != repr(first):
            raise AssertionError("the same bytes were read in two ways")
        seen["inputs"] += 1
        seen[first[0]] += 1
        (folder / "seen.json").write_text(json.dumps(seen), encoding="utf-8")

    words = [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        "-max_len=20000",
        "-timeout=20",
        "-rss_limit_mb=2000",
    ]
    words += [f"-artifact_prefix={folder}/found-", "-print_final_stats=1", str(folder / "corpus")]
    atheris.Setup(["fuzz_table", *words], one)
    atheris.Fuzz()


def _round(folder: Path, seconds: int, seed: int) -> tuple[dict[str, Any], str]:
    words = ["--child", str(folder), "--seconds", str(seconds), "--seed", str(seed)]
    done = subprocess.run(
        [sys.executable, "-m", "bench.fuzz_table", *words], capture_output=True, text=True, check=False
    )
    seen = folder / "seen.json"
    told = json.loads(seen.read_text(encoding="utf-8")) if seen.is_file() else {}
    return told, done.stderr


def main() -> int:
    """Fuzz and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", type=Path, default=RESULTS / "fuzz_table.json")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20151120)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        _child(args.child, args.seconds, args.seed)
        return 0
    if importlib.util.find_spec("atheris") is None:
        print("skipped: atheris is not installed; python -m bench.fuzz_table --help says how to get it")
        return 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "corpus").mkdir()
        for kind, data in corpus().items():
            (folder / "corpus" / kind).write_bytes(data)
        seen, said = _round(folder, args.seconds, args.seed)
        found = [
            {"kind": p.name.split("-")[1], "base64": base64.b64encode(p.read_bytes()).decode()}
            for p in sorted(folder.glob("found-*"))
        ]
        coverage = [line.split("cov: ")[1].split()[0] for line in said.splitlines() if "cov: " in line]
    if not seen:
        print(said[-2_000:], file=sys.stderr)
        return 1
    if found:
        print(said[-4_000:], file=sys.stderr)
    results = {
        **{key: seen.get(key, 0) for key in ("inputs", "read", "refused")},
        "branches_at_first": int(coverage[0]) if coverage else None,
        "branches_at_last": int(coverage[-1]) if coverage else None,
        "found": found,
    }
    save(args.json, results, seed=args.seed, started=started)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
