"""A long tree in pages: each agency once, with those above it; pure, without a database."""

from types import SimpleNamespace
from typing import Any

from motcua.agencies import inside


def tree() -> list[dict[str, Any]]:
    """A province with two departments of three each, as `agency_tree` walks it."""
    below = {1: None, 2: 1, 3: 2, 4: 2, 5: 2, 6: 1, 7: 6, 8: 6, 9: 6}
    return [
        {"agency": SimpleNamespace(pk=pk), "parent_id": parent, "code": "", "hit": True}
        for pk, parent in below.items()
    ]


def shown(rows: list[dict[str, Any]], *, hits: bool) -> list[int]:
    return [row["agency"].pk for row in rows if row["hit"] == hits]


def test_each_agency_stands_on_one_page_and_the_way_to_it_on_each() -> None:
    first, after = inside.part(tree(), size=4)
    assert (shown(first, hits=True), shown(first, hits=False), after) == ([1, 2, 3, 4], [], 4)
    second, after = inside.part(tree(), after=after, size=4)
    assert (shown(second, hits=True), shown(second, hits=False), after) == ([5, 6, 7, 8], [1, 2], 8)
    third, after = inside.part(tree(), after=after, size=4)
    assert (shown(third, hits=True), shown(third, hits=False), after) == ([9], [1, 6], 0)


def test_what_fits_is_not_cut_and_an_unknown_key_begins_anew() -> None:
    assert inside.part(tree(), size=9) == (tree(), 0)
    assert inside.part(tree(), after=99, size=4) == inside.part(tree(), size=4)
    assert inside.part([], after=1, size=4) == ([], 0)
