#!/bin/sh
# Run the project's own uv: nothing outside the project's folder is read or written but the index and
# the certificates that this machine's pip and system already use.
set -eu
export UV_NO_CONFIG=1 UV_PYTHON_DOWNLOADS=never UV_CACHE_DIR=.tools/cache
export UV_SYSTEM_CERTS=1
if [ -z "${UV_DEFAULT_INDEX:-}" ]; then
    index="${PIP_INDEX_URL:-$("${PYTHON:-python3}" -m pip config get global.index-url 2>/dev/null || true)}"
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX="$index"; fi
fi
if [ -n "${PIP_CERT:-}" ] && [ -z "${SSL_CERT_FILE:-}" ]; then export SSL_CERT_FILE="$PIP_CERT"; fi
exec .tools/bin/uv "$@"
