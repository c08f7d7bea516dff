"""Simulated staff leave like England's, answer as the knob says, and their true chances are true."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from earlywarn.paths import shipped_instruments
from earlywarn.simulate import posts, staff_columns
from earlywarn.simulate.calendar import last_day
from earlywarn.simulate.holders import Bools, Floats, Holders, joined
from earlywarn.simulate.leaving import clock, day_at, period_start, teaches
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.schools import Phase, School, make_schools
from earlywarn.simulate.staff import make_staff
from earlywarn.simulate.staff_truth import resigning_probability
from earlywarn.simulate.staff_views import Answers, spells_of_absence, staff_answers
from earlywarn.simulate.surveys import make_waves
from earlywarn.surveys.instrument import load_instruments

PLAN = Plan(schools=1, pupils=300, years=3, current_weeks=0)
NO_EFFECT = replace(PLAN, engagement_effect=0.0)
PHASES: tuple[Phase, ...] = get_args(Phase)
PUPILS: dict[Phase, int] = {"primary": 60_000, "secondary": 60_000, "special": 9_000}  # thousands of posts each


def school(phase: Phase, pupils: int, plan: Plan = PLAN) -> School:
    return replace(make_schools(plan, np.random.default_rng(1))[0], phase=phase, capacity=pupils)


@pytest.fixture(scope="module")
def by_phase() -> dict[Phase, Holders]:
    """One school a phase, as large as a county, that turns over like the average school."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posts, "SCHOOLS_DIFFER", 0.0)
        return {
            phase: make_staff(school(phase, PUPILS[phase]), 0, PLAN, np.random.default_rng(seed))
            for seed, phase in enumerate(PHASES)
        }


@pytest.fixture(scope="module")
def everyone(by_phase: dict[Phase, Holders]) -> Holders:
    return joined(list(by_phase.values()))


@pytest.fixture(scope="module")
def without_effect() -> Holders:
    return make_staff(school("primary", 120_000), 0, NO_EFFECT, np.random.default_rng(4))


def share_leaving(holders: Holders, chosen: Bools | None = None, reason: str = "", year: int = 0) -> float:
    """Of those in post on 1 September without notice, the share who give notice in the school year."""
    begins, ends = period_start(PLAN.school_years[year], 0), period_start(PLAN.school_years[year], 3)
    there = (holders.joined_on <= begins) & ~(holders.notice_on < begins)
    there &= np.True_ if chosen is None else chosen
    given = (holders.notice_on < ends) & ((holders.reason == reason) if reason else np.True_)
    return float(given[there].mean())


def test_a_post_has_one_holder_at_a_time_and_is_never_empty(by_phase: dict[Phase, Holders]) -> None:
    holders = by_phase["secondary"]
    follows = holders.post[1:] == holders.post[:-1]
    assert follows.sum() > 1000
    assert (holders.joined_on[1:][follows] == holders.leaves_on[:-1][follows] + 1).all()
    assert (np.isnat(holders.leaves_on[:-1]) == ~follows).all()
    assert (holders.number == np.arange(len(holders))).all()


def test_the_same_seed_gives_the_same_staff() -> None:
    one, other = (make_staff(school("primary", 400), 7, PLAN, np.random.default_rng(2)) for _ in range(2))
    assert one.number[0] == 7
    assert np.array_equal(one.born, other.born)
    assert np.array_equal(one.morale, other.morale, equal_nan=True)
    assert np.array_equal(one.notice_on, other.notice_on, equal_nan=True)


def test_special_schools_have_more_assistants_than_teachers(by_phase: dict[Phase, Holders]) -> None:
    roles = by_phase["special"].role
    assert (roles == "teaching assistant").sum() > 1.8 * (roles == "teacher").sum()
    assert {subject for phase in ("primary", "special") for subject in by_phase[phase].subject} == {""}  # type: ignore[index]


