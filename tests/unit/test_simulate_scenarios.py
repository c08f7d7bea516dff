"""Every scenario and knob does what it says, and what it does not name stays as it is."""

import csv
import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from earlywarn.errors import ConfigError
from earlywarn.paths import shipped_instruments
from earlywarn.simulate import SCENARIOS, Plan, simulate
from earlywarn.simulate.absence import SchoolYear
from earlywarn.simulate.marks import NUMBER, make_marks, spell_reasons
from earlywarn.simulate.surveys import family_answers, make_waves
from earlywarn.simulate.trust import Trust, make_trust, stream, years_of
from earlywarn.surveys.instrument import load_instruments

MEDIUM = Plan(schools=20, pupils=6000, years=2, current_weeks=0, seed=3)
INSTRUMENTS = load_instruments(shipped_instruments())


def school_years(plan: Plan) -> tuple[Trust, list[SchoolYear]]:
    trust = make_trust(plan)
    return trust, [year for school in trust.schools for year in years_of(trust, school)]


def rate(years: list[SchoolYear], of_year: int) -> float:
    absent = sum(year.absent.sum() for year in years if year.year == of_year)
    return float(absent / sum(year.expected.sum() for year in years if year.year == of_year))


def mean_answers(plan: Plan, year: int, item: str = "") -> NDArray[np.float64]:
    """Return the mean answer of each pupil who answered in a year; of one item, if it is named."""
    trust, years = school_years(plan)
    parts = []
    for one in (one for one in years if one.year == year and one.school.phase == "secondary"):
        rng = stream(plan, "surveys", one.school.number)
        for answers in family_answers(one, make_waves(plan), INSTRUMENTS, trust, rng):
            if answers.wave.audience == "pupil":
                given = answers.given if not item else answers.given[:, [answers.items.index(item)]]
                parts.append(np.ma.masked_equal(given, 0).mean(axis=1).compressed())
    return np.concatenate(parts)


@pytest.fixture(scope="module")
def usual() -> tuple[Trust, list[SchoolYear]]:
    return school_years(MEDIUM)


def test_a_drift_raises_absence_from_the_last_year_on(usual: tuple[Trust, list[SchoolYear]]) -> None:
    _, drifted = school_years(replace(MEDIUM, scenario="drift"))
    assert rate(drifted, 0) == rate(usual[1], 0)
    assert rate(drifted, 1) > 1.15 * rate(usual[1], 1)


def test_a_drift_lowers_answers_and_response() -> None:
    drifted, before = (mean_answers(replace(MEDIUM, scenario=name), 1) for name in ("drift", ""))
    assert len(drifted) < 0.95 * len(before)
    assert drifted.mean() < before.mean() - 0.05  # some items are reversed, so the mean of all moves less


def codes_of(years: list[SchoolYear], plan: Plan) -> dict[tuple[int, int], float]:
    """Return, by school and year, the share of absence that is written O."""
    found = {}
    for year in years:
        reason = spell_reasons(year, stream(plan, "marks", year.school.number))[year.spell_of[year.absent]]
        found[year.school.number, year.year] = float(np.mean(reason == NUMBER["O"]))
    return found


def test_a_school_that_changes_its_habits_writes_illness_as_other(usual: tuple[Trust, list[SchoolYear]]) -> None:
    plan = replace(MEDIUM, scenario="coding-habits")
    before, after = codes_of(usual[1], MEDIUM), codes_of(school_years(plan)[1], plan)
    changed = {key for key in before if after[key] > before[key] + 0.1}
    assert changed == {(0, 1), (10, 1)}  # one school in ten, from the last year on
    assert rate(school_years(plan)[1], 1) == rate(usual[1], 1)  # who is absent stays as it is


def test_one_item_is_worded_anew() -> None:
    reworded, before = (
        mean_answers(replace(MEDIUM, scenario=name), 1, "emo_happy").mean() for name in ("changed-item", "")
    )
    assert reworded < before - 0.4
    other, as_before = (
        mean_answers(replace(MEDIUM, scenario=name), 1, "emo_enjoy").mean() for name in ("changed-item", "")
    )
    assert other == pytest.approx(as_before, abs=0.1)


