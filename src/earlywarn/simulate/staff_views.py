"""How staff answer surveys, and when they are ill.

In:  the holders of a school's posts.
Out: `Answers` as for pupils, and spells of absence.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from scipy.special import expit

from earlywarn.simulate.plan import Plan
from earlywarn.simulate.staff import Holder
from earlywarn.simulate.surveys import INSTRUMENT, SPREAD, Answers, Floats, Wave, item_ids, tick
from earlywarn.surveys.instrument import Instrument

RESPONDS = 0.85  # logit: seven in ten
LEVEL = {"engagement": 3.6, "leadership": 3.5, "workload": 2.6, "recognition": 3.3, "behaviour": 3.3, "colleagues": 4.0,
         "intent": 2.70}  # fmt: skip
# Intent overstates leaving: about 27% agree that they will look for another post, and half as many resign.
INTENT_SPREAD = 1.15
MORALE, LEANING, PASSING = 0.75, 0.55, 0.37  # parts of a scale; squares sum to 1

SPELLS_A_YEAR = 1.3
MEAN_DAYS = 4.0
REASONS = ("illness", "stress or anxiety", "family", "other")
REASON_SHARES = (0.74, 0.08, 0.12, 0.06)


def staff_answers(
    holders: Sequence[Holder], waves: Sequence[Wave], instruments: Mapping[str, Instrument], rng: np.random.Generator
) -> Iterator[Answers]:
    """Yield the answers of one school's staff, wave by wave."""
    instrument = instruments[INSTRUMENT["staff"]]
    for wave in waves:
        if wave.audience != "staff":
            continue
        opens, closes = wave.opens_on.astype(object), wave.closes_on.astype(object)
        asked = [holder for holder in holders if holder.in_post(closes, closes) and holder.joined_on <= opens]
        answering = [holder for holder in asked if rng.random() < expit(RESPONDS)]
        if answering:
            level = _scales(answering, 3 * wave.year + wave.number, instrument, rng)
            number = np.array([holder.number for holder in answering])
            yield Answers(wave, item_ids(instrument), number, np.zeros(len(number), int), tick(level, instrument, rng))


def _scales(holders: Sequence[Holder], step: int, instrument: Instrument, rng: np.random.Generator) -> Floats:
    """Return (n, scales) where each person stands on each scale, in answers."""
    names = [scale.name for scale in instrument.scales]
    morale = np.array([holder.morale[step] for holder in holders])[:, None]
    leaning = np.array([holder.leaning[: len(names)] for holder in holders])
    stands = MORALE * morale + LEANING * leaning + PASSING * rng.standard_normal(leaning.shape)
    spread = np.array([-INTENT_SPREAD if name == "intent" else SPREAD for name in names])
    return np.asarray(np.array([LEVEL[name] for name in names]) + spread * stands)


def spells_of_absence(
    holders: Sequence[Holder], plan: Plan, until: date, rng: np.random.Generator
) -> Iterator[tuple[Holder, date, date | None, str]]:
    """Yield staff's spells of absence: who, first and last day (None if it has not ended yet), and why."""
    first = date(plan.school_years[0], 9, 1)
    for holder in holders:
        begins = max(first, holder.joined_on)
        ends = min(until, holder.left_on or until)
        years = max((ends - begins).days, 0) / 365.25
        starts = sorted({int(day) for day in rng.random(rng.poisson(SPELLS_A_YEAR * years)) * (ends - begins).days})
        for start in starts:
            day = begins + timedelta(days=start)
            last = min(day + timedelta(days=int(rng.geometric(1 / MEAN_DAYS)) - 1), holder.left_on or date.max)
            yield holder, day, last if last <= until else None, str(rng.choice(REASONS, p=REASON_SHARES))
