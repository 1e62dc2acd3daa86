"""What users start a server with is held to what the program knows; no engine of containers runs here."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from toguna.cli.app import app
from toguna.room.web.opening import GRACE

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def known() -> set[str]:
    told = CliRunner().invoke(app, ["serve", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).output
    return set(re.findall(r"--[a-z-]+", told))


def test_every_flag_exists(compose: dict[str, Any], known: set[str]) -> None:
    verb, *words = compose["services"]["room"]["command"]
    assert verb == "serve"
    flags = {word.partition("=")[0] for word in words}
    assert flags and flags <= known, flags - known
    unit = (ROOT / "deploy" / "toguna.service").read_text(encoding="utf-8")
    line = next(row for row in unit.splitlines() if row.startswith("ExecStart="))
    started = shlex.split(line.removeprefix("ExecStart="))
    assert started[1] == "serve"
    assert {word for word in started if word.startswith("--")} <= known


def test_no_password_stands_anywhere(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for key, value in (service.get("environment") or {}).items():
            assert "PASSWORD" not in key or key.endswith("_FILE"), (name, key)
            assert not re.search(r"://[^/@]*:[^/@]*@", str(value)), (name, key)
    assert compose["secrets"]["database_password"] == {"file": "./secrets/database_password"}
    assert "secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert "secrets" in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()


def test_the_room_has_no_rights_and_no_door_of_its_own(compose: dict[str, Any]) -> None:
    room = compose["services"]["room"]
    assert room["read_only"] and room["cap_drop"] == ["ALL"] and not room["user"].startswith("0")
    assert "ports" not in room and room["network_mode"] == "service:proxy"
    assert "ports" not in compose["services"]["database"]
    assert compose["networks"]["inside"]["internal"]
    assert room["healthcheck"] and compose["services"]["database"]["healthcheck"]
    assert int(room["stop_grace_period"].removesuffix("s")) > GRACE


def test_every_file_and_volume_is_there(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for mount in service.get("volumes", ()):
            source = mount.partition(":")[0]
            assert source in compose["volumes"] or (ROOT / source).is_file(), source
    build = compose["services"]["room"]["build"]
    recipe = (ROOT / build["dockerfile"]).read_text(encoding="utf-8")
    for source in re.findall(r"deploy/[a-z.]+", recipe):
        assert (ROOT / source).is_file(), source
    assert re.search(r"^USER 10001", recipe, re.MULTILINE)
    port = next(word for word in compose["services"]["room"]["command"] if word.startswith("--port="))
    for name in ("Caddyfile", "healthy.py"):
        text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
        assert f"127.0.0.1:{port.removeprefix('--port=')}" in text
