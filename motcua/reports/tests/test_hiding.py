"""Small counts are hidden, and nobody gets one by subtracting. Sums are drawn by chance and attacked."""

import random
from itertools import product

from motcua.reports.hiding import LEAST, hidden


def one(parts: dict[str, int]) -> set[str]:
    values = parts | {"sum": sum(parts.values())}
    return hidden(values, [(list(parts), "sum")])


def test_large_counts_and_zeros_are_shown() -> None:
    assert one({"a": 40, "b": 0, "c": 12}) == set()


def test_a_small_count_takes_the_next_larger_one_with_it() -> None:
    assert one({"a": 40, "b": 3, "c": 12}) == {"b", "c"}
    assert one({"a": 40, "b": 3, "c": 0}) == {"b", "a"}


def test_two_small_counts_that_are_few_together_are_not_enough() -> None:
    assert one({"a": 40, "b": 1, "c": 2}) == {"a", "b", "c"}
    assert one({"a": 40, "b": 4, "c": 4}) == {"b", "c"}


def test_a_small_sum_hides_its_parts_and_a_lonely_part_its_sum() -> None:
    assert one({"a": 3, "b": 0}) == {"a", "sum"}
    assert one({"a": 3}) == {"a", "sum"}


def test_nothing_small_can_be_worked_out_of_a_table_with_sums_both_ways() -> None:
    chance = random.Random(29)
    for _case in range(60):
        rows, columns = range(chance.randint(1, 5)), range(chance.randint(1, 5))
        values = {
            (row, column): chance.choice([0, 0, 1, 2, 4, 5, 9, 30]) for row, column in product(rows, columns)
        }
        sums = []
        for row in rows:
            values[row, -1] = sum(values[row, column] for column in columns)
            sums.append(([(row, column) for column in columns], (row, -1)))
        for column in (*columns, -1):
            values[-1, column] = sum(values[row, column] for row in rows)
            sums.append(([(row, column) for row in rows], (-1, column)))
        sums.append(([(-1, column) for column in columns], (-1, -1)))
        out = hidden(values, sums)
        assert all(key in out for key, value in values.items() if 0 < value < LEAST)
        known = set(values) - out
        for parts, total in sums:  # an attacker who solves one sum after the other
            unknown = [key for key in (*parts, total) if key not in known]
            assert len(unknown) != 1, (values, out)
            if total in known and unknown:
                assert sum(values[key] for key in unknown) >= LEAST, (values, out)
