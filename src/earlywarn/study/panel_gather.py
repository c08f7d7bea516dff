"""Pupils over the waves of a school year: what they answered, and how much they missed before, between and after.

In:  the sources.
Out: a `Panel` for each questionnaire of pupils that was given three times or more in a complete school year.

Waves and absence take turns, so that each can be asked of what came right before it: the weeks before the first wave,
the wave, the weeks until the next one opens, and so on to the end of the school year. The days on which a wave is open
belong to neither side. A pupil who moved counts once, at the school of most sessions, with the sessions of all schools.
Complete years with as many waves as the latest are laid one below the other: a row is a pupil and a year.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.codes.attendance import load_codes
from earlywarn.features.gather import Sources
from earlywarn.register import Register
from earlywarn.study.cross_lagged import FEWEST_WAVES
from earlywarn.surveys.answers import Wave, mean_of_half
from earlywarn.surveys.instrument import Instrument, Scale
from earlywarn.tables.known import people_as_known
from earlywarn.terms import school_year, trust_calendar, year_start

TOGETHER = "all engagement"  # the scales of engagement as one number; no scale's name has a space
_DAY = timedelta(days=1)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Span = tuple[date, date]


@dataclass(frozen=True)
class Panel:
    """A row is a pupil who answered at least once in a school year.

    years      : calendar years in which the school years began.
    person     : (rows,) ids; school: (rows,) ids.
    alike      : (rows,) a number for each school year and year group.
    scores     : name of a measure -> (rows, waves) 0 to 10, NaN where it has no score.
    possible, absent : (rows, waves + 1) sessions before the first wave, between each two, and after the last.
    """

    instrument: Instrument
    years: tuple[int, ...]
    person: NDArray[Any]
    school: NDArray[Any]
    alike: Ints
    scores: Mapping[str, Floats]
    possible: Floats
    absent: Floats

    @property
    def waves(self) -> int:
        """Waves of a school year."""
        return int(self.possible.shape[1]) - 1


def gather_panels(sources: Sources) -> tuple[Panel, ...]:
    """Return a panel for each questionnaire of pupils, without those that no complete year holds three times."""
    register = sources.register
    if register is None:
        return ()
    panels = []
    for instrument in sources.instruments:
        years = _complete_years(sources, instrument) if instrument.audience == "pupil" else {}
        parts = [_of_year(sources, register, year, waves) for year, waves in years.items()]
        if sum(len(part.person) for part in parts):
            panels.append(_joined(parts))
    return tuple(panels)


def measures_of(instrument: Instrument) -> Mapping[str, str]:
    """Return what is measured, and its words: engagement as one number, where several scales make it; each scale."""
    together = _of_engagement(instrument)
    first = {TOGETHER: "the mean of " + " and ".join(scale.label for scale in together)} if len(together) > 1 else {}
    return first | {scale.name: scale.label for scale in instrument.scales}


def _of_engagement(instrument: Instrument) -> list[Scale]:
    return [scale for scale in instrument.scales if "engagement" in scale.domain]


def _complete_years(sources: Sources, instrument: Instrument) -> Mapping[int, Sequence[Wave]]:
    """Return the waves of the complete school years that have as many of them as the latest such year."""
    found: dict[int, list[Wave]] = {}
    for wave in sorted(sources.waves, key=lambda wave: wave.opens_on):
        if wave.instrument.name == instrument.name and wave.closes_on < sources.store.today:
            found.setdefault(school_year(wave.opens_on), []).append(wave)
    calendar = trust_calendar(sources.calendars)
    enough = {
        year: waves
        for year, waves in found.items()
        if len(waves) >= FEWEST_WAVES
        and (last := calendar.last_day_of_year(year)) is not None
        and last <= sources.store.today
    }
    return {year: waves for year, waves in enough.items() if len(waves) == len(enough[max(enough)])}


def _of_year(sources: Sources, register: Register, year: int, waves: Sequence[Wave]) -> Panel:
    """Return the panel of one school year."""
    instrument = waves[0].instrument
    rows = _sessions(register, tuple(_spans(year, waves)), sources.store.today + _DAY)
    rows = rows.merge(_year_groups(sources, waves[-1].closes_on + _DAY), on=["person_id", "school_id"])
    scores = _scores(instrument, waves, pd.Index(rows["person_id"]))
    answered = np.any([~np.isnan(each).all(axis=1) for each in scores.values()], axis=0)
    rows, scores = rows[answered], {name: each[answered] for name, each in scores.items()}
    return Panel(
        instrument, (year,), rows["person_id"].to_numpy(), rows["school_id"].to_numpy(),
        100 * year + rows["year_group"].to_numpy(np.int64), scores,
        rows.filter(regex="^possible").to_numpy(np.float64), rows.filter(regex="^absent").to_numpy(np.float64),
    )  # fmt: skip


def _spans(year: int, waves: Sequence[Wave]) -> Iterator[Span]:
    """Yield the days `[start, end)` before the first wave, between each two, and after the last."""
    yield year_start(year), waves[0].opens_on
    for before, after in pairwise(waves):
        yield before.closes_on + _DAY, max(after.opens_on, before.closes_on + _DAY)
    yield waves[-1].closes_on + _DAY, year_start(year + 1)


def _sessions(register: Register, spans: Sequence[Span], before: date) -> pd.DataFrame:
    """Return a row a pupil: the school of most sessions, and possible and absent sessions of each span anywhere."""
    names = [f"{kind}_{place}" for place in range(len(spans)) for kind in ("possible", "absent")]
    parts = [
        pd.DataFrame(_counted(block.as_known(before, anywhere=False), spans), columns=names).assign(
            person_id=block.people, school_id=block.school_id
        )
        for block in register
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows["here"] = rows.filter(regex="^possible").sum(axis=1)
    rows = rows[rows["here"] > 0].sort_values(["here", "school_id"], ascending=[False, True], kind="stable")
    by_person = rows.groupby("person_id", sort=True)
    return pd.concat([by_person["school_id"].first(), by_person[names].sum()], axis=1).reset_index()


def _counted(marks: Any, spans: Sequence[Span]) -> Floats:
    """Return (pupils, 2 * spans): possible and absent sessions of each span in turn."""
    codes = load_codes()
    parts = [marks.between(*span).marks for span in spans]
    return np.stack([of[part].sum(axis=1) for part in parts for of in (codes.possible, codes.absent)], axis=1)


def _year_groups(sources: Sources, before: date) -> pd.DataFrame:
    """Return the year group of each pupil at each school as known before a day, of those that the config asks for."""
    asked = ", ".join(map(str, sources.config.year_groups))
    return sources.store.db.execute(
        f"""SELECT person_id, school_id, year_group
        FROM {people_as_known("pupils", before, sources.config.fixed)} WHERE year_group IN ({asked})"""
    ).df()


def _scores(instrument: Instrument, waves: Sequence[Wave], people: pd.Index) -> Mapping[str, Floats]:
    """Return the scores of each measure (people, waves)."""
    together = np.isin([scale.name for scale in instrument.scales], [one.name for one in _of_engagement(instrument)])
    found: dict[str, list[NDArray[np.float32]]] = {name: [] for name in measures_of(instrument)}
    for wave in waves:
        row = wave.people.get_indexer(people)
        scores = np.where((row >= 0)[:, None], wave.scores[row], np.float32(np.nan))
        if TOGETHER in found:
            found[TOGETHER].append(mean_of_half(scores[:, together]))
        for scale, score in zip(instrument.scales, scores.T, strict=True):
            found[scale.name].append(score)
    return {name: np.stack(each, axis=1).astype(np.float64) for name, each in found.items()}


def _joined(parts: Sequence[Panel]) -> Panel:
    """Return the panels of several years as one."""
    arrays = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("person", "school", "alike", "possible", "absent")
    }
    scores = {name: np.concatenate([part.scores[name] for part in parts]) for name in parts[0].scores}
    years = tuple(year for part in parts for year in part.years)
    return Panel(parts[0].instrument, years, scores=scores, **arrays)
