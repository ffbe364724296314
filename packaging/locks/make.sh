#!/usr/bin/env bash
# Resolves pyproject.toml into hashed locks that name no index. Needs uv.
set -eu
cd "$(dirname "$0")/../.."
options=(--quiet --universal --python-version 3.11 --prerelease if-necessary-or-explicit --generate-hashes --no-header)
uv pip compile "${options[@]}" pyproject.toml -o packaging/locks/app.txt "$@"
uv pip compile "${options[@]}" pyproject.toml --extra dev -o packaging/locks/dev.txt "$@"