@pytest.mark.parametrize(("phase", "published"), [("primary", 0.17), ("secondary", 0.18), ("special", 0.15)])
def test_teachers_leave_their_school_as_often_as_published(
    by_phase: dict[Phase, Holders], phase: Phase, published: float
) -> None:
    holders = by_phase[phase]
    found = np.mean([share_leaving(holders, teaches(holders.role), year=year) for year in range(3)])
    assert found == pytest.approx(published, abs=0.02)


def test_one_in_five_support_staff_leave(everyone: Holders) -> None:
    assert share_leaving(everyone, ~teaches(everyone.role)) == pytest.approx(0.20, abs=0.015)


def test_the_first_year_is_like_the_last(everyone: Holders) -> None:
    assert share_leaving(everyone, year=0) == pytest.approx(share_leaving(everyone, year=2), abs=0.012)


def test_the_young_resign_more_and_the_old_retire(everyone: Holders) -> None:
    age = everyone.age_on(period_start(PLAN.school_years[0], 0))
    teaching = teaches(everyone.role)
    young, middle, old = teaching & (age < 35), teaching & (age >= 35) & (age < 55), teaching & (age >= 55)
    resigned = [share_leaving(everyone, group, "resigned") for group in (young, middle, old)]
    assert resigned[0] / resigned[1] == pytest.approx(10.8 / 8.7, abs=0.2)
    assert resigned[2] < resigned[0]
    assert share_leaving(everyone, young, "retired") == 0
    assert share_leaving(everyone, old, "retired") == pytest.approx(0.196, abs=0.04)


def test_newcomers_resign_more_than_those_who_have_stayed(everyone: Holders) -> None:
    served = (period_start(PLAN.school_years[0], 0) - everyone.joined_on).astype(int)
    lasting = everyone.permanent
    new = share_leaving(everyone, lasting & (served < 360), "resigned")
    assert new > 1.5 * share_leaving(everyone, lasting & (served > 5 * 366), "resigned")


def test_teachers_of_shortage_subjects_resign_more(by_phase: dict[Phase, Holders]) -> None:
    holders = by_phase["secondary"]

    def resigning(*subjects: str) -> float:
        chosen = np.isin(holders.subject, subjects)
        return float(np.mean([share_leaving(holders, chosen, "resigned", year) for year in range(3)]))

    scarce = resigning("Physics", "Computing", "Modern Foreign Languages", "Business Studies")
    assert scarce > 1.15 * resigning("History", "Physical Education", "Design and Technology")


def test_schools_differ_in_turnover_and_stay_as_they_are() -> None:
    seeds = range(40)
    schools = [make_staff(school("primary", 3_000), 0, PLAN, np.random.default_rng(seed)) for seed in seeds]
    turnover = np.array([[share_leaving(one, year=year) for year in (0, 2)] for one in schools])
    assert np.corrcoef(turnover.T)[0, 1] > 0.4


