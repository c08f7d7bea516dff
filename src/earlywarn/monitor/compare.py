"""A date beside those of the training at the same place in the year: what moved, and is it more than usual?

In:  the bundle's reference and a snapshot of the date.
Out: `Reading`s, one a feature, survey item, code, response; `alarm` where one moved further than its limit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from earlywarn.bundle.reference import ItemAnswers, Reference, Snapshot, WaveAnswers
from earlywarn.monitor import thresholds as least
from earlywarn.monitor.codes import is_across_new_codes, joined_codes
from earlywarn.monitor.shares import DECIMALS, distance

Kind = Literal["feature", "risk", "item", "answers", "code", "response"]
KINDS: tuple[Kind, ...] = ("feature", "risk", "item", "answers", "code", "response")
_MAD = 1.4826  # makes the median distance from the median a standard deviation, where numbers are normal


@dataclass(frozen=True)
class Reading:
    """One thing that was held against its past.

    name        : the feature, `questionnaire item`, the questionnaire, or the code.
    school      : its id; empty for the trust as a whole.
    now, before : what is compared, where it is one number: a mean answer out of 10, a share, the mean risk.
    moved       : a distance from 0 to 1, standard deviations of answers, or a difference of shares.
    limit       : from where on `moved`, either way, is an alarm.
    """

    kind: Kind
    name: str
    school: str
    now: float | None
    before: float | None
    moved: float
    limit: float
    alarm: bool


def same_place(reference: Reference, place: int) -> tuple[Snapshot, ...]:
    """Return the training's dates whose place in the year is nearest."""
    nearest = min(abs(each.place - place) for each in reference.dates)
    return tuple(each for each in reference.dates if abs(each.place - place) == nearest)


def compare(reference: Reference, now: Snapshot) -> tuple[Reading, ...]:
    """Hold a date against the training's at the same place in the year."""
    past = same_place(reference, now.place)
    return (*_features(past, now), *_risk(past, now), *_waves(past, now), *_codes(past, now))


def _reading(
    kind: Kind, name: str, moved: float, limit: float, *, school: str = "", now: float | None, before: float | None
) -> Reading:
    now, before = (None if each is None else round(each, DECIMALS) for each in (now, before))
    return Reading(
        kind, name, school, now, before, round(moved, DECIMALS), round(limit, DECIMALS), alarm=abs(moved) > limit
    )


def _features(past: Sequence[Snapshot], now: Snapshot) -> Iterator[Reading]:
    for name, shares in now.features.items():
        if name in least.OF_CALENDAR:
            continue
        earlier = [np.array(each.features[name]) for each in past]
        chance = max(_years_apart(earlier), fmean(each.scatter[name] for each in past))
        limit = max(least.FEATURE_FLOOR, least.FEATURE_FACTOR * chance)
        yield _reading("feature", name, _from_past(shares, earlier), limit, now=None, before=None)


def _risk(past: Sequence[Snapshot], now: Snapshot) -> Iterator[Reading]:
    """Yield the calibrated risk, held against what the tested model gave to people it never saw."""
    told = [each for each in past if each.scores]
    if not told or now.mean_risk is None:
        return
    before = fmean(each.mean_risk or 0.0 for each in told)
    moved = _from_past(now.scores, [np.array(each.scores) for each in told])
    yield _reading("risk", "risk", moved, least.SCORES, now=now.mean_risk, before=before)


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
    yield _reading("answers", wave.instrument, middle, max(least.ANSWERS, *limits.values()), now=None, before=None)
    for name, shift in shifts.items():
        label, was = f"{wave.instrument} {name}", _mean(before[name])
        yield _reading("item", label, shift - middle, limits[name], now=asked[name].mean, before=was)
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
    yield _reading("response", wave.instrument, wave.responded - before, limit, now=wave.responded, before=before)
    yield from _of_schools(
        "response", wave.instrument, wave.response, [each.response for each in earlier],
        least.RESPONSE_FACTOR, least.RESPONSE_FLOOR, {},
    )  # fmt: skip


def _codes(past: Sequence[Snapshot], now: Snapshot) -> Iterator[Reading]:
    """Yield each school's use of each code; of both sides of August 2024, of the codes that were one before."""
    joined = is_across_new_codes([each.as_of for each in (now, *past)])
    shares, errors = (
        [{school: joined_codes(use) if joined else use for school, use in each.items()} for each in told]
        for told in ([each.codes for each in (now, *past)], [each.code_errors for each in (now, *past)])
    )
    for code in sorted({code for each in shares for school in each.values() for code in school}):
        here, *earlier = _of_code(shares, code)
        chance = {school: least.CHANCE * _apart(school, _of_code(errors, code)) for school in here}
        yield from _of_schools("code", code, here, earlier, least.CODE_FACTOR, least.CODE_FLOOR, chance)


def _of_code(told: Sequence[Mapping[str, Mapping[str, float]]], code: str) -> list[dict[str, float]]:
    """Return, of each date, what each school's number for a code is; 0 where nobody has it."""
    return [{school: use.get(code, 0.0) for school, use in each.items()} for each in told]


def _apart(school: str, errors: Sequence[Mapping[str, float]]) -> float:
    """Return the standard error of a school's share now less the mean of its earlier ones."""
    now, *earlier = (each.get(school, 0.0) for each in errors)
    return float(np.hypot(now, np.sqrt(np.square(earlier).sum()) / len(earlier)))


def _of_schools(
    kind: Kind,
    name: str,
    now: Mapping[str, float],
    earlier: Sequence[Mapping[str, float]],
    factor: float,
    floor: float,
    chance: Mapping[str, float],
) -> Iterator[Reading]:
    """Yield each school's change of a share, beyond what changed at the middle school.

    chance : the least that a school's limit is, for few people; nothing for those that are not named.
    """
    before = {school: fmean(told) for school in now if (told := [each[school] for each in earlier if school in each])}
    change = {school: now[school] - share for school, share in before.items()}
    if not change:
        return
    many = len(change) >= least.FEWEST_SCHOOLS
    middle: Callable[[Sequence[float]], float] = median if many else lambda _: 0.0
    usual = middle(tuple(change.values()))
    apart = _MAD * middle(tuple(abs(each - usual) for each in change.values()))
    limit = max(floor, factor * apart)
    for school, moved in change.items():
        own = max(limit, chance.get(school, 0.0))
        yield _reading(kind, name, moved - usual, own, school=school, now=now[school], before=before[school])
