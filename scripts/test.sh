#!/usr/bin/env bash
# Every check and test. `scripts/test.sh long` adds the ones that run for minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/check.sh
old=/usr/lib/postgresql/15/bin  # the oldest PostgreSQL we support
if [ "${1:-}" = long ]; then
  MOTCUA_WHOLE=1 .venv/bin/python -m pytest -m long --timeout=3600 "${@:2}"
  # Every state of every screen that a journey meets, looked at whole, with its picture.
  MOTCUA_WHOLE=1 MOTCUA_PICTURES=1 .venv/bin/python -m pytest -n 2 --dist loadfile -m "browser and not long"
  [ ! -x "$old/postgres" ] || MOTCUA_PG_BIN="$old" .venv/bin/python -m pytest -n 2 --dist loadfile -m "sql and not long"
  exit
fi
.venv/bin/python -m pytest -n 2 --dist loadfile -m "not long" "$@"
# Once more on the old one, where it is installed: every migration, and the tests that lean on the database most.
# `long` runs all that are marked sql there.
if [ -x "$old/postgres" ]; then
  dossiers=motcua/dossiers/tests
  MOTCUA_PG_BIN="$old" .venv/bin/python -m pytest -n 2 --dist loadfile -m "sql and not long" \
    motcua/base motcua/lib motcua/counters/tests/test_hall.py tests/security/test_tracking.py \
    $dossiers/test_row_security.py $dossiers/test_writing.py $dossiers/test_finding.py $dossiers/test_races.py \
    $dossiers/test_rank.py
elif [ "${CI:-}" = true ]; then
  echo "PostgreSQL 15 is missing: install Debian's package postgresql-15" >&2
  exit 1
fi
