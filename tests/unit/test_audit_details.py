"""What stands behind the gaps: counted by hand, and hidden where a small number could be told."""

import numpy as np
import pandas as pd
import pytest

from earlywarn.audit.details import Detail, details, shared_details
from earlywarn.audit.rows import Key
from earlywarn.audit.subjects import MODEL, Subjects, subjects_of
from earlywarn.config import Fairness

BY_SEN = Fairness(groups=("sen",), intersections=())


def trust(people: int = 4000, schools: int = 10) -> Subjects:
    """Return a trust on two dates; those with SEN support are scored at random."""
    random = np.random.default_rng(1)
    odds = random.normal(-1.5, 1.2, people)
    support = random.random(people) < 0.3
    frame = pd.DataFrame({
        "sen": np.where(support, "K", "N"), "school_id": random.integers(schools, size=people),
        "as_of": np.where(np.arange(people) % 2, "2026-02-02", "2025-11-10"), "person_id": np.arange(people),
    })  # fmt: skip
    outcome = random.random(people) < 1 / (1 + np.exp(-odds))
    seen = np.where(support, random.permutation(odds), odds)
    return subjects_of(frame, outcome, {MODEL: seen}, {"everyone": np.ones(people, dtype=np.bool_)}, BY_SEN)


@pytest.fixture(scope="module")
def found() -> tuple[Detail, ...]:
    subjects = trust()
    return details(subjects, 1 / (1 + np.exp(-subjects.ranks[MODEL])))


def values(
    found: tuple[Detail, ...], kind: str, group: str, measure: str = "recall"
) -> dict[float | str, float | None]:
    mine = [one for one in found if (one.kind, one.key.group, one.key.measure) == (kind, group, measure)]
    return {one.at: one.value for one in mine}


def test_a_longer_list_finds_more_of_everyone(found: tuple[Detail, ...]) -> None:
    for group in ("K", "N"):
        recalls = [value for value in values(found, "length", group).values() if value is not None]
        assert recalls == sorted(recalls) and recalls[-1] > 0.25


def test_each_date_is_counted_by_itself(found: tuple[Detail, ...]) -> None:
    subjects = trust()
    listed = subjects.listed(subjects.ranks[MODEL], "everyone")
    rows = (subjects.groups["sen"] == "K") & (subjects.as_of == "2026-02-02") & subjects.outcome
    assert values(found, "date", "K")["2026-02-02"] == pytest.approx(listed[rows].mean())


def test_schools_are_counted_by_the_way_their_gap_points(found: tuple[Detail, ...]) -> None:
    counted = values(found, "schools", "K")
    assert counted == {"compared": 10, "missed more": 10, "missed less": 0}


def test_risks_are_told_in_tenths_that_rise(found: tuple[Detail, ...]) -> None:
    tenths = [value or 0 for value in values(found, "risk", "N", "risk").values()]
    assert len(tenths) == 9 and tenths == sorted(tenths)


def detail(group: str, value: float, n: int, small: bool = False) -> Detail:
    return Detail("date", Key("onset", "sen", group, MODEL, "recall"), "2026-02-02", value, n, small)


def test_what_is_shared_is_a_whole_percentage_without_a_count() -> None:
    (shown,) = shared_details([detail("N", 0.123456, 900)], lambda key: False)
    assert (shown.value, shown.n) == (0.12, None)


def test_two_lengths_of_list_tell_nobody_between_them() -> None:
    subjects = trust(people=600)
    shown = shared_details(details(subjects, None), lambda key: False)
    with_outcome = {group: int((subjects.outcome & (subjects.groups["sen"] == group)).sum()) for group in ("K", "N")}
    assert with_outcome["K"] < 100
    assert not any(one.value for one in shown if one.kind == "length" and one.key.group == "K")


def test_one_hidden_number_takes_the_next_smallest_with_it() -> None:
    line = [detail("N", 0.1, 900), detail("K", 0.2, 90), detail("E", 0.3, 20, small=True)]
    assert [one.value for one in shared_details(line, lambda key: False)] == [0.1, None, None]
    assert [one.value for one in shared_details(line, lambda key: key.group == "K")] == [0.1, None, None]
    assert [one.value for one in shared_details(line[:2], lambda key: key.group == "K")] == [None, None]
