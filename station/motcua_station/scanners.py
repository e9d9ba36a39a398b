"""The scanner of the settings: by eSCL (AirScan, HTTP) or by SANE. Pages come as JPEG, in the order of the feeder."""

import threading
from pathlib import Path

from motcua_station.config import Config
from motcua_station.escl import Escl
from motcua_station.sane import Sane
from motcua_station.scanning import Ability, Follow, Way

_one_at_a_time = threading.Lock()  # a scanner that is asked what it has is busy for a scan


def _scanner(config: Config) -> Escl | Sane:
    if config.scanner.startswith("sane:"):
        return Sane(config.scanner.removeprefix("sane:"), config.sane_sources, config.escl_wait)
    return Escl(config.scanner, config.escl_wait)


def ability(config: Config) -> Ability:
    """Ask the scanner what it has. Raises `Trouble`."""
    with _one_at_a_time:
        return _scanner(config).ability()


def scan(config: Config, way: Way, folder: Path, follow: Follow) -> tuple[list[Path], int]:
    """Scan until the feeder is empty; the pages, and their dots an inch. Raises `Trouble`."""
    with _one_at_a_time:
        return _scanner(config).scan(way, folder, follow)
