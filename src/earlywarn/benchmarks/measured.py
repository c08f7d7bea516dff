"""One measure of everyone: the scales of each closed wave, and absence so far.

In:  the sources, and the cohort of one morning.
Out: `Measured`, arrays of one number a person.

Time passes through the same door as for features: `features.gather.seen_by_school`. Only who was at the school when
a wave closed, and is there now, counts for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.benchmarks.record import Measure
from earlywarn.features.feature import Floats
from earlywarn.features.gather import Sources, seen_by_school
from earlywarn.features.history import History
from earlywarn.features.seen import Seen
from earlywarn.features.waves import WavesSeen, change, parts_of, score

ABSENCE = Measure("absence", "register", "absence so far this year", 1)


@dataclass(frozen=True)
class Measured:
    """One measure of one wave; arrays are (people,), NaN where a person gave nothing.

    latest : whether it is the latest wave of its questionnaire.
    asked  : who was asked, whether or not they answered.
    change : since the wave before, on the same questions.
    """

    measure: Measure
    wave: date | None
    latest: bool
    asked: NDArray[np.bool_]
    values: Floats
    change: Floats


def measure_people(sources: Sources, people: pd.DataFrame, as_of: date) -> tuple[Measured, ...]:
    """Return everything that is measured of the people of a cohort; measures without a value are left out."""
    least = sources.config.onset_min_sessions
    schools = [(rows, tuple(_at_school(seen, least))) for rows, seen in seen_by_school(sources, people, as_of)]
    rows = np.concatenate([at for at, _ in schools])
    every = [_together(rows, parts) for parts in zip(*(measured for _, measured in schools), strict=True)]
    return tuple(each for each in every if not np.isnan(each.values).all())


def _at_school(seen: Seen, least: int) -> Iterator[Measured]:
    """Yield each measure of a school's people; every school has the same ones, in the same order."""
    absence = absence_so_far(seen.history, seen.size, least)
    yield Measured(ABSENCE, None, True, np.ones(seen.size, np.bool_), absence, np.full(seen.size, np.nan, np.float32))
    for survey in seen.surveys.values():
        yield from _scales(survey)


def absence_so_far(history: History | None, people: int, least: int) -> Floats:
    """Return each pupil's absence rate this year; NaN with fewer than `least` possible sessions behind them."""
    if history is None:
        return np.full(people, np.nan, np.float32)
    found: Floats = np.where(history.possible_so_far >= least, history.rate_so_far, np.nan).astype(np.float32)
    return found


def _scales(survey: WavesSeen) -> Iterator[Measured]:
    instrument = survey.instrument
    scales = [part for part in parts_of(instrument) if len(part.scales) == 1]
    for at, wave in enumerate(survey.waves):
        upto = replace(survey, waves=survey.waves[: at + 1])
        here_before = survey.waves[max(at - 1, 0)].asked & wave.asked
        for part in scales:
            yield Measured(
                Measure(f"{instrument.name}.{part.name}", instrument.audience, part.label, part.risk),
                wave.closes_on,
                at == len(survey.waves) - 1,
                wave.asked,
                np.where(wave.asked, score(wave, part), np.nan).astype(np.float32),
                np.where(here_before, change(upto, part), np.nan).astype(np.float32),
            )


def _together(rows: NDArray[np.int64], parts: Sequence[Measured]) -> Measured:
    """Return one measure of all schools, in the order of the cohort."""
    order = np.argsort(rows)
    asked, values, changed = (
        np.concatenate([getattr(part, name) for part in parts])[order] for name in ("asked", "values", "change")
    )
    return replace(parts[0], asked=asked, values=values, change=changed)
