"""The spread between schools: what was planted is found, chance is taken out, and what is shared names no school."""

from datetime import date
from pathlib import Path

import numpy as np

from benchmark_world import Pupils, trust
from earlywarn.study.spread import schools_of, spread_tables

SCHOOLS = [f"10000{number}" for number in range(1, 7)]
TABLE = "school_id,name,phase\n" + "".join(f"{one},School {one},primary\n" for one in SCHOOLS)


def made(spread: float, seed: int, schools: int = 60, people: int = 50) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    school = np.repeat(np.arange(schools), people)
    return 6 + random.normal(0, spread, schools)[school] + random.normal(0, 2, len(school)), school


def test_the_planted_spread_lies_in_its_interval() -> None:
    held = 0
    for seed in range(40):
        found = schools_of(*made(0.5, seed))
        assert found is not None
        held += found.spread.low <= 0.5 <= found.spread.high
    assert held >= 35


def test_schools_that_differ_by_chance_alone_differ_little() -> None:
    found = [schools_of(*made(0.0, seed)) for seed in range(20)]
    assert np.mean([one.spread.between for one in found if one is not None]) < 0.12  # chance alone: 0.28


def test_small_schools_and_too_few_of_them_say_nothing() -> None:
    values, school = made(0.5, 1, schools=6, people=9)
    assert schools_of(values, school) is None
    assert schools_of(*made(0.5, 1, schools=4)) is None


def test_the_shared_table_counts_schools_and_the_trusts_own_names_them(tmp_path: Path) -> None:
    groups = [
        Pupils(one, 5, 30, {"two": [1, 2, 3] * 10 if place < 3 else [3, 4, 5] * 10}, absent=8 if place < 1 else 0)
        for place, one in enumerate(SCHOOLS)
    ]
    some = [Pupils(one, 6, 30, {"two": [1, 3, 5] * 10}, absent=8 * (place % 2)) for place, one in enumerate(SCHOOLS)]
    with trust(tmp_path, *groups, *some, today=date(2024, 12, 2), schools=TABLE) as sources:
        shared, whole = spread_tables(sources, sources.config)
    (absent, calm) = shared.rows
    assert (absent["measure"], absent["schools"], absent["n"]) == ("persistent_absence", 6, 360)
    assert (calm["measure"], calm["upto"]) == ("feelings.school", date(2024, 10, 20).isoformat())
    assert not any(one in str(shared) for one in SCHOOLS)
    assert {one["school_id"] for one in whole.rows} == set(SCHOOLS)
    differing = [one for one in whole.rows if one["measure"] == "feelings.school" and one["differs"]]
    assert len(differing) == calm["differ"]


def test_the_age_of_pupils_is_no_difference_between_schools(tmp_path: Path) -> None:
    every = [f"1000{number}" for number in range(11, 21)]
    groups = [
        Pupils(one, 5 if place < 5 else 9, 30, {"two": [3, 4, 5] * 10 if place < 5 else [1, 2, 3] * 10})
        for place, one in enumerate(every)
    ]
    silent = [Pupils(one, 1, 10) for one in every]
    table = "school_id,name,phase\n" + "".join(f"{one},School {one},all-through\n" for one in every)
    with trust(tmp_path, *groups, *silent, today=date(2024, 12, 2), schools=table) as sources:
        shared, _ = spread_tables(sources, sources.config)
    (calm,) = shared.rows
    assert (calm["between"], calm["differ"], calm["schools"]) == (0.0, 0, 10)


def test_a_year_group_at_few_schools_cannot_be_told_from_them(tmp_path: Path) -> None:
    groups = [Pupils(one, 5 + place, 30, {"two": [1, 3, 5] * 10}) for place, one in enumerate(SCHOOLS)]
    with trust(tmp_path, *groups, today=date(2024, 12, 2), schools=TABLE) as sources:
        assert spread_tables(sources, sources.config) == ()
