"""How schools differ, how one year tells of the next, and what characteristics tell.

In:  England's spread between schools, its bands, and what is published of single questions.
Out: `comparisons()`.
"""

import numpy as np
from scipy.special import expit, logit

from earlywarn.simulate import england
from earlywarn.simulate.mixture import PHASES

from .compare import Comparison, Floats, ratio, shares
from .gather import Bools, Ints, Run
from .pupils import persistent_counts

SMALLEST = 50  # enrolments of a school that is counted, as published
STEPS = 400  # of the histogram of schools' shares


def comparisons() -> tuple[Comparison, ...]:
    """Return the comparisons for the reference year 2022/23."""
    return (_spread(), _percentiles(), _schools_over_years(), _pupils_over_years(), _characteristics(), _first_days())


def _spread() -> Comparison:
    """The binomial part of the variance is taken out; the logit scale carries 2018/19 to another level."""

    def count(run: Run) -> Floats:
        return np.array([_moments(run, place) for place in range(len(PHASES))])

    def finish(counts: Floats) -> Floats:
        schools, share, square, noise = counts.T
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = share / schools
            true = np.sqrt(np.maximum(square / schools - mean**2 - noise / schools, 0))
            return np.column_stack([true / (mean * (1 - mean)), 100 * true])

    published = [england.school_spread(phase) for phase in PHASES]
    return Comparison(
        "Between schools: SD of the share that missed 10% or more, sampling taken out",
        PHASES,
        ("logit scale", "points"),
        np.array([(spread.logit_sd, np.nan) for spread in published]),
        count,
        finish=finish,
        per_cent=False,
        places=2,
        says="England's are of 2018/19, when there was less absence: on the logit scale the two may be compared. "
        "Points are those of the simulated year.",
    )


def _percentiles() -> Comparison:
    """England's percentiles of 2018/19 are moved to the reference year's level on the logit scale."""
    moved = []
    for phase in PHASES:
        spread = england.school_spread(phase)
        up = logit(england.annual(england.REFERENCE_YEAR, phase).persistent) - logit(spread.pooled)
        moved.append(100 * expit(logit([spread.p10, spread.p90]) + up))

    def count(run: Run) -> Floats:
        found = []
        for place in range(len(PHASES)):
            _, cells = _by_school_and_year(run, run.phase == place)
            found.append(np.bincount((ratio(cells) * (STEPS - 1)).astype(int), minlength=STEPS))
        return np.array(found, np.float64)

    def finish(counts: Floats) -> Floats:
        upto = np.cumsum(counts, axis=1) / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        at = [[np.searchsorted(row, part) / STEPS if row[-1] else np.nan for part in (0.1, 0.9)] for row in upto]
        return 100 * np.array(at)

    return Comparison(
        "Between schools: tenth and ninetieth percentile of the share that missed 10% or more",
        PHASES,
        ("tenth", "ninetieth"),
        np.array(moved),
        count,
        finish=finish,
        says="England's are of 2018/19, moved to the level of 2022/23 on the logit scale.",
    )


def _schools_over_years() -> Comparison:
    def count(run: Run) -> Floats:
        return np.array([_pairs_of_schools(run, run.phase == place) for place in range(len(PHASES))])

    return Comparison(
        "Between schools: correlation with the year before",
        PHASES,
        ("correlation",),
        np.array([[england.school_spread(phase).year_before] for phase in PHASES]),
        count,
        finish=lambda counts: _correlation(counts)[:, None],
        per_cent=False,
        places=2,
    )


def _pupils_over_years() -> Comparison:
    def count(run: Run) -> Floats:
        two_terms = run.absent[:, :2].sum(axis=1) / np.maximum(run.possible[:, :2].sum(axis=1), 1)
        into_seven = (run.year_group == 6, run.year_group == 7)
        everyone = (run.year_group > 0, run.year_group > 0)
        return np.array([_pairs(run, run.rate, *everyone), _pairs(run, two_terms, *into_seven)])

    return Comparison(
        "Pupils: correlation of a year's absence with the year before",
        ("all years", "Year 6, and the first two terms of Year 7"),
        ("correlation",),
        np.array([[england.YEAR_TO_YEAR], [england.YEAR_TO_YEAR]]),
        count,
        finish=lambda counts: _correlation(counts)[:, None],
        within=0.05,
        error=0.05,
        per_cent=False,
        places=3,
        says="Published for the move from Year 6 to Year 7 only.",
    )


