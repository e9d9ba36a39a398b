#!/usr/bin/env bash
# Lint, format, import contract, types.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh dev
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/lint-imports --no-cache
.venv/bin/mypy
.venv/bin/mypy --config-file station/pyproject.toml station/motcua_station
