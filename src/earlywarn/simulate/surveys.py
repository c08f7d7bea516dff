"""Survey waves, and how pupils and parents answer them.

In:  a `SchoolYear` with its marks of absence, and the hidden state.
Out: `Answers`, one row an answer: the wave, who, the item and the number given.

Pupils from Year 3 on are asked three times a year, parents twice. An answer rests on
the hidden engagement, on absence up to the wave, on the year group (interest falls from Year 6
to Year 8), and on chance; who is often away answers less often.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from earlywarn.simulate.absence import SchoolYear
from earlywarn.simulate.calendar import last_day, year_plan
from earlywarn.simulate.engagement import felt, felt_overall
from earlywarn.simulate.latent import WAVES_CLOSE_IN_WEEK
from earlywarn.simulate.plan import DOMAINS, Plan
from earlywarn.simulate.trust import Trust
from earlywarn.surveys.instrument import Audience, Instrument

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLOSES_IN_WEEK: Mapping[Audience, tuple[int, ...]] = {
    "pupil": WAVES_CLOSE_IN_WEEK,
    "parent": (7, 22),
    "staff": (4, 18, 29),
}
INSTRUMENT: Mapping[Audience, str] = {
    "pupil": "pupil_engagement",
    "parent": "parent_view",
    "staff": "staff_engagement",
}

FIRST_YEAR_ASKED = 3
# Mean answer of pupils never absent, by year group from 3 to 11: enjoyment falls by 1.1 of 4 points (2.8 of 10)
# from Year 6 to Year 8; the other scales by half as much.
ENJOYMENT = np.array([4.15, 4.05, 3.90, 3.70, 3.10, 2.60, 2.50, 2.55, 2.70])
OTHERS_FALL = 0.5
OTHERS_LEVEL = 3.55
PARENTS_LEVEL = 3.9

SPREAD = 0.75  # SD of a scale in answers
ITEM_NOISE = 0.80  # of one answer around its scale: a reliability of about 0.8
BY_ABSENCE = 4.0  # SDs by which a scale falls from no absence to all absence so far
OFTEN_AWAY = 0.5  # more absence than this lowers no further
PULL = {"engagement": 0.78, "leaning": 0.50, "passing": 0.38}  # parts of a scale; squares sum to 1
PARENTS_PULL = {"engagement": 0.45, "home": 0.75, "passing": 0.48}

MORE_NOISE = 2.0  # factor of an answer's noise, for groups that are to answer less steadily
BIASED_BY = 0.8  # SDs by which a group answers lower than it feels, in a scenario
BIASED_RESPONSE = 0.75  # factor of its chance to answer
HARDER_TO_AGREE = 0.8  # answers by which an item that was worded anew comes out lower

SAME_ANSWER = 0.03  # share of respondents who tick one column all the way down
SKIPPED = 0.02
ANSWERS_IF_NEVER_ABSENT = {"pupil": 1.85, "parent": -0.35}  # logit
FEWER_BY_ABSENCE = 6.0
SECOND_PARENT = 0.12


@dataclass(frozen=True)
class Wave:
    """One survey wave of the trust."""

    wave_id: str
    audience: Audience
    year: int
    number: int
    opens_on: np.datetime64
    closes_on: np.datetime64


@dataclass(frozen=True)
class Answers:
    """Answers to one wave in one school.

    person     : (n,) number of the pupil, or of the member of staff.
    respondent : (n,) 1 or 2 for parents, 0 otherwise.
    given      : (n, items) the answers, 0 where the item was skipped.
    """

    wave: Wave
    items: tuple[str, ...]
    person: Ints
    respondent: Ints
    given: NDArray[np.int64]


def make_waves(plan: Plan) -> tuple[Wave, ...]:
    """Return the waves that have closed by the end of the data, in order of closing."""
    waves: list[Wave] = []
    for year, began in enumerate(plan.school_years):
        days = year_plan(began)
        for audience, weeks in CLOSES_IN_WEEK.items():
            for number, week in enumerate(weeks):
                opens, closes = days.first_of_week(week - 1), days.last_of_week(week)
                waves.append(Wave(f"{audience}-{began}-{number + 1}", audience, year, number, opens, closes))
    return tuple(sorted((w for w in waves if w.closes_on <= last_day(plan)), key=lambda w: (w.closes_on, w.audience)))


@dataclass(frozen=True)
class _Respondents:
    """Who of one school answers one wave.

    row    : (n,) rows of the school year's roster.
    missed : (n,) share of sessions missed from the start of the year until the wave opens.
    """

    school_year: SchoolYear
    wave: Wave
    row: Ints
    missed: Floats

    @property
    def person(self) -> Ints:
        """Return (n,) the pupils' numbers."""
        return self.school_year.roster.person[self.row]

    @property
    def step(self) -> int:
        """Return the column of the hidden state that the wave sees."""
        return 3 * self.school_year.year + 1 + self.wave.number

    @property
    def lowered(self) -> Floats:
        """Return (n,) SDs by which absence so far lowers every scale."""
        return np.asarray(BY_ABSENCE * np.minimum(self.missed, OFTEN_AWAY))