def test_a_biased_survey_lowers_the_answers_of_pupils_with_special_needs_only(tmp_path: Path) -> None:
    def means(scenario: str) -> dict[bool, float]:
        plan = Plan(schools=3, pupils=900, years=1, current_weeks=0, scenario=scenario, engagement_effect=0)
        folder = simulate(plan, tmp_path / (scenario or "none")).folder
        with (folder / "pupils.csv").open(encoding="utf-8") as file:
            needs = {row["person_id"]: row["sen"] in ("K", "E") for row in csv.DictReader(file)}
        sums: dict[bool, list[float]] = {True: [], False: []}
        with gzip.open(folder / "responses.csv.gz", "rt", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["wave_id"].startswith("pupil") and row["answer"] and row["item"] == "cog_curious":
                    sums[needs[row["person_id"]]].append(float(row["answer"]))
        return {group: float(np.mean(given)) for group, given in sums.items()}

    biased, fair = means("biased-survey"), means("")
    assert biased[True] < fair[True] - 0.3
    assert biased[False] == pytest.approx(fair[False], abs=0.1)


def test_equal_groups_have_one_distribution_of_absence() -> None:
    trust, years = school_years(replace(MEDIUM, pupils=12_000, scenario="equal-groups"))
    share = {True: [], False: []}  # type: dict[bool, list[float]]
    for year in years:
        premium = trust.people.pupil_premium[year.roster.person]
        for group in (True, False):
            share[group] += (year.absent.sum(axis=1) / np.maximum(year.expected.sum(axis=1), 1))[
                premium == group
            ].tolist()
    assert np.mean(share[True]) == pytest.approx(np.mean(share[False]), abs=0.01)
    assert np.mean(np.array(share[True]) >= 0.1) == pytest.approx(np.mean(np.array(share[False]) >= 0.1), abs=0.03)


@pytest.mark.parametrize(("scenario", "group"), [("late-warning", "pupil_premium"), ("late-warning-sen", "sen")])
def test_the_absence_of_one_group_shows_late(scenario: str, group: str) -> None:
    def link(plan: Plan) -> tuple[float, float]:
        """Return the correlation of absence before February with absence after Easter: in the group, and beside it."""
        trust, years = school_years(plan)
        early, late, inside = [], [], []
        for year in years:
            half_term = np.repeat(year.plan.half_term[~year.closed], 2)
            for part, sessions in ((early, half_term < 3), (late, half_term > 3)):
                possible = year.expected[:, sessions].sum(axis=1)
                part.append(year.absent[:, sessions].sum(axis=1) / np.where(possible > 20, possible, np.nan))
            inside.append(trust.people.member(group)[year.roster.person])
        before, after, here = (np.concatenate(part) for part in (early, late, inside))
        there = ~np.isnan(before + after)
        return tuple(np.corrcoef(before[there & g], after[there & g])[0, 1] for g in (here, ~here))  # type: ignore[return-value]

    planted, equal = (link(replace(MEDIUM, scenario=name)) for name in (scenario, "equal-groups"))
    assert planted[0] < equal[0] - 0.15
    assert planted[1] == pytest.approx(equal[1], abs=0.06)


def test_a_lead_moves_when_engagement_acts() -> None:
    def link(lead: int, half_terms: tuple[int, ...]) -> float:
        """Return the correlation of engagement at the autumn wave with absence in some half-terms."""
        plan = replace(MEDIUM, engagement_effect=5, effect_lead_weeks=lead, pupils=8000)
        trust, years = school_years(plan)
        felt, missed = [], []
        for year in years:
            sessions = np.isin(np.repeat(year.plan.half_term[~year.closed], 2), half_terms)
            felt.append(trust.latent.shared(year.roster.person, 3 * year.year + 1))
            missed.append(year.absent[:, sessions].sum(axis=1))
        return float(np.corrcoef(np.concatenate(felt), np.concatenate(missed))[0, 1])

    assert link(0, (1,)) < -0.15  # at once: the half-term after the wave
    assert link(14, (1,)) > link(0, (1,)) + 0.05  # later: not yet
    assert link(14, (3, 4)) < -0.15


def test_only_the_named_domain_acts() -> None:
    plan = replace(MEDIUM, engagement_effect=5, effect_domains=("behavioural",), pupils=8000)
    trust, years = school_years(plan)
    person = np.concatenate([year.roster.person for year in years])
    step = np.concatenate([np.full(len(year.roster), 3 * year.year + 1) for year in years])
    missed = np.concatenate([year.absent.sum(axis=1) for year in years])
    links = [np.corrcoef(trust.latent.engagement[domain][person, step], missed)[0, 1] for domain in range(3)]
    assert links[2] < -0.15
    # The others move with it, as far as domains are alike, and no further.
    assert links[0] == pytest.approx(0.6 * links[2], abs=0.04)


def test_noisier_answers_of_a_group_spread_wider_over_a_scale() -> None:
    noisy, usual = (replace(MEDIUM, noisier_for=groups) for groups in ((("fsm"),), ()))
    assert noisy.noisier_for != usual.noisier_for
    spread = {}
    for plan in (noisy, usual):
        trust, years = school_years(plan)
        within: dict[bool, list[float]] = {True: [], False: []}
        for one in years[-3:]:
            for answers in family_answers(one, make_waves(plan), INSTRUMENTS, trust, stream(plan, "surveys", 1)):
                if answers.wave.audience == "pupil":
                    cognitive = np.array([item.startswith("cog_") for item in answers.items])
                    fsm = trust.people.member("fsm")[answers.person]
                    sd = answers.given[:, cognitive].std(axis=1)
                    for group in (True, False):
                        within[group] += sd[fsm == group].tolist()
        spread[plan.noisier_for] = {group: float(np.mean(values)) for group, values in within.items()}
    assert spread[noisy.noisier_for][True] > 1.2 * spread[()][True]
    assert spread[noisy.noisier_for][False] == pytest.approx(spread[()][False], rel=0.05)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_the_same_bytes_twice(name: str, tmp_path: Path) -> None:
    plan = Plan(schools=1, pupils=80, years=1, current_weeks=2, scenario=name)
    first, second = (simulate(plan, tmp_path / place).folder for place in ("a", "b"))
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name


def test_a_scenario_that_is_not_known_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="scenario") as raised:
        Plan(scenario="earthquake")
    assert "late-warning" in str(raised.value.fix)


