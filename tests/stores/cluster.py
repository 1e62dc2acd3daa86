"""A private PostgreSQL server for tests: a folder in /tmp with its socket, no port, gone with the tests."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
MOST_SECONDS = 20.0


def programs() -> Path | None:
    """Folder of the newest initdb and postgres of this machine."""
    held = [p.parent for p in DEBIAN.glob("*/bin/initdb") if (p.parent / "postgres").exists()]
    if held:
        return max(held, key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("postgres") else None


def why_not() -> str | None:
    """Say why no server can be started here; None when one can."""
    if programs() is None:
        return f"no PostgreSQL on this machine (looked in {DEBIAN} and PATH): sh tests/servers.sh"
    if shutil.which("setpriv") is None:
        return "no setpriv (util-linux) on this machine, which ends the server with the tests"
    if os.geteuid() == 0 and subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode:
        return "PostgreSQL does not run as root, and there is no user postgres"
    return None


@dataclass
class Cluster:
    """A running server."""

    folder: Path
    process: subprocess.Popen[bytes]
    made: int = 0

    def schema(self) -> str:
        """Make an empty schema and return the address of a register in it; quicker than a database."""
        self.made += 1
        self.do(f"CREATE SCHEMA t{self.made}")
        return f"{self._address('postgres')}&options=-csearch_path%3Dt{self.made}"

    def database(self, *options: str) -> str:
        """Make an empty database and return its address."""
        self.made += 1
        self.do(f"CREATE DATABASE t{self.made} TEMPLATE template0 {' '.join(options)}")
        return self._address(f"t{self.made}")

    def _address(self, name: str) -> str:
        return f"postgresql://toguna@/{name}?host={self.folder}"

    def do(self, statement: str) -> None:
        """Have the server do something."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as admin:
            admin.execute(statement.encode())

    def stop(self) -> None:
        """End it at once, and its folder."""
        self.process.send_signal(signal.SIGQUIT)  # setpriv became the server, which need not tidy up
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        shutil.rmtree(self.folder)


def start() -> Cluster:
    """Start a server of this user, or of the user postgres when this is root."""
    bin_folder = programs()
    assert bin_folder is not None
    folder = Path(
        tempfile.mkdtemp(prefix="toguna-pg-", dir="/tmp")
    )  # a path of a socket has at most 107 signs
    as_user = ["setpriv"]
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
    quick = {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    told = [
        "-D",
        f"{folder}/data",
        "-U",
        "toguna",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    subprocess.run([*as_user, f"{bin_folder}/initdb", *told], check=True, env=env, **quick)
    settings = {
        "listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off",
        "max_connections": "40", "shared_buffers": "16MB",
        "synchronous_commit": "off", "default_transaction_isolation": "serializable",
    }  # fmt: skip
    words = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    serve = [*as_user, "--pdeathsig=INT", f"{bin_folder}/postgres", "-D", f"{folder}/data", *words]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(serve, stderr=log, env=env, **quick)
    cluster = Cluster(folder, process)
    try:
        _wait(cluster)
    except BaseException:
        cluster.stop()
        raise
    return cluster


def _wait(cluster: Cluster) -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while True:
        try:
            psycopg.connect(cluster._address("postgres")).close()
            return
        except psycopg.OperationalError:
            log = (cluster.folder / "log").read_text(encoding="utf-8", errors="replace")
            assert cluster.process.poll() is None, f"PostgreSQL ended: {log}"
            assert time.monotonic() < deadline, f"PostgreSQL did not answer in {MOST_SECONDS} s: {log}"
        time.sleep(0.05)
