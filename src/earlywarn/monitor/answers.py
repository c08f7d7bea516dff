"""How the latest wave of each questionnaire was answered by the people of a date.

In:  the sources and the cohort of one as-of date.
Out: `WaveAnswers` a questionnaire: how many answered, and how each item was; nothing of fewer than 10 respondents, and
     no share of a school in which 1 to 4 answered, or 1 to 4 did not.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.bundle.reference import ItemAnswers, WaveAnswers
from earlywarn.disclosure import RESPONDENTS_FROM, percentage
from earlywarn.features.gather import Sources
from earlywarn.features.waves import ClosedWave, seen_waves
from earlywarn.monitor.shares import DECIMALS, kept_shares
from earlywarn.surveys.answers import Wave
from earlywarn.surveys.instrument import Instrument

_A_YEAR = timedelta(weeks=53)


def wave_answers(sources: Sources, people: pd.DataFrame, as_of: date) -> tuple[WaveAnswers, ...]:
    """Return the latest wave, closed in the year before the date, of each questionnaire, in order of name."""
    closed = [wave for wave in sources.waves if as_of - _A_YEAR < wave.closes_on < as_of]
    latest = {wave.instrument.name: wave for wave in closed}  # waves come oldest first
    told = (_of_wave(latest[name], people) for name in sorted(latest))
    return tuple(wave for wave in told if wave.asked >= RESPONDENTS_FROM)


def _of_wave(wave: Wave, people: pd.DataFrame) -> WaveAnswers:
    by_school = {
        str(school): seen_waves([wave], here.reset_index(drop=True)).waves[0]
        for school, here in people.groupby("school_id", sort=True)
    }
    asked = {school: int(seen.asked.sum()) for school, seen in by_school.items()}
    answered = {school: int((seen.asked & seen.answered).sum()) for school, seen in by_school.items()}
    everyone = sum(asked.values())
    return WaveAnswers(
        instrument=wave.instrument.name,
        closes_on=wave.closes_on,
        asked=everyone,
        responded=round(sum(answered.values()) / max(everyone, 1), DECIMALS),
        response={
            school: round(answered[school] / each, DECIMALS)
            for school, each in asked.items()
            if percentage(answered[school], each) is not None
        },
        items=_items(wave.instrument, list(by_school.values())),
    )


def _items(instrument: Instrument, seen: list[ClosedWave]) -> tuple[ItemAnswers, ...]:
    answers = np.concatenate([each.answers for each in seen])
    told = (_of_item(instrument, at, answers[:, at]) for at in range(len(instrument.items)))
    return tuple(item for item in told if item.n >= RESPONDENTS_FROM)


def _of_item(instrument: Instrument, at: int, out_of_ten: NDArray[np.float32]) -> ItemAnswers:
    known = out_of_ten[~np.isnan(out_of_ten)].astype(np.float64)
    low, high = instrument.answers
    steps = np.rint(known / 10 * (high - low)).astype(np.intp)  # two parents' mean goes to the nearest step
    if instrument.items[at].reversed:
        steps = high - low - steps
    return ItemAnswers(
        item=instrument.items[at].id,
        n=len(known),
        mean=round(float(known.mean()), DECIMALS) if len(known) else 0.0,
        spread=round(float(known.std()), DECIMALS) if len(known) else 0.0,
        shares=kept_shares(np.bincount(steps, minlength=high - low + 1)),
    )
