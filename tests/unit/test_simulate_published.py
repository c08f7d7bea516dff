"""England's figures ship with the package, agree with each other and say what was published."""

import csv
from pathlib import Path

import numpy as np
import pytest

from earlywarn.simulate import england
from earlywarn.simulate.england import Phase
from earlywarn.simulate.england.staff import primary_leavers, subject_leavers

PHASES: tuple[Phase, ...] = ("primary", "secondary", "special")
SHARED = Path(__file__).parents[3] / "shared" / "domain"


@pytest.mark.parametrize("phase", [*PHASES, "all"])
def test_the_bands_say_what_the_census_says(phase: Phase) -> None:
    published = england.annual(england.REFERENCE_YEAR, phase)
    counts = england.bands(phase)
    assert england.persistent(counts) == pytest.approx(published.persistent, abs=5e-5)
    assert england.severe(counts) == pytest.approx(published.severe, abs=5e-5)


def test_bands_add_up_over_every_characteristic() -> None:
    everyone = england.bands()
    by_needs = [england.bands(fsm=fsm, sen=sen, recorded=True) for fsm in (False, True) for sen in (False, True)]
    by_year = [england.bands(year_group=year) for year in range(1, 12)]
    assert np.array_equal(np.sum(by_needs, axis=0) + england.bands(recorded=False), everyone)
    assert np.array_equal(np.sum(by_year, axis=0), everyone)
    assert everyone.sum() == pytest.approx(7.4e6, rel=0.001)


def test_pupils_whose_characteristics_are_not_recorded_are_few_and_often_away() -> None:
    unknown = england.bands("primary", recorded=False)
    assert unknown.sum() / england.bands("primary").sum() == pytest.approx(0.0096, abs=0.0002)
    assert england.persistent(unknown) == pytest.approx(0.507, abs=0.0005)


def test_sexes_differ_as_published() -> None:
    girls, boys = england.bands("secondary", sex="F"), england.bands("secondary", sex="M")
    assert (round(england.persistent(girls), 3), round(england.persistent(boys), 3)) == (0.278, 0.253)


def test_a_choice_that_holds_no_one_has_no_share() -> None:
    assert np.isnan(england.persistent(england.bands("primary", year_group=12)))


@pytest.mark.parametrize("phase", [*PHASES, "all"])
def test_shares_of_absence_by_code_make_up_all_absence(phase: Phase) -> None:
    shares = england.code_shares(phase)
    assert sum(shares.values()) == pytest.approx(1, abs=1e-5)  # a session was left to rounding here and there
    assert not {"C1", "C2"} & set(shares)


def test_part_time_timetables_count_with_the_code_they_had_before() -> None:
    assert england.code_rates("special")["C"] == pytest.approx(0.01675 + 0.01588 + 0.00005, abs=2e-5)


def test_study_leave_is_common_in_secondary_schools_alone() -> None:
    assert "S" in england.common_codes("secondary")
    assert "S" not in england.common_codes("primary")


@pytest.mark.parametrize("phase", [*PHASES, "all"])
def test_weekdays_stand_around_their_week_and_friday_is_highest(phase: Phase) -> None:
    factors = england.weekday(phase)
    assert factors.mean() == pytest.approx(1, abs=0.001)
    assert factors.argmax() == 4


@pytest.mark.parametrize("phase", PHASES)
def test_schools_spread_is_the_same_on_both_scales(phase: Phase) -> None:
    spread = england.school_spread(phase)
    assert spread.sd / (spread.pooled * (1 - spread.pooled)) == pytest.approx(spread.logit_sd, abs=0.01)
    assert spread.pooled == pytest.approx(england.annual(2018, phase).persistent, abs=0.004)


def test_terms_and_weeks_are_per_session_like_the_year() -> None:
    for phase in ("primary", "secondary"):
        assert england.term_absence(2022, phase).mean() == pytest.approx(england.annual(2022, phase).mean, abs=0.005)
    assert max(week.absence for week in england.autumn_weeks(2022)) == pytest.approx(0.1426)
    assert (england.term_persistent(2024) > england.annual(2024, "all").persistent).all()


def test_subjects_in_shortage_lose_more_teachers() -> None:
    rates = subject_leavers()
    assert rates["Physics"].all > rates["History"].all > rates["Physical Education"].all
    for leavers in (*rates.values(), primary_leavers()):
        assert leavers.all == pytest.approx(leavers.under_55 + leavers.from_55, abs=2e-5)


def test_the_shipped_bands_are_the_published_ones() -> None:
    published = SHARED / "absence_bands_england_202223.csv"
    if not published.exists():
        pytest.skip("the published file of absence bands is not beside this checkout")
    with published.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["fsm"] == "Eligible" and row["phase"] == "Special"]
    counts = sum(np.array([int(row[name]) for name in row if name.startswith("n_")]) for row in rows)
    assert np.array_equal(england.bands("special", fsm=True), counts)
