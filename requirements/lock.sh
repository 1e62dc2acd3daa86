#!/bin/sh
# Renew the locks: every package pinned with hashes for every platform, no address of any registry.
set -eu
compile() {
    out="$1"; shift
    sh requirements/uv.sh pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --custom-compile-command "make lock" --output-file "requirements/$out" "$@"
}
compile run.txt --group build
compile dev.txt --group build --group dev -c requirements/run.txt
compile cluster.txt --group build --extra cluster -c requirements/run.txt
compile docs.txt --group build --group docs -c requirements/run.txt
