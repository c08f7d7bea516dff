"""What one school does otherwise than before, beyond what changed at the middle school: its codes, its response.

In:  snapshots of a date, and of the training's dates at the same place in the year.
Out: a `Reading` for each school, and each of its codes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean, median

import numpy as np

from earlywarn.bundle.reference import Snapshot, WaveAnswers
from earlywarn.monitor import thresholds as least
from earlywarn.monitor.codes import is_across_new_codes, joined_codes
from earlywarn.monitor.reading import Kind, Reading, reading

_MAD = 1.4826  # makes the median distance from the median a standard deviation, where numbers are normal

Used = Mapping[str, Mapping[str, float]]  # school_id -> code -> share, or its standard error


def codes_of_schools(past: Sequence[Snapshot], now: Snapshot) -> Iterator[Reading]:
    """Yield each school's use of each code; from both sides of August 2024, of the codes that were one before."""
    told = (now, *past)
    joined = is_across_new_codes([each.as_of for each in told])
    shares = [_as_one(each.codes) if joined else each.codes for each in told]
    errors = [_as_one(each.code_errors) if joined else each.code_errors for each in told]
    for code in sorted({code for each in shares for school in each.values() for code in school}):
        here, *earlier = _of_code(shares, code)
        chance = {school: least.CHANCE * _error(school, _of_code(errors, code)) for school in here}
        limits = least.CODE_FACTOR, least.CODE_FLOOR
        yield from _of_schools("code", code, here, earlier, *limits, chance)


def response_of_schools(wave: WaveAnswers, earlier: Sequence[WaveAnswers]) -> Iterator[Reading]:
    """Yield the share of those asked who answered, at each school."""
    before, limits = [each.response for each in earlier], (least.RESPONSE_FACTOR, least.RESPONSE_FLOOR)
    yield from _of_schools("response", wave.instrument, wave.response, before, *limits, {})


def _as_one(used: Used) -> Used:
    """Return shares, or their errors, of codes that were one; an error then stands for the most that it can be."""
    return {school: joined_codes(of_school) for school, of_school in used.items()}


def _of_code(told: Sequence[Used], code: str) -> list[dict[str, float]]:
    """Return, of each date, what each school's number for a code is; 0 where nobody has it."""
    return [{school: use.get(code, 0.0) for school, use in each.items()} for each in told]


def _error(school: str, errors: Sequence[Mapping[str, float]]) -> float:
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
        yield reading(kind, name, moved - usual, own, school=school, now=now[school], before=before[school])
