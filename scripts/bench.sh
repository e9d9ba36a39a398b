#!/usr/bin/env bash
# Measure the speed lanes (docs/reference/bench.md) on a database of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh dev
exec .venv/bin/python -m bench "$@"
