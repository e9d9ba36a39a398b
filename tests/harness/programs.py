"""What the checkers need on the machine; a missing piece skips the test by name, or fails it under CI."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
SCREENS = ROOT / "var" / "screenshots"


def missing(what: str, how: str) -> None:
    """Skip this test because `what` is missing; with CI=true a missing piece is a failure."""
    message = f"{what} is missing: {how}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def chromium() -> str:
    """Return the path of Debian's Chromium."""
    found = shutil.which("chromium")
    if not found:
        missing("chromium", "install Debian's package chromium")
    return str(found)


def java() -> str:
    """Return the path of Java."""
    found = shutil.which("java")
    if not found:
        missing("java", "install Debian's package default-jre-headless")
    return str(found)


def npm_file(path: Path) -> Path:
    """Return a file of node_modules."""
    if not path.is_file():
        missing(path.name, "run scripts/collect_assets.py")
    return path
