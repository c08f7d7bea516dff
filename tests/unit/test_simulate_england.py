"""The simulated trust is absent like England, and the engagement knob does what it says."""

import numpy as np
import pytest
from numpy.typing import NDArray

from earlywarn.simulate.plan import Plan
from earlywarn.simulate.rates import Rates, annual_rates

# Persistent and severe absence in 2022/23, per cent: primary, then secondary; neither, SEN, FSM, both.
ENGLAND = np.array(
    [(10.1, 0.18), (18.4, 1.03), (26.9, 0.65), (36.4, 2.24), (18.7, 1.35), (30.4, 5.08), (42.2, 5.46), (53.9, 11.81)]
)


def large(effect: float = 1.0, seed: int = 1) -> Rates:
    return annual_rates(Plan(schools=100, pupils=30_000, years=2, current_weeks=0, seed=seed, engagement_effect=effect))


@pytest.fixture(scope="module")
def default() -> tuple[Rates, ...]:
    return tuple(large(seed=seed) for seed in (1, 2))


@pytest.fixture(scope="module")
def without_effect() -> Rates:
    return large(effect=0.0)


def shares(runs: tuple[Rates, ...]) -> NDArray[np.float64]:
    found = []
    for group in range(8):
        rate = np.concatenate([run.rate[(run.group == group) & (run.year_group > 0)] for run in runs])
        found.append((100 * np.mean(rate >= 0.1), 100 * np.mean(rate >= 0.5)))
    return np.array(found)


def test_absence_is_englands_by_phase_free_meals_and_needs(default: tuple[Rates, ...]) -> None:
    off = shares(default) - ENGLAND
    assert np.abs(off[:, 0]).max() < 3
    assert np.abs(off[:, 1]).max() < 1.5


def test_the_knob_leaves_annual_absence_as_it_is(default: tuple[Rates, ...], without_effect: Rates) -> None:
    assert np.abs(shares((without_effect,))[:, 0] - shares((default[0],))[:, 0]).max() < 3


def test_a_year_tells_of_the_next_as_published(default: tuple[Rates, ...]) -> None:
    run = default[0]
    first, second = run.year == 0, run.year == 1
    _, before, after = np.intersect1d(run.person[first], run.person[second], return_indices=True)
    found = np.corrcoef(run.rate[first][before], run.rate[second][after])[0, 1]
    assert found == pytest.approx(0.63, abs=0.08)


def test_engagement_tells_more_than_past_absence_by_default(default: tuple[Rates, ...]) -> None:
    assert partial_correlation(default[0]) == pytest.approx(-0.10, abs=0.05)


def test_engagement_tells_nothing_more_at_an_effect_of_zero(without_effect: Rates) -> None:
    assert partial_correlation(without_effect) == pytest.approx(0.0, abs=0.02)


def partial_correlation(run: Rates) -> float:
    """Return that of engagement with next term's absence, given absence to date."""
    there = ~np.isnan(run.next_term) & ~np.isnan(run.to_date)
    known = np.column_stack([np.ones(there.sum()), run.to_date[there]])
    engagement, later = _beyond(known, run.engagement[there]), _beyond(known, run.next_term[there])
    return float(np.corrcoef(engagement, later)[0, 1])


def _beyond(known: NDArray[np.float64], value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what is left of a value when a line through what is known is taken away."""
    return value - known @ np.linalg.lstsq(known, value, rcond=None)[0]
