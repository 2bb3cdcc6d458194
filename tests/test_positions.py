"""How positions are made: short, sorted by their bytes, and always with room between two."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.common.errors import Code, Problem
from app.common.positions import DIGITS, FORM, MAX_LENGTH, at_the_end, at_the_start, between

NOW = datetime(2026, 11, 22, 18, 33, tzinfo=UTC)
POSITIONS = st.text(DIGITS, min_size=1, max_size=40).filter(lambda text: text[-1] != DIGITS[0])


def test_the_digits_stand_in_the_order_of_their_bytes() -> None:
    assert "".join(sorted(DIGITS)) == DIGITS
    assert len(DIGITS) == 64


@given(st.sets(POSITIONS, min_size=2, max_size=2))
def test_between_any_two_there_is_a_third(two: set[str]) -> None:
    low, high = sorted(two)

    assert low < between(low, high) < high
    assert between("", low) < low
    assert re.match(FORM, between(low, high))


def test_later_rows_stand_further_out_and_all_others_between() -> None:
    moments = [NOW + timedelta(microseconds=step) for step in (0, 1, 15, 16, 10**6, 10**15)]
    ends, starts = [at_the_end(now) for now in moments], [at_the_start(now) for now in moments]

    assert ends == sorted(ends)
    assert starts == sorted(starts, reverse=True)
    assert starts[0] < ends[0]


@pytest.mark.parametrize("side", ["before", "after", "by turns"])
def test_nearly_six_thousand_rows_fit_in_one_place_wherever_they_are_put(side: str) -> None:
    low, high = at_the_end(NOW), at_the_end(NOW + timedelta(microseconds=1))

    for count in range(5900):
        found = between(low, high)
        is_before = side == "before" or (side == "by turns" and count % 2)
        low, high = (low, found) if is_before else (found, high)

    assert low < high
    assert 980 < len(found) <= MAX_LENGTH


def test_where_a_longer_position_than_fits_would_be_needed_there_is_no_room() -> None:
    low = "V" * (MAX_LENGTH - 1)

    with pytest.raises(Problem) as full:
        between(f"{low}1", f"{low}2")

    assert full.value.code is Code.NO_ROOM


def test_between_neighbours_far_apart_a_position_is_short_however_long_theirs_are() -> None:
    assert len(between("0" * MAX_LENGTH, "1" * MAX_LENGTH)) == 2
