"""Fine, look, or stop using: what later dates say of a model, why, and what to do.

In:  the dates that were watched, and what the model was tested at.
Out: `Verdict`. What moved is judged on the latest date, what came of the model on every date whose outcomes are known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from earlywarn.audit.subjects import EVERYONE
from earlywarn.bundle.read import Bundle
from earlywarn.evaluate.estimate import Estimate
from earlywarn.monitor import thresholds as least
from earlywarn.monitor import words
from earlywarn.monitor.realised import OfGroup
from earlywarn.monitor.watch import Watched

Level = Literal["fine", "look", "stop using"]
LEVELS: tuple[Level, ...] = ("fine", "look", "stop using")


@dataclass(frozen=True)
class Reason:
    """Why one should look, or stop: what was seen on which date, and what to do about it."""

    level: Level
    as_of: date
    says: str
    do: str


@dataclass(frozen=True)
class Verdict:
    """What is to be thought of the model now; `notes` say what could not be seen."""

    level: Level
    headline: str
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...]


def verdict(bundle: Bundle, watched: Sequence[Watched]) -> Verdict:
    """Judge a model by the dates that were watched, oldest first, at least one."""
    latest = watched[-1]
    found = [
        *(reason for one in watched for reason in _of_outcomes(bundle, one)),
        *_of_levels(watched),
        *_of_promise(bundle, latest),
        *(Reason("look", latest.as_of, *told) for told in words.moved(bundle, latest.readings)),
    ]
    reasons = tuple(sorted(found, key=lambda reason: -LEVELS.index(reason.level)))
    level = reasons[0].level if reasons else "fine"
    return Verdict(level, words.headline(level, len(reasons), latest.as_of), reasons, tuple(_notes(bundle, watched)))


def tested_at(bundle: Bundle, population: str, measure: str) -> float | None:
    """Return what the tested model was measured at; None where that was not estimable."""
    said = bundle.metrics.get("populations", {}).get(population, {}).get("model", {}).get(measure) or {}
    value = said.get("value")
    return None if value is None else float(value)


def _of_promise(bundle: Bundle, latest: Watched) -> Iterator[Reason]:
    """Yield what the model is expected to do worse than when it was tested, if it surely is."""
    tested = tested_at(bundle, EVERYONE, "auc")
    for one in latest.expected:
        if latest.realised or (one.population, one.measure) != (EVERYONE, "auc") or one.high is None or tested is None:
            continue
        if one.high < least.STOP_AUC:
            yield Reason("stop using", latest.as_of, words.expected_low(one, tested), words.DO_STOP)
        elif one.high < tested - least.LOST_AUC:
            yield Reason("look", latest.as_of, words.expected_low(one, tested), words.DO_COMPARE)


def _of_outcomes(bundle: Bundle, watched: Watched) -> Iterator[Reason]:
    came = {one.measure: one.estimate for one in watched.realised if one.population == EVERYONE}
    if not came:
        return
    yield from _of_ranking(watched.as_of, came["auc"], tested_at(bundle, EVERYONE, "auc"))
    for group in watched.groups:
        yield from _of_group(watched.as_of, group, came["observed_over_expected"])


def _of_ranking(as_of: date, auc: Estimate, tested: float | None) -> Iterator[Reason]:
    if auc.high is None or tested is None:
        return
    if auc.high < max(least.STOP_AUC, tested - least.STOP_LOST_AUC):
        yield Reason("stop using", as_of, words.realised_low(auc, tested), words.DO_STOP)
    elif auc.high < tested - least.LOST_AUC:
        yield Reason("look", as_of, words.realised_low(auc, tested), words.DO_COMPARE)


def _of_levels(watched: Sequence[Watched]) -> Iterator[Reason]:
    """Yield whether more, or fewer, had the outcome than the risks said: far more once, or more on two dates running.

    A winter's illness makes the risks of one date too low, and passes; what has changed for good is seen again.
    """
    overs = _overs(watched)
    for as_of, over in overs:
        if _outside(over, least.STOP_OVER):
            yield Reason("stop using", as_of, words.level_off(over), words.DO_STOP_RISKS)
    if _stays_off(overs):
        (_, then), (as_of, now) = overs[-2:]
        yield Reason("look", as_of, words.level_stays_off(then, now), words.DO_RECALIBRATE)


def _overs(watched: Sequence[Watched]) -> list[tuple[date, Estimate]]:
    """Return how many people had the outcome for each one expected, on each date whose outcomes are known."""
    return [
        (one.as_of, each.estimate)
        for one in watched
        for each in one.realised
        if (each.population, each.measure) == (EVERYONE, "observed_over_expected")
    ]


def _stays_off(overs: Sequence[tuple[date, Estimate]]) -> bool:
    """Tell whether the two latest dates lie outside, and on the same side."""
    if len(overs) < 2 or not all(_outside(over, least.LOOK_OVER) for _, over in overs[-2:]):
        return False
    then, now = (over.low is not None and over.low > 1 for _, over in overs[-2:])
    return then == now


def _is_off_once(overs: Sequence[tuple[date, Estimate]]) -> bool:
    """Tell whether the latest date lies outside, as no reason of its own."""
    if not overs or _stays_off(overs):
        return False
    (_, latest) = overs[-1]
    return _outside(latest, least.LOOK_OVER) and not _outside(latest, least.STOP_OVER)


def _of_group(as_of: date, group: OfGroup, everyone: Estimate) -> Iterator[Reason]:
    """Yield whether a group's risks are off by more than everyone's."""
    over = group.estimate
    if group.measure != "observed_over_expected" or over is None or not everyone.value:
        return
    if _outside(over, least.LOOK_OVER, everyone.value):
        yield Reason("look", as_of, words.group_off(group, over, everyone.value), words.DO_AUDIT)


def _outside(estimate: Estimate, times: float, usual: float = 1.0) -> bool:
    """Tell whether an interval lies wholly above so many times what is usual, or below that part of it."""
    if estimate.low is None or estimate.high is None:
        return False
    return estimate.low > times * usual or estimate.high < usual / times


def _notes(bundle: Bundle, watched: Sequence[Watched]) -> Iterator[str]:
    if bundle.reference is None:
        yield words.no_reference(bundle.manifest.format)
    overs = _overs(watched)
    if _is_off_once(overs):
        yield words.off_once(*overs[-1])
    waiting = [one for one in watched if not one.realised]
    if waiting:
        yield words.waiting(tuple((one.as_of, one.closes_on) for one in waiting))