def _characteristics() -> Comparison:
    """Everyone is ranked by the share of their own cell: phase, free meals, needs, sex and year group."""

    def count(run: Run) -> Floats:
        needs = np.where(run.recorded, 2 * run.fsm + (run.sen > 0), 4)
        cell = ((run.phase * 5 + needs) * 2 + run.female) * 12 + run.year_group
        return np.stack([np.bincount(cell[run.rate >= 0.1], minlength=360), np.bincount(cell, minlength=360)], axis=-1)

    cells = np.array([(cell.counts[2:].sum(), cell.counts.sum()) for cell in england.cells()], np.float64)
    return Comparison(
        "Characteristics alone: AUC for missing 10% or more of the year",
        ("phase, free meals, needs, sex and year group",),
        ("AUC",),
        _auc(cells),
        count,
        finish=_auc,
        within=0.02,
        error=0.02,
        per_cent=False,
        places=3,
    )


def _first_days() -> Comparison:
    def count(run: Run) -> Floats:
        ages = [np.isin(run.year_group, list(years)) & run.first_days for years in england.ABSENT_FIRST_DAYS]
        return np.array([[persistent_counts(run, chosen)] for chosen in ages], np.float64)

    return Comparison(
        "Of those absent in the first four days, how many missed 10% or more of the year",
        tuple(f"Years {years[0]} to {years[-1]}" for years in england.ABSENT_FIRST_DAYS),
        ("missed 10% or more",),
        100 * np.array([[share] for share in england.ABSENT_FIRST_DAYS.values()]),
        count,
        finish=shares,
        says="England's first week of 2022/23 had three to five days.",
    )


def _by_school_and_year(run: Run, chosen: Bools) -> tuple[Ints, Floats]:
    """Return a key for each school and year, and (k, 2) persistent and all enrolments; small schools are left out."""
    key = run.school[chosen] * 100 + run.year[chosen]
    found, place = np.unique(key, return_inverse=True)
    persistent = np.bincount(place[run.rate[chosen] >= 0.1], minlength=len(found))
    cells = np.column_stack([persistent, np.bincount(place, minlength=len(found))]).astype(np.float64)
    large = cells[:, 1] >= SMALLEST
    return found[large], cells[large]


def _moments(run: Run, phase: int) -> Floats:
    """Return how many schools, and sums of their share, its square, and its binomial variance."""
    _, cells = _by_school_and_year(run, run.phase == phase)
    share = ratio(cells)
    return np.array([len(cells), share.sum(), (share**2).sum(), (share * (1 - share) / (cells[:, 1] - 1)).sum()])


def _pairs_of_schools(run: Run, chosen: Bools) -> Floats:
    """Return the sums behind the correlation of a school's share with that of the year before."""
    key, cells = _by_school_and_year(run, chosen)
    _, before, after = np.intersect1d(key + 1, key, return_indices=True)
    share = ratio(cells)
    return _sums(share[before], share[after])


def _pairs(run: Run, later: Floats, before: Bools, after: Bools) -> Floats:
    """Return the sums behind the correlation of pupils' rates with those of the year before."""
    first, second = run.person[before] * 100 + run.year[before] + 1, run.person[after] * 100 + run.year[after]
    _, at_first, at_second = np.intersect1d(first, second, return_indices=True)
    return _sums(run.rate[before][at_first], later[after][at_second])


def _sums(x: Floats, y: Floats) -> Floats:
    """Return n and the sums of x, y, their squares and their product."""
    return np.array([len(x), x.sum(), y.sum(), (x * x).sum(), (y * y).sum(), (x * y).sum()])


def _correlation(sums: Floats) -> Floats:
    """Return (rows,) correlations; NaN where there are no pairs."""
    n, x, y, xx, yy, xy = sums.T
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((n * xy - x * y) / np.sqrt((n * xx - x * x) * (n * yy - y * y)))


def _auc(cells: Floats) -> Floats:
    """Return (1, 1) the AUC of a cell's own share: (k, 2) persistent and all enrolments in."""
    cells = cells[cells[:, 1] > 0]
    cells = cells[np.argsort(ratio(cells))]
    with_, without = cells[:, 0], cells[:, 1] - cells[:, 0]
    below = np.cumsum(without) - without / 2
    return np.array([[(below * with_).sum() / (with_.sum() * without.sum())]])