def resignations(holders: Holders, role: str) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Month and day of notice, and of the last day in post."""
    chosen = (holders.role == role) & (holders.reason == "resigned")
    chosen &= holders.notice_on >= period_start(PLAN.school_years[0], 0)
    dates = (holders.notice_on[chosen], holders.leaves_on[chosen])
    notice, last = (np.array([str(day)[5:] for day in column]) for column in dates)
    return notice, last


def test_teachers_give_notice_in_the_weeks_before_the_three_dates(everyone: Holders) -> None:
    notice, last = resignations(everyone, "teacher")
    for month, last_of_month, ends in (("10", "31", "12-31"), ("02", "29", "04-30"), ("05", "31", "08-31")):
        chosen = last == ends
        assert {day[:2] for day in notice[chosen]} == {month}
        assert max(notice[chosen].tolist()) == f"{month}-{last_of_month}"
        assert (notice[chosen] >= f"{month}-17").mean() > 0.6
    assert (last == "08-31").mean() == pytest.approx(0.6, abs=0.04)


def test_leaders_give_notice_a_month_earlier(everyone: Holders) -> None:
    notice, last = resignations(everyone, "leader")
    assert {day[:2] for day in notice} == {"09", "01", "04"}
    assert set(last) == {"12-31", "04-30", "08-31"}


def test_support_staff_give_notice_at_any_time(everyone: Holders) -> None:
    notice, _ = resignations(everyone, "teaching assistant")
    assert len({day[:2] for day in notice}) == 12


def test_fixed_terms_end_and_nobody_resigns_from_one(everyone: Holders) -> None:
    fixed = ~everyone.permanent
    assert set(everyone.reason[fixed]) <= {"", "fixed-term-end"}
    assert not (everyone.reason[~fixed] == "fixed-term-end").any()
    assert {str(day)[5:] for day in everyone.leaves_on[fixed & (everyone.reason != "")]} == {"08-31"}


def test_a_day_comes_before_another_as_the_clock_says() -> None:
    share = np.linspace(0, 0.9999, 2001)
    for role in ("teacher", "leader", "administration"):
        roles = np.full(len(share), role)
        for period in range(3):
            day = day_at(roles, 2023, period, share)
            for other in np.unique(day):
                assert np.array_equal(day < other, share < clock(roles, 2023, period, other) - 1e-12), (role, period)


WINDOWS = [
    ("2024-11-11", "2024-11-11", "2025-07-20"),  # the rest of a year
    ("2024-10-20", "2024-10-20", "2024-11-01"),  # cut in the middle of a season of notice
    ("2024-05-20", "2024-06-15", "2026-03-01"),  # a window some way off, over two summers
]


@pytest.mark.parametrize("window", WINDOWS)
def test_the_true_chances_are_those_at_which_people_resign(
    everyone: Holders, without_effect: Holders, window: tuple[str, str, str]
) -> None:
    as_of, start, end = (np.datetime64(day) for day in window)
    for holders, plan in ((everyone, PLAN), (without_effect, NO_EFFECT)):
        chance = resigning_probability(holders, as_of, start, end, plan)
        resigned = (holders.reason == "resigned") & (holders.notice_on >= start) & (holders.notice_on < end)
        told = ~np.isnan(chance)
        by_chance = np.array_split(np.flatnonzero(told)[np.argsort(chance[told])], 5)
        assert chance[by_chance[-1]].mean() > 2 * chance[by_chance[0]].mean()
        for fifth in by_chance:
            off = resigned[fifth].sum() - chance[fifth].sum()
            assert abs(off) < 3.5 * np.sqrt((chance[fifth] * (1 - chance[fifth])).sum())


def test_chances_of_two_windows_add_up(everyone: Holders) -> None:
    as_of, middle, end = (np.datetime64(day) for day in ("2024-10-10", "2025-02-20", "2025-09-10"))
    parts = [resigning_probability(everyone, as_of, *days, PLAN) for days in ((as_of, middle), (middle, end))]
    whole = resigning_probability(everyone, as_of, as_of, end, PLAN)
    np.testing.assert_allclose(parts[0] + parts[1], whole, atol=1e-12)


def test_morale_moves_the_chance_only_by_the_knob(everyone: Holders) -> None:
    days = [np.datetime64(day) for day in ("2024-11-11", "2024-11-11", "2025-07-20")]
    low = replace(everyone, morale=np.full_like(everyone.morale, -1.0))
    high = replace(everyone, morale=np.full_like(everyone.morale, 1.0))
    told = ~np.isnan(resigning_probability(everyone, *days, PLAN))
    for plan, least, most in ((PLAN, 1.7, 2.1), (NO_EFFECT, 1 - 1e-9, 1 + 1e-9)):
        of_low, of_high = (resigning_probability(holders, *days, plan)[told].mean() for holders in (low, high))
        assert least < of_low / of_high < most


def test_who_is_not_at_risk_has_no_chance_to_speak_of(everyone: Holders) -> None:
    as_of = np.datetime64("2024-11-11")
    chance = resigning_probability(everyone, as_of, as_of, np.datetime64("2025-07-20"), PLAN)
    gone = (everyone.notice_on < as_of) | (everyone.joined_on >= as_of) | ~everyone.permanent
    assert np.array_equal(np.isnan(chance), gone)


def answered(holders: Holders, plan: Plan) -> list[Answers]:
    waves = make_waves(plan)
    found = staff_answers(holders, waves, load_instruments(shipped_instruments()), plan, np.random.default_rng(5))
    return list(found)


def asked_and_answering(holders: Holders, plan: Plan) -> tuple[Bools, Bools, Floats, Answers]:
    """Who was asked in the second wave of the first year, who answered, and everyone's morale then."""
    answers = next(one for one in answered(holders, plan) if one.wave.year == 0 and one.wave.number == 1)
    wave = answers.wave
    asked = (holders.joined_on <= wave.opens_on) & holders.in_post(wave.closes_on, wave.closes_on)
    return asked, np.isin(holders.number, answers.person), holders.morale[:, 1], answers