def family_answers(
    school_year: SchoolYear,
    waves: Sequence[Wave],
    instruments: Mapping[str, Instrument],
    trust: Trust,
    rng: np.random.Generator,
) -> Iterator[Answers]:
    """Yield the answers of one school's pupils and parents in one year, wave by wave."""
    for wave in waves:
        if wave.year != school_year.year or wave.audience == "staff":
            continue
        instrument = instruments[INSTRUMENT[wave.audience]]
        answering = _respondents(school_year, wave, trust, rng)
        if wave.audience == "pupil":
            level = _pupil_scales(answering, instrument, trust, rng)
            changed = school_year.shock.changed_item
            given = tick(level, instrument, rng, _noise(answering, trust), changed)
            yield Answers(wave, item_ids(instrument), answering.person, 0 * answering.row, given)
        else:
            yield _parents_answers(answering, instrument, trust, rng)


def _respondents(school_year: SchoolYear, wave: Wave, trust: Trust, rng: np.random.Generator) -> _Respondents:
    """Return who answers: asked, at school for at least a session of the wave, and willing."""
    day = np.repeat(school_year.open_days, 2)
    before, during = day < wave.opens_on, (day >= wave.opens_on) & (day <= wave.closes_on)
    possible = school_year.expected[:, before].sum(axis=1)
    missed = school_year.absent[:, before].sum(axis=1) / np.maximum(possible, 1)
    came = (school_year.expected & ~school_year.absent)[:, during].any(axis=1)
    asked = came & (school_year.roster.last > wave.closes_on) & ~school_year.second_registration
    if wave.audience == "pupil":
        asked &= school_year.roster.year_group >= FIRST_YEAR_ASKED
    chance = expit(ANSWERS_IF_NEVER_ABSENT[wave.audience] - FEWER_BY_ABSENCE * missed - school_year.shock.response)
    chance[_biased(school_year, trust)] *= BIASED_RESPONSE
    row = np.flatnonzero(asked & (rng.random(len(missed)) < chance))
    return _Respondents(school_year, wave, row, missed[row])


def _biased(school_year: SchoolYear, trust: Trust) -> NDArray[np.bool_]:
    """Return (n,) bool: pupils for whom, in a scenario, the survey does not work as for others."""
    group = school_year.shock.biased_for
    person = school_year.roster.person
    return trust.people.member(group)[person] if group else np.zeros(len(person), bool)


