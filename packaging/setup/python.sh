#!/usr/bin/env bash
# Makes .venv out of the hashed lock. Does nothing when the lock is the one that .venv was made from.
set -eu
lock=packaging/locks/dev.txt
stamp=.venv/.lock-sha256
want=$(cat "$lock" pyproject.toml | sha256sum | cut -d' ' -f1)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && exit 0

python=
for name in python3.11 python3; do
  if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then python=$name; break; fi
done
if [ -z "$python" ]; then
  echo "Python 3.11 is needed and was not found. On Debian 12: sudo apt-get install python3 python3-venv" >&2
  exit 1
fi
[ -x .venv/bin/python ] && .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || "$python" -m venv --clear .venv
echo "Installing Python packages (about a minute) ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
echo "$want" > "$stamp"
