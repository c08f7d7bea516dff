"""Survey waves as one school's people answered them, and what is compared between two of them.

In:  scored waves (`surveys.answers`) that had closed before the date, the people of the cohort.
Out: `WavesSeen` for each questionnaire; scores of its parts, and their changes.

A part is a scale, or a domain with more than one scale: its score is the mean of its scales'.
A change is told on the questions that both waves asked, and the person answered in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.features.feature import Floats, slug
from earlywarn.surveys.answers import Wave, items_of_scales, mean_of_half
from earlywarn.surveys.instrument import Instrument


@dataclass(frozen=True)
class ClosedWave:
    """One closed wave, for the people of the cohort.

    asked    : (people,) whether it asked their year group (of staff: their school) after they had joined.
    answered : (people,) whether they answered anything.
    in_force : (items,) whether the questionnaire held the item.
    answers  : (people, items) 0 to 10, high as the scale means high; NaN where not answered.
    scores   : (people, scales) 0 to 10, NaN where not answered.
    """

    closes_on: date
    asked: NDArray[np.bool_]
    answered: NDArray[np.bool_]
    in_force: NDArray[np.bool_]
    answers: Floats
    scores: Floats
    spread: Floats
    same: Floats


@dataclass(frozen=True)
class WavesSeen:
    """The closed waves of one questionnaire, oldest first, of the year before the date; at least one."""

    instrument: Instrument
    waves: tuple[ClosedWave, ...]

    @cached_property
    def nothing(self) -> Floats:
        """Return NaN for everyone."""
        return np.full(len(self.waves[0].answered), np.nan, np.float32)


@dataclass(frozen=True)
class Part:
    """A scale or a domain: what it is called, what is said of it, and the scales that make it up."""

    name: str
    label: str
    risk: int
    scales: tuple[int, ...]


def parts_of(instrument: Instrument) -> tuple[Part, ...]:
    """Return the scales, then the domains that have more than one."""
    scales = [Part(scale.name, scale.label, scale.risk, (n,)) for n, scale in enumerate(instrument.scales)]
    together = [part for part in domains_of(instrument) if len(part.scales) > 1]
    return (*scales, *(replace(part, label=_in_full(instrument, part)) for part in together))


def _in_full(instrument: Instrument, domain: Part) -> str:
    """Return a domain's name and what it is made of, such as "drivers (leadership, workload)"."""
    return f"{domain.label} ({', '.join(instrument.scales[n].label for n in domain.scales)})"


def domains_of(instrument: Instrument) -> tuple[Part, ...]:
    """Return the domains; one whose scales do not all run the same way has no direction of risk."""
    found = []
    for domain in dict.fromkeys(scale.domain for scale in instrument.scales):
        mine = tuple(n for n, scale in enumerate(instrument.scales) if scale.domain == domain)
        risks = {instrument.scales[n].risk for n in mine}
        risk = risks.pop() if len(risks) == 1 else 0
        found.append(Part(f"domain_{slug(domain)}", domain, risk, mine))
    return tuple(found)


def score(wave: ClosedWave, part: Part) -> Floats:
    """Return a part's scores, 0 to 10; NaN where fewer than half of its scales have one."""
    return mean_of_half(wave.scores[:, part.scales])


def change(survey: WavesSeen, part: Part) -> Floats:
    """Return the change in points from the wave before the latest; NaN without one."""
    if len(survey.waves) < 2:
        return survey.nothing
    return _change_between(survey.instrument, survey.waves[-2], survey.waves[-1], part)


def change_since_first(survey: WavesSeen, part: Part) -> Floats:
    """Return the change in points from the first wave that can be compared with the latest."""
    *earlier, latest = survey.waves
    found = survey.nothing
    for wave in earlier[::-1]:
        compared = _change_between(survey.instrument, wave, latest, part)
        found = np.where(np.isnan(compared), found, compared)
    return found


def _change_between(instrument: Instrument, before: ClosedWave, after: ClosedWave, part: Part) -> Floats:
    scales = items_of_scales(instrument)
    return mean_of_half(np.stack([_scale_change(before, after, scales[n]) for n in part.scales], axis=1))


def _scale_change(before: ClosedWave, after: ClosedWave, items: NDArray[np.bool_]) -> Floats:
    """Compare a scale on the questions answered in both waves; NaN where they are under half of either's."""
    step = after.answers[:, items] - before.answers[:, items]
    asked = max(int((wave.in_force & items).sum()) for wave in (before, after))
    shared = before.in_force[items] & after.in_force[items]
    common = np.where(shared, step, np.nan)
    enough = (~np.isnan(common)).sum(axis=1) * 2 >= max(asked, 1)
    found = np.full(len(step), np.nan, np.float32)
    found[enough] = np.nanmean(common[enough], axis=1)
    return found


def seen_waves(waves: Sequence[Wave], people: pd.DataFrame) -> WavesSeen:
    """Return some waves of one questionnaire, oldest first, for the people of a cohort at one school."""
    at, like = pd.Index(people["person_id"]), _asked_together(people)
    joined = pd.to_datetime(people["joined_on"]).to_numpy()
    return WavesSeen(waves[0].instrument, tuple(_answered(wave, at, joined, like) for wave in waves))


def _answered(wave: Wave, people: pd.Index, joined: NDArray[np.datetime64], like: NDArray[np.int64]) -> ClosedWave:
    at = wave.people.get_indexer(people)
    answered = at >= 0
    here = joined <= np.datetime64(wave.closes_on)

    def of_cohort(values: Floats) -> Floats:
        found = values[at].copy()
        found[~answered] = np.nan
        return found

    return ClosedWave(
        closes_on=wave.closes_on,
        asked=here & (np.bincount(like, answered & here)[like] > 0),
        answered=answered,
        in_force=wave.asked,
        answers=of_cohort(wave.answers),
        scores=of_cohort(wave.scores),
        spread=of_cohort(wave.spread),
        same=of_cohort(wave.same),
    )


def _asked_together(people: pd.DataFrame) -> NDArray[np.int64]:
    """Return a number for each group of people of whom a wave asks all or nobody: a year group; all staff.

    No table says whom a survey was meant for. One that begins in Year 3 leaves Year 2 as silent as pupils who would
    not answer: so those who answered tell who was asked.
    """
    if "year_group" not in people:
        return np.zeros(len(people), np.int64)
    return pd.factorize(people["year_group"], use_na_sentinel=False)[0]
