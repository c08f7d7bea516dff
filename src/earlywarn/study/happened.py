"""What may have happened to pupils after a morning: everything that the data hold.

In:  the sources, the examples and the config.
Out: `Outcome`s: each names the morning up to which absence is counted, and says of whom it is true afterwards.

Nobody has an outcome that was decided before its morning: judgements and surveys come after it, whoever left did so
on it or later. What is told is told as it is known today.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.features.assessments import NUMBERS
from earlywarn.features.gather import Sources
from earlywarn.features.seen import percentile_in_group
from earlywarn.features.waves import domains_of
from earlywarn.model.examples import Examples
from earlywarn.phrases import happened
from earlywarn.study.mornings import last_day_if_over, tells_absence
from earlywarn.surveys.answers import Wave, mean_of_half
from earlywarn.tables.known import known_before, people_as_known
from earlywarn.terms import school_year

Floats = NDArray[np.float64]

LOWEST = 0.2  # a fifth
_COLLECTED_TOGETHER = timedelta(weeks=8)  # subjects hand in one round of judgements over some weeks
_MEMORY = timedelta(weeks=53)
_LAST_DAYS = timedelta(weeks=1)  # who goes in the last week of the year goes at its end
_LEAVES_IN_JUNE = 11


@dataclass(frozen=True)
class Outcome:
    """Something that may have happened after a morning.

    name  : how the table calls it.
    words : completes "of 100 pupils, 12 ...".
    as_of : the morning; absence is counted to the day before.
    of    : from the people of that morning's cohort to (people,) 1 it happened, 0 it did not, NaN not known.
    """

    name: str
    words: str
    as_of: date
    of: Callable[[pd.DataFrame], Floats]


def outcomes_of(sources: Sources, examples: Examples, config: Config) -> tuple[Outcome, ...]:
    """Return all that these data tell of pupils, each after the latest morning for which that can be said."""
    found = (
        _predicted(examples, config),
        *_surveyed(sources),
        *_judged(sources),
        *_left(sources, examples),
        *_recorded(sources, examples, config),
    )
    return tuple(one for one in found if tells_absence(sources, one.as_of))


def _predicted(examples: Examples, config: Config) -> Outcome:
    """Return what the config predicts, after the latest date of the test."""
    as_of = max(examples.plan.test)
    here = examples.on([as_of])
    keys = pd.MultiIndex.from_frame(examples.people.loc[here, ["person_id", "school_id"]])
    told = pd.Series(examples.now.outcome[here], keys)
    return Outcome("predicted", happened(config.outcome), as_of, lambda people: _at_school(told, people))


def _at_school(told: "pd.Series[float]", people: pd.DataFrame) -> Floats:
    wanted = pd.MultiIndex.from_frame(people[["person_id", "school_id"]])
    return np.asarray(told.reindex(wanted), np.float64)


def _surveyed(sources: Sources) -> Iterator[Outcome]:
    """Yield low scores on each domain, in the latest wave of each questionnaire that came after some weeks of school.

    Absence is counted to the day on which the wave opened.
    """
    latest = {
        wave.instrument.name: wave
        for wave in sources.waves
        if wave.closes_on <= sources.store.today and tells_absence(sources, wave.opens_on)
    }
    for name, wave in sorted(latest.items()):
        for domain in domains_of(wave.instrument):
            scores = pd.Series(mean_of_half(wave.scores[:, domain.scales]), wave.people)
            if scores.notna().any():
                words = f"were among the fifth with the lowest scores on {domain.label}{_by_whom(wave)}"
                yield Outcome(f"low {name}.{domain.name.removeprefix('domain_')}", words, wave.opens_on, _low(scores))


def _by_whom(wave: Wave) -> str:
    return ", as their parents see it" if wave.audience == "parent" else ""


def _low(scores: "pd.Series[float]") -> Callable[[pd.DataFrame], Floats]:
    def of(people: pd.DataFrame) -> Floats:
        return _lowest(people["person_id"].map(scores), np.zeros(len(people), np.int64))

    return of


def _lowest(values: "pd.Series[float]", group: NDArray[np.int64]) -> Floats:
    """Return who is among the lowest fifth of the group; people with one value are so all, or none of them."""
    place = percentile_in_group(values.to_numpy(np.float32, na_value=np.nan), group)
    return np.where(np.isnan(place), np.nan, place < LOWEST).astype(np.float64)


def _judged(sources: Sources) -> Iterator[Outcome]:
    """Yield low judgements of the latest round, by measure; and grades below targets where both are numbers."""
    if "assessments" not in sources.store.present:
        return
    rounds = _latest_rounds(sources)
    for measure, judged in rounds.groupby("measure"):
        mean = judged.groupby("person_id")["number"].mean()
        if measure != "target":
            words = f"were in the fifth of their year group with the lowest {measure} (mean over subjects)"
            yield Outcome(f"low {measure}", words, _first_day(judged), _low_in_year(mean))
    wide = rounds.pivot_table(index=["person_id", "subject"], columns="measure", values="number")
    if {"grade", "target"} <= set(wide):
        short = (wide["grade"] - wide["target"]).dropna().groupby("person_id").mean()
        as_of = _first_day(rounds[rounds["measure"] == "grade"])
        yield Outcome("below target", "were graded below their targets (mean over subjects)", as_of, _negative(short))


def _latest_rounds(sources: Sources) -> pd.DataFrame:
    """Return the judgements of each measure's latest round that are numbers; of each subject the latest one."""
    known = known_before("assessments", _tomorrow(sources))
    return sources.store.db.execute(
        f"""
        WITH numbers AS ({NUMBERS.format(known=known)})
        SELECT person_id, measure, subject, collected_on, number FROM numbers
        QUALIFY collected_on > max(collected_on) OVER (PARTITION BY measure) - ?
            AND row_number() OVER (PARTITION BY person_id, measure, subject ORDER BY collected_on DESC) = 1
        ORDER BY ALL
        """,
        [_COLLECTED_TOGETHER],
    ).df()