def _pupil_scales(answering: _Respondents, instrument: Instrument, trust: Trust, rng: np.random.Generator) -> Floats:
    """Return (n, scales) where each pupil stands on each scale, in answers."""
    school_year, person = answering.school_year, answering.person
    names = [scale.name for scale in instrument.scales]
    engaged = np.column_stack([_engaged(name, answering, trust) for name in names])
    own = PULL["leaning"] * trust.latent.leaning[person][:, : len(names)]
    passing = PULL["passing"] * rng.standard_normal(own.shape)
    biased = _biased(school_year, trust)[answering.row]
    lowered = answering.lowered + school_year.shock.answers + BIASED_BY * biased
    stands = PULL["engagement"] * engaged - lowered[:, None] + own + passing
    enjoyment = ENJOYMENT[school_year.roster.year_group[answering.row] - FIRST_YEAR_ASKED][:, None]
    others = OTHERS_LEVEL + OTHERS_FALL * (enjoyment - ENJOYMENT.mean())
    is_enjoyment = np.array([name == "emotional" for name in names])
    return np.asarray(np.where(is_enjoyment, enjoyment, others) + SPREAD * stands)


def _engaged(scale: str, answering: _Respondents, trust: Trust) -> Floats:
    """Return (n,) what moves a scale: its own domain of engagement, or what all domains share."""
    who = (trust.plan, trust.latent, trust.people, answering.person, answering.step)
    return felt(*who, scale) if scale in DOMAINS else felt_overall(*who)


def _noise(answering: _Respondents, trust: Trust) -> Floats:
    """Return (n,) the SD of an answer around its scale, in answers."""
    noisy = _biased(answering.school_year, trust)[answering.row]
    for group in trust.plan.noisier_for:
        noisy = noisy | trust.people.member(group)[answering.person]
    return np.where(noisy, MORE_NOISE * ITEM_NOISE, ITEM_NOISE)


def _parents_answers(
    answering: _Respondents, instrument: Instrument, trust: Trust, rng: np.random.Generator
) -> Answers:
    """Return parents' answers; for some pupils two parents answer, who see the same child."""
    person, latent = answering.person, trust.latent
    seen = PARENTS_PULL["engagement"] * latent.shared(person, answering.step)
    at_home = PARENTS_PULL["home"] * latent.home[person, answering.step]
    shared = seen + at_home - answering.lowered
    second = np.flatnonzero(rng.random(len(person)) < SECOND_PARENT)
    child = np.concatenate([np.arange(len(person)), second])
    respondent = np.repeat([1, 2], [len(person), len(second)])
    passing = PARENTS_PULL["passing"] * rng.standard_normal((len(child), len(instrument.scales)))
    level = PARENTS_LEVEL + SPREAD * (shared[child][:, None] + passing)
    return Answers(answering.wave, item_ids(instrument), person[child], respondent, tick(level, instrument, rng))


def item_ids(instrument: Instrument) -> tuple[str, ...]:
    """Return the items' ids, in the questionnaire's order."""
    return tuple(item.id for item in instrument.items)


def tick(
    level: Floats,
    instrument: Instrument,
    rng: np.random.Generator,
    noise: Floats | float = ITEM_NOISE,
    changed: str = "",
) -> NDArray[np.int64]:
    """Return (n, items) answers for people who stand at `level` on each scale; 0 for a skipped item.

    noise   : SD of an answer around its scale, (n,) or one for all.
    changed : an item that was worded anew: fewer agree, and it says less of its scale.
    """
    low, high = instrument.answers
    names = [scale.name for scale in instrument.scales]
    meant = level[:, [names.index(item.scale) for item in instrument.items]]
    meant = meant + np.reshape(noise, (-1, 1)) * rng.standard_normal(meant.shape)
    if changed:
        anew = item_ids(instrument).index(changed)
        meant[:, anew] = meant[:, anew] - HARDER_TO_AGREE + rng.standard_normal(len(meant))
    answers = np.clip(np.rint(meant), low, high).astype(np.int64)
    turned = np.array([item.reversed for item in instrument.items])
    answers[:, turned] = low + high - answers[:, turned]
    careless = rng.random(len(level)) < SAME_ANSWER
    answers[careless] = rng.integers(low, high + 1, int(careless.sum()))[:, None]
    answers[rng.random(answers.shape) < SKIPPED] = 0
    return answers