def test_snow_closes_schools_and_its_sessions_are_not_possible(usual: tuple[Trust, list[SchoolYear]]) -> None:
    shut = [year for year in school_years(replace(MEDIUM, years=6))[1] if year.shut.any()]
    assert shut
    for year in shut[:5]:
        marks = make_marks(
            year, spell_reasons(year, np.random.default_rng(1)), year.open_days[-1], np.random.default_rng(2)
        )
        on_that_day = marks.code[year.shut[marks.session // 2]]
        assert set(on_that_day) <= {NUMBER["Y"], NUMBER["Y4"]}
        assert not year.expected[:, np.repeat(year.shut, 2)].any()


def test_pupils_at_two_schools_are_expected_at_one_of_them_each_day(tmp_path: Path) -> None:
    folder = simulate(Plan(schools=20, pupils=8000, years=1, current_weeks=0), tmp_path / "trust").folder
    marks = pq.read_table(folder / "attendance.parquet", columns=["person_id", "school_id", "date", "code"]).to_pandas()
    dual = marks[marks.person_id.isin(marks[marks.code == "D"].person_id.unique())]
    assert dual.person_id.nunique() >= 3
    for _, days in dual.groupby("person_id"):
        both = days.groupby("date").school_id.nunique() == 2
        at_two = days[days.date.isin(both[both].index)]
        expected = at_two[at_two.code != "D"].groupby("date").school_id.nunique()
        assert (expected <= 1).all()


def test_a_part_time_timetable_is_missed_afternoons_of_several_weeks(usual: tuple[Trust, list[SchoolYear]]) -> None:
    found = 0
    for year in usual[1]:
        reason = spell_reasons(year, stream(MEDIUM, "marks", year.school.number))
        for spell in np.flatnonzero(year.spells.part_time):
            row, covered = np.nonzero(year.spell_of == spell)
            assert (covered % 2 == 1).all()  # afternoons
            assert reason[spell] in (NUMBER["C2"], NUMBER["C"])
            found += len(row) >= 10
    assert found > 20
