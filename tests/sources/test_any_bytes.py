"""Whatever the bytes: read with every row accounted for, or refused in words; and the same twice."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table_files import MAPPING

from toguna.core.errors import TogunaError
from toguna.core.findings import stops
from toguna.events.admit import admit
from toguna.events.checks.context import Context
from toguna.sources import get_source
from toguna.sources.files import read_published
from toguna.sources.patient import NotWholeError
from toguna.sources.ucdp_api_pages import read_page
from toguna.store.reading import read_table
from toguna.store.theatre import load_theatre, read_settings

HEADERS = {
    "ucdp": b"id,date_start,type_of_violence,side_a,side_b,latitude,longitude,country,best\n",
    "acled": b"event_id_cnty,event_date,event_type,actor1,latitude,longitude,country,fatalities\n",
    "chronology": b"id,date_start,date_end,place,latitude,longitude,perpetrator,deaths_best\n",
    "table": b"id,date,lat,lon,dead,place\n",
}
FRAGMENTS = [
    b"1", b"7.0", b"2015-11-20", b"2015-11-20 00:00:00", b"07 March 2015", b"1426000000", b"14.5", b"-4,2",
    b"nan", b"inf", b"1e999", b"-", b"=1+1", b'"', b'""', b'"a,b"', b'"a\nb"', b'5" shell', b",", b";", b"\t",
    b"\n", b"\r\n", b"\r", b"\x00", b"\xe9", b"\xc3\xa9", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80", b" ", b"#date+start", b"total", b"Mali", b"9" * 25, b"1" + b"0" * 400, b"2015-02-30",
    b"0000-00-00", b"99999-01-01",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(FRAGMENTS), max_size=60).map(b"".join)
ANY = settings(
    max_examples=60, deadline=20_000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the deadline is the proof that nothing hangs


def account(source: str, path: Path) -> tuple[object, ...] | None:
    """Read, parse and admit; None when it is refused."""
    reader = get_source(source)
    raw = reader.read(path)
    if stops(raw.findings):
        assert all(f.sentence() for f in raw.findings)
        return None
    parsed = reader.parse(raw, theatre=None)
    admission = admit(parsed.events, Context(raw.table, parsed.unreadable, parsed.columns, raw.published_at))
    assert raw.frame.height == parsed.events.height
    assert raw.frame.height == admission.accepted.height + admission.quarantined.height
    return (
        raw.frame.rows(),
        admission.accepted.rows(),
        [f.sentence() for f in (*raw.findings, *admission.findings)],
    )


def twice(source: str, path: Path) -> tuple[object, ...] | None:
    first = account(source, path)
    assert account(source, path) == first
    return first


@ANY
@given(text=TEXT, headed=st.booleans(), source=st.sampled_from(sorted(HEADERS)))
def test_any_text(tmp_path: Path, text: bytes, headed: bool, source: str) -> None:
    path = tmp_path / ("GEDEvent_v25_1.csv" if source == "ucdp" else "x.csv")
    path.write_bytes(HEADERS[source] * headed + text)
    (tmp_path / "x.csv.mapping.toml").write_text(
        MAPPING.format(settings="", columns="", more=""), encoding="utf-8"
    )
    twice(source, path)


@ANY
@given(
    rows=st.lists(
        st.lists(st.text(st.sampled_from('ab"é,;\n\r\t \u2028\x00='), max_size=6), min_size=3, max_size=3),
        min_size=1,
        max_size=20,
    ),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_well_written_rows_all_come_in(tmp_path: Path, rows: list[list[str]], quoting: int, end: str) -> None:
    """What the csv module writes and reads is the independent count, cell by cell."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=quoting, lineterminator=end)
    writer.writerows([["a", "b", "c"], *rows])
    text = "a,b,c" + end + "x" * 2_500 + ",1,2" + end + stream.getvalue().split(end, 1)[1]
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode())
    # Python before 3.13 leaves a lone carriage return unquoted: its reader then sees a row that is short.
    counted = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(row)]
    expected = [[*row, "", ""][:3] for row in counted[1:]]
    raw, _ = read_published(path)
    assert not stops(raw.findings), raw.findings
    told = [[cell or "" for cell in row] for row in raw.frame.rows()]
    assert [row for row in told if any(row)] == expected


