#!/usr/bin/env bash
# Set-up of a checkout: packages into .venv, front-end files into ignored folders. Safe to repeat; fast when
# nothing changed. Usage: scripts/setup.sh [run|dev]
set -euo pipefail
cd "$(dirname "$0")/.."
kind="${1:-run}"
python="${PYTHON:-python3}"
case "$kind" in run) lock=requirements.txt ;; dev) lock=requirements-dev.txt ;; *) echo "usage: setup.sh [run|dev]" >&2; exit 2 ;; esac

"$python" - <<'PY' || { echo "Motcua needs Python 3.11 or newer with venv (Debian: apt install python3 python3-venv)." >&2; exit 1; }
import sys, venv, ensurepip
sys.exit(0 if sys.version_info >= (3, 11) else 1)
PY

# Debian packages that tests need; the product itself needs none. As an ordinary user the tests that miss one say so.
if [ "$kind" = dev ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  missing=()
  while read -r package program; do
    [ -n "$package" ] || continue
    { [ -e "$program" ] || command -v "$program" >/dev/null; } || missing+=("$package")
  done < <(sed 's/#.*//' scripts/debian-packages.txt)
  if [ "${#missing[@]}" -gt 0 ]; then
    echo "Installing Debian packages: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
# A development environment also serves the demo: keep it one, rather than take its packages away.
if [ "$kind" = run ] && [ -e .venv/.motcua-dev ]; then kind=dev; lock=requirements-dev.txt; fi
stamp=".venv/.motcua-$kind"
wanted="$(cat "$lock" pyproject.toml package-lock.json assets.lock scripts/*.py motcua/locale/*/LC_MESSAGES/*.po 2>/dev/null | sha256sum)"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  [ -x .venv/bin/uv ] || .venv/bin/pip install --quiet --disable-pip-version-check uv
  .venv/bin/uv pip sync --quiet --require-hashes "$lock"
  .venv/bin/uv pip install --quiet --no-deps --editable .
  .venv/bin/python scripts/collect_assets.py "$kind"
  .venv/bin/python scripts/compile_messages.py
  echo "$wanted" > "$stamp"
fi
