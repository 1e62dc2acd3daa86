#!/bin/sh
# Look for what some tests need beside Python: PostgreSQL (tests/stores) and Chromium (tests/browser).
# Where this is root on a Debian system, what is missing is installed; tests that lack theirs skip and say so.
# This never fails: it prints one line for each.
set -u
export DEBIAN_FRONTEND=noninteractive

# Runs nothing of the kind longer than five minutes: a machine without a network must not hang.
quietly() { if command -v timeout >/dev/null; then timeout 300 "$@"; else "$@"; fi >/dev/null 2>&1; }

find_postgresql() { ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -V | tail -n 1 | grep . || command -v postgres; }

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

fetched=no
install() { # PACKAGE
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 1; fi
    if [ "$fetched" = no ]; then quietly apt-get update -qq; fetched=yes; fi
    quietly apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends "$1"
}

want() { # PACKAGE
    if found=$("find_$1"); then
        echo "$1: found, $found"
    elif install "$1" && found=$("find_$1"); then
        echo "$1: installed, $found"
    else
        echo "$1: could not be had here, its tests skip (Debian: apt-get install $1)"
    fi
}

# Debian would start a cluster of its own with the package; the tests start theirs.
policy=/usr/sbin/policy-rc.d
made=no
if [ "$(id -u)" = 0 ] && [ -d /usr/sbin ] && [ ! -e "$policy" ] && ! find_postgresql >/dev/null; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && made=yes
fi
trap 'if [ "$made" = yes ]; then rm -f "$policy"; fi' EXIT
trap 'exit 0' INT TERM HUP

want postgresql
want chromium
exit 0
