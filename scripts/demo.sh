#!/usr/bin/env bash
# Set up and run the product with demo content; Ctrl-C stops all of it.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh run
exec .venv/bin/motcua demo "$@"