def test_intent_overstates_leaving(by_phase: dict[Phase, Holders]) -> None:
    agree = [
        answers.given[:, answers.items.index("int_look")] >= 4 for answers in answered(by_phase["secondary"], PLAN)
    ]
    assert 0.25 < np.concatenate(agree).mean() < 0.29


def test_seven_in_ten_answer_and_fewer_of_low_morale_where_it_matters(
    by_phase: dict[Phase, Holders], without_effect: Holders
) -> None:
    for holders, plan, gap in ((by_phase["secondary"], PLAN, 0.04), (without_effect, NO_EFFECT, 0.0)):
        asked, answers, morale, _ = asked_and_answering(holders, plan)
        assert answers[asked].mean() == pytest.approx(0.70, abs=0.02)
        low, high = (answers[asked & side].mean() for side in (morale < 0, morale >= 0))
        assert high - low == pytest.approx(gap * 1.5, abs=0.03)


def test_intent_tells_of_leaving_only_where_morale_does(
    by_phase: dict[Phase, Holders], without_effect: Holders
) -> None:
    told = []
    for holders, plan in ((by_phase["secondary"], PLAN), (without_effect, NO_EFFECT)):
        _, _, _, answers = asked_and_answering(holders, plan)
        intent = answers.given[:, answers.items.index("int_look")]
        closed = answers.wave.closes_on
        mine = holders.rows(answers.person)  # numbered from 0, in order
        later = (mine.reason == "resigned") & (mine.notice_on > closed) & (mine.notice_on < closed + 365)
        told.append(later[intent >= 4].mean() / later[(intent > 0) & (intent < 4)].mean())
    assert told[0] > 1.3
    assert told[1] == pytest.approx(1.0, abs=0.15)


def test_a_post_is_written_down_once_a_day_and_its_end_when_it_comes(everyone: Holders) -> None:
    everyone = replace(everyone, number=np.arange(len(everyone)))
    until = last_day(PLAN)
    table = staff_columns.staff(everyone, PLAN, until)
    keys = list(zip(np.asarray(table["person_id"]), np.asarray(table["known_on"]), strict=True))
    assert len(set(keys)) == len(keys)
    left = ~np.isnat(np.asarray(table["left_on"]))
    assert left.sum() == (everyone.leaves_on <= until).sum()
    assert (np.asarray(table["left_on"])[left] == np.asarray(table["known_on"])[left]).all()


def test_spells_lie_in_the_post_and_apart(by_phase: dict[Phase, Holders]) -> None:
    holders, until = by_phase["special"], last_day(PLAN)
    spells = spells_of_absence(holders, PLAN, until, np.random.default_rng(1))
    mine = holders.rows(spells.number)
    assert (spells.starts_on >= mine.joined_on).all()
    assert not (spells.ends_on > mine.leaves_on).any()
    same = spells.number[1:] == spells.number[:-1]
    assert same.sum() > 1000
    assert not (spells.starts_on[1:][same] <= spells.ends_on[:-1][same]).any()
    assert (np.isnat(spells.ends_on) | (spells.ends_on <= until)).all()
