"""The simulated trust is absent like England, and the engagement knob does what it says."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from earlywarn.simulate import england
from earlywarn.simulate.mixture import GROUPS
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.rates import Rates, annual_rates

SEEDS = (1, 2, 3, 4)
MAINSTREAM = range(8)


def large(effect: float = 1.0, seed: int = 1, reference_year: int = 2022) -> Rates:
    plan = Plan(schools=100, pupils=30_000, years=2, current_weeks=0, seed=seed)
    return annual_rates(replace(plan, engagement_effect=effect, reference_year=reference_year))


@pytest.fixture(scope="module")
def default() -> tuple[Rates, ...]:
    return tuple(large(seed=seed) for seed in SEEDS)


@pytest.fixture(scope="module")
def without_effect() -> tuple[Rates, ...]:
    return tuple(large(effect=0.0, seed=seed) for seed in SEEDS)


def shares(runs: tuple[Rates, ...]) -> NDArray[np.float64]:
    """Return persistent and severe absence in each group of mainstream schools, per cent."""
    found = []
    for group in MAINSTREAM:
        rate = np.concatenate([run.rate[(run.group == group) & (run.year_group > 0)] for run in runs])
        found.append((100 * np.mean(rate >= 0.1), 100 * np.mean(rate >= 0.5)))
    return np.array(found)


def published() -> NDArray[np.float64]:
    counts = [england.bands(*GROUPS[group]) for group in MAINSTREAM]
    return np.array([(100 * england.persistent(one), 100 * england.severe(one)) for one in counts])


def test_absence_is_englands_by_phase_free_meals_and_needs(default: tuple[Rates, ...]) -> None:
    off = shares(default) - published()  # of schools drawn at random, so a point or two by chance
    assert np.abs(off[:, 0]).max() < 3
    assert np.abs(off[:, 1]).max() < 1.5


def test_a_later_year_of_englands_has_less_persistent_and_more_severe_absence(default: tuple[Rates, ...]) -> None:
    off = shares(tuple(large(seed=seed, reference_year=2024) for seed in SEEDS)) - shares(default)
    assert off[:4, 0].mean() == pytest.approx(-0.2 * shares(default)[:4, 0].mean(), abs=1.5)
    assert off[:, 1].mean() > 0


def test_the_knob_leaves_annual_absence_as_it_is(default: tuple[Rates, ...], without_effect: tuple[Rates, ...]) -> None:
    assert np.abs(shares(without_effect)[:, 0] - shares(default)[:, 0]).max() < 2


def test_a_year_tells_of_the_next_as_published(default: tuple[Rates, ...]) -> None:
    assert np.mean([year_to_year(run) for run in default]) == pytest.approx(england.YEAR_TO_YEAR, abs=0.05)


def test_engagement_tells_more_than_past_absence_by_default(default: tuple[Rates, ...]) -> None:
    assert np.mean([partial_correlation(run) for run in default]) == pytest.approx(-0.10, abs=0.015)


def test_engagement_tells_nothing_more_at_an_effect_of_zero(without_effect: tuple[Rates, ...]) -> None:
    assert np.mean([partial_correlation(run) for run in without_effect]) == pytest.approx(0.0, abs=0.01)


def year_to_year(run: Rates) -> float:
    first, second = run.year == 0, run.year == 1
    _, before, after = np.intersect1d(run.person[first], run.person[second], return_indices=True)
    return float(np.corrcoef(run.rate[first][before], run.rate[second][after])[0, 1])


def partial_correlation(run: Rates) -> float:
    """Return that of engagement with next term's absence, given absence to date."""
    there = ~np.isnan(run.next_term) & ~np.isnan(run.to_date)
    known = np.column_stack([np.ones(there.sum()), run.to_date[there]])
    engagement, later = _beyond(known, run.engagement[there]), _beyond(known, run.next_term[there])
    return float(np.corrcoef(engagement, later)[0, 1])


def _beyond(known: NDArray[np.float64], value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what is left of a value when a line through what is known is taken away."""
    return value - known @ np.linalg.lstsq(known, value, rcond=None)[0]
