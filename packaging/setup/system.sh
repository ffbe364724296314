#!/usr/bin/env bash
# Makes sure that the Debian packages are there which wheels cannot bring: Python's venv module and the libraries Qt loads.
# Installs them through apt where that is allowed (root, or sudo without a password); else names exactly what is missing.
# usage: system.sh run|test
set -eu
what=${1:-run}

packages=(python3-venv libglib2.0-0 libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1
  libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xkb1)
[ "$what" = test ] && packages+=(xvfb xauth xdotool libfiu0 fiu-utils)
# The clock of a backend is moved by a few lines of C (tests/chaos/soak/clock.c).
[ "$what" = test ] && ! command -v cc >/dev/null 2>&1 && packages+=(gcc libc6-dev)

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "This is not a Debian system: please see that it has what these packages bring: ${packages[*]}" >&2
  exit 0
fi

missing=()
for name in "${packages[@]}"; do
  # Python from elsewhere (pyenv, uv) brings venv itself; Debian's package is needed for Debian's Python only.
  if [ "$name" = python3-venv ] && python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then continue; fi
  # Newer releases renamed some libraries with a t64 ending.
  dpkg-query -W -f='${Status}\n' "$name" "${name}t64" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ]; then as_root=(); elif sudo -n true >/dev/null 2>&1; then as_root=(sudo -n); else
  echo "These Debian packages are missing, and this user may not install them:" >&2
  echo "  sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
echo "Installing Debian packages: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