@ANY
@given(data=st.binary(max_size=300), name=st.sampled_from(["x.csv", "x.zip", "x.parquet", "x.xlsx"]))
def test_any_bytes(tmp_path: Path, data: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    raw, _ = read_published(path)
    assert stops(raw.findings) or raw.frame.height
    frame, _ = read_table(path, ("id",))
    assert frame["row"].to_list() == list(range(1, frame.height + 1))


def _whole_files() -> dict[str, bytes]:
    book, parquet = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet()
        for n, row in enumerate(
            [HEADERS["table"].decode().strip().split(","), ["a", "2015-01-02", 1.5, 2, 3, "X"]]
        ):
            sheet.write_row(n, 0, row)
    pl.DataFrame({"id": ["a"], "date": ["2015-01-02"], "best": [3]}).write_parquet(parquet)
    point = {"type": "Point", "coordinates": [1, 2]}
    features = [{"type": "Feature", "properties": {"id": "a", "date": "2015-01-02"}, "geometry": point}]
    shape = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return {"xlsx": book.getvalue(), "parquet": parquet.getvalue(), "geojson": shape}


WHOLE = _whole_files()


@ANY
@given(
    kind=st.sampled_from(sorted(WHOLE)),
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 10_000),
)
def test_damaged_files(tmp_path: Path, kind: str, changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(WHOLE[kind])
    for place, value in changes:
        data[place % len(data)] = value
    path = tmp_path / f"x.{kind}"
    path.write_bytes(bytes(data[: len(data) - cut % len(data)] if cut % 3 == 0 else data))
    mapping = '[table]\nid = "id"\n[columns]\ndate_start = "date"\n'
    (tmp_path / f"x.{kind}.mapping.toml").write_text(mapping, encoding="utf-8")
    twice("table", path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
PAGE = st.fixed_dictionaries(
    {"TotalCount": JSON, "TotalPages": JSON},
    optional={
        "Result": JSON | st.lists(st.fixed_dictionaries(dict.fromkeys(("id", "best", "low", "high"), JSON)))
    },
)


@ANY
@given(body=st.binary(max_size=80) | (JSON | PAGE).map(lambda told: json.dumps(told).encode()))
def test_any_answer_of_a_server(body: bytes) -> None:
    try:
        page = read_page(body)
    except (NotWholeError, TogunaError):
        return
    assert len(page.rows) == len(json.loads(body)["Result"])


@ANY
@given(properties=JSON, place=JSON, features=st.booleans())
def test_any_geojson(tmp_path: Path, properties: object, place: object, features: bool) -> None:
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": place},
    }
    told = {"type": "FeatureCollection", "features": [feature] if features else properties}
    path = tmp_path / "x.geojson"
    path.write_text(json.dumps(told), encoding="utf-8")
    (tmp_path / "mapping.toml").write_text('[columns]\ndate_start = "date"\n', encoding="utf-8")
    twice("table", path)


TOML_VALUE = st.sampled_from(
    ['"x"', '""', "1", "-1", "1.5", "nan", "true", "[]", '["a", 1]', "{}", '{a = "b"}', "2015-11-20",
     "2015-11-20T00:00:00Z", "[[[]]]", '"\\u0000"', '","', '"\\""', '"day-first"', '"utf-7"', '"idna"',
     "07:32:00", "9" * 30]
)  # fmt: skip


@ANY
@given(
    keys=st.lists(
        st.tuples(
            st.sampled_from(
                ["name", "title", "countries", "areas", "vocabulary", "chronology", "ucdp", "title.en"]
            ),
            TOML_VALUE,
        ),
        max_size=6,
        unique_by=lambda pair: pair[0],
    ),
    noise=st.binary(max_size=10),
)
def test_any_theatre_toml(tmp_path: Path, keys: list[tuple[str, str]], noise: bytes) -> None:
    text = "\n".join(f"{key} = {value}" for key, value in keys).encode() + b"\n" + noise
    (tmp_path / "theatre.toml").write_bytes(text)
    for read in (read_settings, load_theatre):
        try:
            read(tmp_path)
        except TogunaError as error:
            assert str(error)


@pytest.mark.parametrize("file", ["theatre.toml", "x.csv.mapping.toml"])
def test_toml_nested_beyond_all_reason(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("a = " + "[" * 50_000, encoding="utf-8")
    (tmp_path / "x.csv").write_bytes(HEADERS["table"] + b"1,2015-01-02,1,2,3,x\n")
    if file == "theatre.toml":
        with pytest.raises(TogunaError, match="is not valid TOML"):
            read_settings(tmp_path)
    else:
        assert [f.code for f in get_source("table").read(tmp_path / "x.csv").findings] == ["mapping-wrong"]


@ANY
@given(
    table=st.dictionaries(
        st.sampled_from(
            [
                "id",
                "name",
                "sheet",
                "encoding",
                "separator",
                "decimal",
                "dates",
                "header_row",
                "missing",
                "published_at",
            ]
        ),
        TOML_VALUE,
        max_size=4,
    ),
    columns=st.dictionaries(
        st.sampled_from(["date_start", "best", "lat", "perpetrators", "place"]), TOML_VALUE, max_size=3
    ),
)
def test_any_mapping(tmp_path: Path, table: dict[str, str], columns: dict[str, str]) -> None:
    sections = {"table": table, "columns": {"date_start": '"date"'} | columns}
    text = "".join(
        f"[{name}]\n" + "".join(f"{k} = {v}\n" for k, v in part.items()) for name, part in sections.items()
    )
    path = tmp_path / "x.csv"
    path.write_bytes(HEADERS["table"] + b"a,2015-01-02,1,2,3,x\nb,2015-01-03,1,2,3,y\n")
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    twice("table", path)
