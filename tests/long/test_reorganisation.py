"""The drill in full: Hải Phòng and Hải Dương as they were, two provinces with districts, become the city of today."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from motcua.cli.tests import old_map
from motcua.cli.tests.test_reorganise import drill

# A quarter of an hour on a busy machine: 403 agencies are furnished, 374 of them go over.
pytestmark = [pytest.mark.django_db, pytest.mark.long]


def test_two_provinces_of_the_old_map_become_one_of_the_new(shared_data: Path, tmp_path: Path) -> None:
    made = old_map.build(shared_data, {"31": "H24", "30": "H23"}, at=timezone.now() - timedelta(days=2))
    assert len(made.agencies) == 2 + 15 + 12 + 167 + 207
    taken = old_map.work(made)
    done = drill(shared_data, made, tmp_path)
    assert done["before"]["received"] == taken
    print({name: done[name] for name in ("steps", "strangers", "moved", "before", "after")})
