#!/bin/sh
# Put uv, pinned and checked by hash, into .tools/ without touching the machine's own Python.
set -eu
PYTHON="${PYTHON:-python3}"
"$PYTHON" - <<'PY' || { echo "toguna needs Python 3.11 or newer; found: $("$PYTHON" --version 2>&1 || echo none). Set PYTHON=/path/to/python3.11 and run make again." >&2; exit 1; }
import sys
sys.exit(sys.version_info < (3, 11))
PY
mkdir -p .tools
if "$PYTHON" -m venv .tools/bootstrap >/dev/null 2>&1; then
    .tools/bootstrap/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
    found=.tools/bootstrap/bin/uv
elif "$PYTHON" -m pip --version >/dev/null 2>&1; then
    # Debian ships Python without ensurepip: pip alone will do.
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --target .tools/bootstrap-target --require-hashes -r requirements/uv.txt
    found=.tools/bootstrap-target/bin/uv
else
    echo "neither 'python3 -m venv' nor 'python3 -m pip' works here: install one (Debian: apt install python3-venv) and run make again." >&2
    exit 1
fi
mkdir -p .tools/bin
cp "$found" .tools/bin/uv
