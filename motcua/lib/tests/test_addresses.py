"""Which address a try is counted under: one visitor, one count."""

import pytest

from motcua.lib.addresses import counted


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::1", "::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_one_visitor_has_one_count(address: str, count: str) -> None:
    assert counted(address) == count
