"""Days that the open data set `holidays` expects for a year: proposals only, never days in force.

The set does not know every swap (it missed 2/1 and 10/1/2026) and guesses Tết, so a person compares each
proposed day with the official notice before approving it.
"""

import re
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version

from motcua.lib.working_time import Day

_SWAPPED = re.compile(r"Ngày nghỉ \(thay cho ngày (\d{2})/(\d{2})/(\d{4})\)")
_IN_LIEU = re.compile(r"\(nghỉ bù")


def expected_days(year: int) -> list[Day]:
    """Return the days the data set expects in `year`, each with low confidence and the set as its source."""
    # The data set takes about a second to import and is needed once a year.
    from holidays.countries.vietnam import Vietnam  # noqa: PLC0415

    source = f"Bộ dữ liệu mở holidays {version('holidays')}, chưa đối chiếu văn bản"
    found = Vietnam(years=year, language="vi")  # type: ignore[no-untyped-call]
    days = [day for on, name in found.items() if on.year == year for day in _read(on, str(name), source)]
    return sorted(days, key=lambda day: day.on)


def _read(on: date, name: str, source: str) -> Iterator[Day]:
    swapped = _SWAPPED.search(name)
    if swapped:
        worked = date(int(swapped[3]), int(swapped[2]), int(swapped[1]))
        yield Day(on, "swapped_off", f"Nghỉ hoán đổi, làm bù {worked:%d/%m/%Y}", source, "low", True, worked)
        yield Day(worked, "working_saturday", f"Ngày làm bù cho {on:%d/%m/%Y}", source, "low", True, on)
    elif _IN_LIEU.search(name):
        yield Day(on, "in_lieu", name.replace("; ", ", "), source, "low")
    else:
        yield Day(on, "day_off", name.replace("; ", ", "), source, "low")