def _first_day(judged: pd.DataFrame) -> date:
    return pd.Timestamp(judged["collected_on"].min()).date()


def _low_in_year(mean: "pd.Series[float]") -> Callable[[pd.DataFrame], Floats]:
    def of(people: pd.DataFrame) -> Floats:
        year = pd.factorize(people["year_group"], use_na_sentinel=False)[0]
        return _lowest(people["person_id"].map(mean), year.astype(np.int64))

    return of


def _negative(difference: "pd.Series[float]") -> Callable[[pd.DataFrame], Floats]:
    def of(people: pd.DataFrame) -> Floats:
        mine = people["person_id"].map(difference).to_numpy(np.float64, na_value=np.nan)
        return np.where(np.isnan(mine), np.nan, mine < 0).astype(np.float64)

    return of


def _left(sources: Sources, examples: Examples) -> Iterator[Outcome]:
    """Yield who left in the rest of the latest complete year; Year 11 goes in June anyway, and is left out."""
    days = [day for day in sorted(examples.plan.kept) if last_day_if_over(sources, school_year(day)) is not None]
    if not days:
        return
    as_of = next(day for day in days if school_year(day) == school_year(days[-1]))
    gone = sources.store.db.execute(
        f"""SELECT person_id, school_id, left_on FROM {people_as_known("pupils", _tomorrow(sources))}
        WHERE left_on >= ? ORDER BY ALL""",
        [as_of],
    ).df()
    ends = {name: one.last_day_of_year(school_year(as_of)) for name, one in sources.calendars.items()}
    early = [
        end is not None and left.date() < end - _LAST_DAYS
        for left, end in zip(gone["left_on"], gone["school_id"].map(ends), strict=True)
    ]
    went = gone[np.array(early, bool)].set_index(["person_id", "school_id"]).index
    told = pd.Series(1.0, went)

    def of(people: pd.DataFrame) -> Floats:
        stays = people["year_group"].to_numpy(np.float64, na_value=np.nan) < _LEAVES_IN_JUNE
        return np.where(stays, np.nan_to_num(_at_school(told, people)), np.nan)

    yield Outcome("left", "left the school in the rest of the year, before its last week", as_of, of)


def _recorded(sources: Sources, examples: Examples, config: Config) -> Iterator[Outcome]:
    """Yield what others recorded within a year of the latest date that has any of it, each outcome by its name."""
    if "outcomes" not in sources.store.present:
        return
    rows = sources.store.db.execute(
        f"""SELECT person_id, outcome, date, value::DOUBLE AS value
        FROM {known_before("outcomes", _tomorrow(sources))} WHERE population = ? ORDER BY ALL""",
        [config.population],
    ).df()
    for name, mine in rows.groupby("outcome"):
        day = mine["date"].dt.date
        days = [one for one in sorted(examples.plan.kept) if ((day >= one) & (day < one + _MEMORY)).any()]
        if days and name != config.outcome.recorded:
            after = mine[(day >= days[-1]) & (day < days[-1] + _MEMORY)].groupby("person_id")["value"].max()
            yield Outcome(str(name), f"had the recorded outcome {name}", days[-1], _as_told(after))


def _as_told(values: "pd.Series[float]") -> Callable[[pd.DataFrame], Floats]:
    return lambda people: np.asarray(people["person_id"].map(values), np.float64)


def _tomorrow(sources: Sources) -> date:
    return sources.store.today + timedelta(days=1)
