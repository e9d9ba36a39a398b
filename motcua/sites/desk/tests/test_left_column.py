"""The left column of the desk: what stands there, by right."""

import pytest

from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import World

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def test_the_way_to_data_protection_stands_in_the_left_column_by_right(world: World) -> None:
    seen = {}
    for name in ("hoa", "minh", "tuan"):
        page = world.client(name).get("/privacy/").content.decode()
        seen[name] = [f'href="{one}"' in page for one in ("/incidents/new/", "/privacy/", "/incidents/")]
    assert seen == {"hoa": [True, False, False], "minh": [True, True, False], "tuan": [True, True, True]}
