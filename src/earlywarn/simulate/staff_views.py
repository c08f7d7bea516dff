"""How staff answer surveys, and when they are ill.

In:  the holders of a school's posts.
Out: `Answers` as for pupils, and spells of absence.

Every scale rests on morale, on the person's own leaning and on the day. So does the intent to leave, which therefore
tells of leaving through morale alone. Low morale makes answering a little rarer, as far as it moves leaving.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from earlywarn.simulate.calendar import year_plan
from earlywarn.simulate.holders import NEVER, Floats, Holders, Ints, Texts
from earlywarn.simulate.leaving import PERIODS
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.surveys import INSTRUMENT, SPREAD, Answers, Wave, item_ids, tick
from earlywarn.surveys.instrument import Instrument
from earlywarn.terms import Days

RESPONDS = 0.85  # logit: seven in ten
BY_MORALE = 0.20  # logits by which one SD of morale raises that, at an effect of 1 or more
LEVEL = {"engagement": 3.6, "leadership": 3.5, "workload": 2.6, "recognition": 3.3, "behaviour": 3.3, "colleagues": 4.0,
         "intent": 2.73}  # fmt: skip
# Intent overstates leaving: about 27% agree that they expect to look for another post, and half as many resign.
INTENT_SPREAD = 1.15
MORALE, LEANING, PASSING = 0.75, 0.55, 0.37  # parts of a scale; squares sum to 1

SPELLS_A_YEAR = 1.3
MEAN_DAYS = 4.0
REASONS = ("illness", "stress or anxiety", "family", "other")
REASON_SHARES = (0.74, 0.08, 0.12, 0.06)


def staff_answers(
    holders: Holders,
    waves: Sequence[Wave],
    instruments: Mapping[str, Instrument],
    plan: Plan,
    rng: np.random.Generator,
) -> Iterator[Answers]:
    """Yield the answers of one school's staff, wave by wave."""
    instrument = instruments[INSTRUMENT["staff"]]
    for wave in waves:
        if wave.audience != "staff":
            continue
        asked = holders.rows((holders.joined_on <= wave.opens_on) & holders.in_post(wave.closes_on, wave.closes_on))
        morale = asked.morale[:, PERIODS * wave.year + wave.number]
        willing = RESPONDS + BY_MORALE * min(plan.engagement_effect, 1) * morale - plan.shock(wave.year).response
        answers = rng.random(len(asked)) < expit(willing)
        if answers.any():
            some = asked.rows(answers)
            level = _scales(some, morale[answers], instrument, rng)
            yield Answers(wave, item_ids(instrument), some.number, 0 * some.number, tick(level, instrument, rng))


def _scales(holders: Holders, morale: Floats, instrument: Instrument, rng: np.random.Generator) -> Floats:
    """Return (n, scales) where each person stands on each scale, in answers."""
    names = [scale.name for scale in instrument.scales]
    leaning = holders.leaning[:, : len(names)]
    stands = MORALE * morale[:, None] + LEANING * leaning + PASSING * rng.standard_normal(leaning.shape)
    spread = np.array([-INTENT_SPREAD if name == "intent" else SPREAD for name in names])
    return np.asarray(np.array([LEVEL[name] for name in names]) + spread * stands)


@dataclass(frozen=True)
class Spells:
    """Spells of absence, none of which overlaps another of the same person; all arrays have shape (n,).

    ends_on : the last day; NaT where it has not come yet.
    """

    number: Ints
    starts_on: Days
    ends_on: Days
    reason: Texts


def spells_of_absence(holders: Holders, plan: Plan, until: np.datetime64, rng: np.random.Generator) -> Spells:
    """Return staff's spells of absence, which begin on days of term, person by person."""
    person, starts_on = _spell_starts(holders, plan, until, rng)
    ends_on = starts_on + rng.geometric(1 / MEAN_DAYS, len(person)) - 1
    left_on = holders.leaves_on[person]
    ends_on = np.where(ends_on > left_on, left_on, ends_on)
    apart = _apart(person, starts_on, ends_on)
    reason = rng.choice(REASONS, len(person), p=REASON_SHARES)[apart]
    last = ends_on[apart]
    return Spells(holders.number[person[apart]], starts_on[apart], np.where(last > until, NEVER, last), reason)


def _spell_starts(holders: Holders, plan: Plan, until: np.datetime64, rng: np.random.Generator) -> tuple[Ints, Days]:
    """Return whose spells begin on which day, in that order; only days in post count."""
    found = []
    for autumn in plan.school_years:
        person = np.repeat(np.arange(len(holders)), rng.poisson(SPELLS_A_YEAR, len(holders)))
        day = rng.choice(year_plan(autumn).days, len(person))
        left_on = holders.leaves_on[person]
        there = (day >= holders.joined_on[person]) & (np.isnat(left_on) | (day <= left_on)) & (day <= until)
        found.append((person[there], day[there]))
    person, day = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((day, person))
    return person[order], day[order]


def _apart(person: Ints, starts_on: Days, ends_on: Days) -> Ints:
    """Return the places of spells that begin after all earlier ones of the person have ended."""
    far = 1_000_000  # days, more than any two dates here lie apart
    begins, ends = (person * far + day.astype(np.int64) for day in (starts_on, ends_on))
    reached = np.concatenate([[-1], np.maximum.accumulate(ends)[:-1]])
    return np.flatnonzero(begins > reached)
