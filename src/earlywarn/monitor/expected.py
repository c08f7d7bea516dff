"""How well a model will have done, before any outcome is known: what its calibrated risks promise.

In:  the calibrated risks of people whose outcomes are still to come, what they are ranked by, where they stand.
Out: `Expected`: AUC, and what a list of the schools' length will find, with 95% intervals.

If a risk means what it says, a pair of people is in the right order as often as their two risks make it so; adding
that up over all pairs gives the AUC to come (confidence-based performance estimation).
Source: Guillory and others (2021), ICCV, for the idea of predicting performance from confidence; NannyML's CBPE for
AUC. What is estimated holds while risks mean what they say: a change of what leads to the outcome is seen only when
outcomes have come.

Risks are never quite calibrated, least of all within a list. By how much promise and truth differed on the test dates
makes the interval wider and does not move the value: the kept model's calibration has learnt from those dates already,
and what a year had of its own does not come again. The interval also holds the luck of who has the outcome, and what
schools have in common.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from earlywarn.bundle.reference import Promise
from earlywarn.config import Places
from earlywarn.evaluate.ground import Ground, grounds_of, replicated
from earlywarn.evaluate.intervals import jackknife_error, leave_one_out, summarise
from earlywarn.evaluate.measures import Bools, Floats, Labels, add_up, ratio
from earlywarn.monitor.shares import DECIMALS

MEASURES = ("auc", "precision", "recall", "base_rate")
DRAWS = 200
_SEED = 20261124


@dataclass(frozen=True)
class Expected:
    """A measure before its outcomes are known.

    value     : what the risks promise; None where not estimable.
    low, high : 95% interval of what will be realised.
    """

    population: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    n: int


def expected_performance(
    probability: Floats,
    rank: Floats,
    school: Labels,
    person: Labels,
    as_of: Labels,
    populations: Mapping[str, Bools],
    places: Places,
    tested: Sequence[Promise] = (),
) -> tuple[Expected, ...]:
    """Estimate each measure of each population, without an outcome.

    probability : (n,) calibrated risk.
    rank        : (n,) what lists go by; higher is more at risk.
    tested      : promise and truth on the test dates, as the bundle's reference holds them; without them the interval
                  leaves out how well the risks are calibrated.
    """
    before = {(one.population, one.measure): one for one in tested}
    unknown = np.zeros(len(probability), np.bool_)
    grounds = grounds_of(
        outcome=unknown, school=school, person=person, as_of=as_of, populations=populations, places=places
    )
    return tuple(
        expected
        for name, ground in grounds.items()
        for expected in _of_population(name, ground, rank[ground.rows], probability[ground.rows], before)
    )


def _of_population(
    name: str, ground: Ground, rank: Floats, risk: Floats, before: Mapping[tuple[str, str], Promise]
) -> list[Expected]:
    values = promises(ground, rank, risk)
    luck = _luck(ground, rank, risk)
    return [
        _expected(name, measure, values[measure], luck[measure], before.get((name, measure)), ground)
        for measure in MEASURES
    ]


def _expected(
    population: str, measure: str, replicates: Floats, luck: float, before: Promise | None, ground: Ground
) -> Expected:
    value, n = float(replicates[0]), len(ground.outcome)
    if np.isnan(value) or ground.clusters.count < 2:
        return Expected(population, measure, None, None, None, n)
    off = np.hypot(before.realised - before.expected, before.error or 0.0) if before else 0.0
    without = replicates[1:]
    error = np.sqrt(luck**2 + jackknife_error(without[~np.isnan(without)]) ** 2 + off**2)
    margin = stdtrit(ground.clusters.count - 1, 0.975) * error
    value, low, high = (round(float(each), DECIMALS) for each in (value, value - margin, value + margin))
    return Expected(population, measure, value, max(low, 0.0), min(high, 1.0), n)


def promises(ground: Ground, rank: Floats, risk: Floats) -> dict[str, Floats]:
    """Return (1 + clusters,) values of each measure that risks promise: with everyone, then without each cluster.

    Taken on each date, then averaged by the number of people, as the realised measures are.
    """
    listed = ground.listed(rank)
    weights = leave_one_out(ground.clusters.count)
    days = [(rows, np.unique(rank[rows], return_inverse=True)[1]) for rows in ground.dates]

    def measured(of_clusters: Floats) -> list[float]:
        weight = of_clusters[ground.clusters.codes]
        parts = [_promised(risk[rows], place, listed[rows], weight[rows]) for rows, place in days]
        return _averaged(parts, [float(weight[rows].sum()) for rows, _ in days])

    table = np.array([measured(each) for each in weights])
    return {name: table[:, at] for at, name in enumerate(MEASURES)}


def _promised(risk: Floats, place: Labels, listed: Floats, weight: Floats) -> tuple[float, ...]:
    """Return the measures that risks promise on one date, in the order of `MEASURES`."""
    seen, mass = weight * listed, weight * risk
    return (
        promised_auc(risk, place, weight),
        ratio(seen @ risk, seen.sum()),
        ratio(mass @ listed, mass.sum()),
        ratio(mass.sum(), weight.sum()),
    )


def promised_auc(risk: Floats, place: Labels, weight: Floats) -> float:
    """Return the AUC to come if every risk is right: over all pairs of two people, ties as half.

    place : (n,) int, the place of each person's rank among the distinct ones, the lowest 0.

    >>> promised_auc(np.array([0.9, 0.1]), np.array([1, 0]), np.ones(2)).__round__(4)
    0.9878
    """
    count = int(place.max(initial=-1)) + 1
    with_it, without = (add_up(weight * each, place, count) for each in (risk, 1 - risk))
    below = np.cumsum(without) - without / 2
    alone = weight**2 @ (risk * (1 - risk))  # nobody makes a pair with himself
    return ratio(with_it @ below - alone / 2, with_it.sum() * without.sum() - alone)


def _averaged(parts: Sequence[Sequence[float]], people: Sequence[float]) -> list[float]:
    values, mass = np.array(parts), np.array(people)[:, None]
    known = ~np.isnan(values)
    total = np.where(known, mass, 0.0).sum(axis=0)
    summed = np.where(known, np.nan_to_num(values) * mass, 0.0).sum(axis=0)
    return [ratio(part, whole) for part, whole in zip(summed, total, strict=True)]


def _luck(ground: Ground, rank: Floats, risk: Floats) -> dict[str, float]:
    """Return the standard deviation of each measure over outcomes drawn as the risks say."""
    draw = np.random.default_rng(_SEED)
    listed, ones = ground.listed(rank), np.ones(len(risk))
    days = [(rows, np.unique(rank[rows], return_inverse=True)[1]) for rows in ground.dates]
    people = [float(rows.sum()) for rows, _ in days]
    found = []
    for _ in range(DRAWS):
        drawn = (draw.random(len(risk)) < risk).astype(np.float64)
        parts = [_promised(drawn[rows], place, listed[rows], ones[rows]) for rows, place in days]
        found.append(_averaged(parts, people))
    known = np.array(found)[~np.isnan(found).any(axis=1)]
    spread = known.std(axis=0) if len(known) else np.zeros(len(MEASURES))
    return dict(zip(MEASURES, map(float, spread), strict=True))


def promised_and_realised(ground: Ground, rank: Floats, risk: Floats) -> dict[str, dict[str, float | None]]:
    """Return, for each measure that is estimable, `expected`, `realised`, and the `error` of their difference."""
    promised, came = promises(ground, rank, risk), replicated(ground, rank, ground.listed(rank), risk)
    found: dict[str, dict[str, float | None]] = {}
    for measure in MEASURES:
        apart = came[measure] - promised[measure]
        if np.isnan(apart[0]):
            continue
        estimable = summarise(apart, len(ground.outcome), int(ground.outcome.sum())).low is not None
        found[measure] = {
            "expected": round(float(promised[measure][0]), DECIMALS),
            "realised": round(float(came[measure][0]), DECIMALS),
            "error": round(jackknife_error(apart[1:]), DECIMALS) if estimable else None,
        }
    return found
