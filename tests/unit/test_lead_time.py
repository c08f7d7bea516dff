"""How early a list was: only for those whom it found in time."""

import numpy as np
import pytest

from earlywarn.evaluate.lead_time import lead_time, weighted_quantile


def early(weeks: np.ndarray, **changed: np.ndarray) -> dict | None:
    n = len(weeks)
    given = {
        "outcome": np.ones(n, dtype=bool), "listed": np.ones(n), "weeks": weeks, "already": np.zeros(n, dtype=bool),
        "person": np.arange(n),
    } | changed  # fmt: skip
    return lead_time(people="pupils", **given)


def test_quartiles_and_shares_are_of_those_who_crossed() -> None:
    found = early(np.r_[np.arange(1.0, 21.0), np.full(7, np.nan)])
    assert found["weeks"] == {"lower_quartile": 5, "median": 10, "upper_quartile": 15}
    assert [(row["weeks"], row["share"]) for row in found["found_at_least"]] == [
        (1, 1.0), (2, 0.95), (4, 0.85), (6, 0.75), (8, 0.65), (12, 0.45), (16, 0.25), (24, 0.0),
    ]  # fmt: skip
    assert (found["crossed"], found["not_crossed"]) == (20, 7)
    assert found["words"] == (
        "Of the pupils on the list who went on to cross the line, half were listed at least 10 school weeks before "
        "they crossed it, a quarter at least 15 school weeks and a quarter 5 school weeks or less. 7 others had the "
        "outcome, but their absence since the start of the year did not reach the line."
    )


def test_nobody_counts_who_was_not_listed_or_not_affected_or_over_the_line_before() -> None:
    weeks, nobody = np.r_[np.full(20, 3.0), np.full(30, 9.0)], np.arange(50) < 20
    for name, value in (("outcome", nobody), ("listed", nobody * 1.0), ("already", ~nobody)):
        found = early(weeks, **{name: value})
        assert (found["weeks"]["upper_quartile"], found["crossed"], found["not_crossed"]) == (3, 20, 0)


def test_who_is_tied_at_the_last_place_counts_in_part() -> None:
    weeks = np.r_[np.full(10, 2.0), np.full(40, 8.0)]
    found = early(weeks, listed=np.r_[np.ones(10), np.full(40, 0.25)])
    assert found["crossed"] == 20
    assert found["found_at_least"][2] == {"weeks": 4, "share": 0.5}


def test_fewer_than_ten_people_say_nothing_however_often_they_were_listed() -> None:
    assert early(np.full(9, 3.0)) is None
    assert early(np.full(27, 3.0), person=np.arange(27) % 9) is None
    assert early(np.zeros(0)) is None


def test_few_who_never_crossed_are_not_counted_out() -> None:
    found = early(np.r_[np.full(10, 3.0), np.full(4, np.nan)])
    assert found["not_crossed"] is None
    assert "A few others had the outcome" in found["words"]
    assert "others" not in early(np.full(10, 1.0))["words"]


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.9])
def test_a_weight_is_a_number_of_people(share: float) -> None:
    random = np.random.default_rng(2)
    values, times = random.integers(0, 20, 30).astype(float), random.integers(1, 5, 30)
    expected = np.quantile(np.repeat(values, times), share, method="inverted_cdf")
    assert weighted_quantile(values, times.astype(float), share) == expected


def test_nobody_is_said_to_have_been_found_no_weeks_ahead() -> None:
    quarter = np.r_[np.zeros(10), np.full(10, 1.0), np.full(10, 3.0)]
    assert (
        "at least 1 school week before they crossed it, a quarter at least 3 school weeks and a quarter only in"
        in (early(quarter)["words"])
    )
    assert early(np.zeros(12))["words"].endswith("half crossed it in the very week of the list.")
