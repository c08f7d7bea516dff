"""A date beside those of the training at the same place in the year: what moved, and is it more than usual?

In:  the bundle's reference and a snapshot of the date.
Out: `Reading`s, one a feature, survey item, code, response; `alarm` where one moved further than its limit.
"""

from collections.abc import Iterator, Sequence
from statistics import fmean, median

import numpy as np
from numpy.typing import NDArray

from earlywarn.bundle.reference import ItemAnswers, Reference, Snapshot, WaveAnswers
from earlywarn.monitor import thresholds as least
from earlywarn.monitor.reading import Reading, reading
from earlywarn.monitor.schools import codes_of_schools, response_of_schools
from earlywarn.monitor.shares import distance


def same_place(reference: Reference, place: int) -> tuple[Snapshot, ...]:
    """Return the training's dates whose place in the year is nearest."""
    nearest = min(abs(each.place - place) for each in reference.dates)
    return tuple(each for each in reference.dates if abs(each.place - place) == nearest)


def compare(reference: Reference, now: Snapshot) -> tuple[Reading, ...]:
    """Hold a date against the training's at the same place in the year."""
    past = same_place(reference, now.place)
    return (*_features(past, now), *_risk(past, now), *_waves(past, now), *codes_of_schools(past, now))


def _features(past: Sequence[Snapshot], now: Snapshot) -> Iterator[Reading]:
    for name, shares in now.features.items():
        if name in least.OF_CALENDAR:
            continue
        earlier = [np.array(each.features[name]) for each in past]
        chance = max(_years_apart(earlier), fmean(each.scatter[name] for each in past))
        limit = max(least.FEATURE_FLOOR, least.FEATURE_FACTOR * chance)
        yield reading("feature", name, _from_past(shares, earlier), limit, now=None, before=None)


def _risk(past: Sequence[Snapshot], now: Snapshot) -> Iterator[Reading]:
    """Yield the calibrated risk, held against what the tested model gave to people it never saw."""
    told = [each for each in past if each.scores]
    if not told or now.mean_risk is None:
        return
    before = fmean(each.mean_risk or 0.0 for each in told)
    moved = _from_past(now.scores, [np.array(each.scores) for each in told])
    yield reading("risk", "risk", moved, least.SCORES, now=now.mean_risk, before=before)


def _from_past(shares: Sequence[float], earlier: Sequence[NDArray[np.float64]]) -> float:
    return distance(np.array(shares), np.mean(earlier, axis=0))


def _years_apart(earlier: Sequence[NDArray[np.float64]]) -> float:
    """Return the mean distance between two of the earlier years; 0 where there is only one."""
    pairs = [distance(one, other) for at, one in enumerate(earlier) for other in earlier[:at]]
    return fmean(pairs) if pairs else 0.0


def _waves(past: Sequence[Snapshot], now: Snapshot) -> Iterator[Reading]:
    for wave in now.waves:
        earlier = [each for snapshot in past for each in snapshot.waves if each.instrument == wave.instrument]
        if earlier:
            yield from _answers(wave, earlier)
            yield from _response(wave, earlier)


def _answers(wave: WaveAnswers, earlier: Sequence[WaveAnswers]) -> Iterator[Reading]:
    """Yield each item against the median of its questionnaire, the median, and items that came or went."""
    names = dict.fromkeys(item.item for each in earlier for item in each.items)
    before = {name: [item for each in earlier for item in each.items if item.item == name] for name in names}
    asked = {item.item: item for item in wave.items}
    shifts = {name: _shift(asked[name], before[name]) for name in names if name in asked}
    if not shifts:
        return
    middle = median(shifts.values())
    limits = {name: max(least.ITEM, least.CHANCE * _chance(asked[name], before[name])) for name in shifts}
    yield reading("answers", wave.instrument, middle, max(least.ANSWERS, *limits.values()), now=None, before=None)
    for name, shift in shifts.items():
        label, was = f"{wave.instrument} {name}", _mean(before[name])
        yield reading("item", label, shift - middle, limits[name], now=asked[name].mean, before=was)
    for name in sorted(names.keys() ^ asked.keys()):
        means = asked[name].mean if name in asked else None, _mean(before[name]) if name in before else None
        yield Reading("item", f"{wave.instrument} {name}", "", *means, 1.0, 0.0, alarm=True)


def _mean(told: Sequence[ItemAnswers]) -> float:
    return fmean(item.mean for item in told)


def _shift(now: ItemAnswers, before: Sequence[ItemAnswers]) -> float:
    """Return by how many standard deviations of its answers an item moved; 0 where they never differed."""
    spread = fmean(item.spread for item in before)
    return (now.mean - _mean(before)) / spread if spread else 0.0


def _chance(now: ItemAnswers, before: Sequence[ItemAnswers]) -> float:
    """Return the standard error of that shift if people answered independently of each other."""
    return float(np.sqrt(1 / now.n + 1 / sum(item.n for item in before)))


def _response(wave: WaveAnswers, earlier: Sequence[WaveAnswers]) -> Iterator[Reading]:
    before = fmean(each.responded for each in earlier)
    chance = least.CHANCE * float(np.sqrt(before * (1 - before) / wave.asked))
    limit = max(least.RESPONSE_TRUST, chance)
    yield reading("response", wave.instrument, wave.responded - before, limit, now=wave.responded, before=before)
    yield from response_of_schools(wave, earlier)
