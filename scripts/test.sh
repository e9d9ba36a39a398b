#!/usr/bin/env bash
# Every check and test. `scripts/test.sh long` adds the ones that run for minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/check.sh
if [ "${1:-}" = long ]; then
  exec .venv/bin/python -m pytest -m long --timeout=3600 "${@:2}"
fi
.venv/bin/python -m pytest -n 2 --dist loadgroup -m "not long" "$@"
# The database tests once more, on the oldest PostgreSQL we support, where it is installed.
old=/usr/lib/postgresql/15/bin
if [ -x "$old/postgres" ]; then
  MOTCUA_PG_BIN="$old" .venv/bin/python -m pytest -n 2 --dist loadgroup -m "sql and not long" "$@"
elif [ "${CI:-}" = true ]; then
  echo "PostgreSQL 15 is missing: install Debian's package postgresql-15" >&2
  exit 1
fi
