"""The schools on which models are studied: parts of one country, in the same years.

    python -m benchmarks.models.country

In:  nothing but seeds: a part is a trust of 40 schools and 16,000 pupils, and all parts share the waves of illness and
     the days of snow of their years (`Plan.years_seed`).
Out: `Rows` of each part, kept in a folder as a float32 matrix and a few columns beside it, so that every study reads
     what was gathered once.

There are three school years: one of history, `THIS_YEAR` and `NEXT_YEAR`. A part is dealt into two trusts of 20
schools, with as many primaries, secondaries and special schools as a trust of that size has; larger trusts are made of
those.
"""

import argparse
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.cohort import cohorts
from earlywarn.config import AsOf, Config, load_config
from earlywarn.features.build import build_matrix
from earlywarn.features.catalogue import catalogue, event_kinds, for_model, number_columns, vocabulary_of
from earlywarn.features.feature import Feature
from earlywarn.features.gather import Sources
from earlywarn.labels import find_labels
from earlywarn.model.lists import populations_of
from earlywarn.model.recipe import names_of
from earlywarn.paths import shipped_configs
from earlywarn.progress import be_quiet
from earlywarn.simulate.absence import SharedYear
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.trust import Trust, make_trust
from earlywarn.simulate.truth import truth_of

from .in_memory import sources_of

FOLDER = Path(os.environ.get("EARLYWARN_COUNTRY", tempfile.gettempdir() + "/earlywarn-country"))
SCHOOLS, A_SCHOOL = 40, 400
PERSONS = 100_000  # more than a part ever meets
YEARS_SEED = 2024
A_FEW_SCHOOLS = Plan(schools=20, pupils=2000, years=3, current_weeks=0, seed=500)
THIS_YEAR = (date(2024, 11, 11), date(2025, 2, 3))  # the Mondays of weeks 10 and 20, as the config ships
NEXT_YEAR = (date(2025, 11, 10), date(2026, 2, 2))
EVERYONE, ONSET, ALREADY = "everyone", "onset", "already"
Dates = Sequence[date]
NOT_TOLD = np.float32(np.nan)


@dataclass(frozen=True)
class Part:
    """Some schools of the country, and what is wanted of them.

    dates : as-of dates of which rows are gathered.
    told  : those of them whose true probabilities are told as well.
    even  : whether the last year has the waves and the snow of the year before it.
    """

    name: str
    seed: int
    dates: tuple[date, ...]
    told: tuple[date, ...] = ()
    even: bool = False

    @property
    def trust(self) -> Trust:
        """Return the part's schools and pupils."""
        plan = Plan(
            schools=SCHOOLS, pupils=SCHOOLS * A_SCHOOL, years=3, current_weeks=0, seed=self.seed, years_seed=YEARS_SEED
        )  # fmt: skip
        trust = make_trust(plan)
        return replace(trust, shared=_last_like_the_one_before(trust)) if self.even else trust


# Trusts to learn from: a million pupils.
LEARNING = tuple(Part(f"learning-{seed}", seed, (*THIS_YEAR, NEXT_YEAR[1])) for seed in range(1, 66))
# Fresh schools, 2,000 of them; of the first 160 this year's rows as well, with what is true of them.
FRESH = tuple(
    Part(f"fresh-{seed}", seed, (*THIS_YEAR, NEXT_YEAR[1]), told=THIS_YEAR)
    if seed <= 204
    else Part(f"fresh-{seed}", seed, NEXT_YEAR[1:])
    for seed in range(201, 251)
)
# Trusts whose later cohort has the same year effects as the earlier one, with what is true of it.
EVEN = tuple(
    Part(f"even-{seed}", seed, (*THIS_YEAR, *NEXT_YEAR), told=NEXT_YEAR, even=True) for seed in range(301, 311)
)
# Trusts on which settings are tuned, and whatever is tried is tried.
TUNING = tuple(Part(f"tuning-{seed}", seed, THIS_YEAR) for seed in range(501, 508))


@dataclass(frozen=True)
class Rows:
    """Rows that have a label: n of them, f features.

    values      : (n, f) float32, NaN where nothing is known.
    outcome     : (n,) bool.
    probability : (n,) float32, the true one; NaN where it was not told.
    date        : (n,) day.
    school      : (n,) number of the school in its part.
    person      : (n,) number of the pupil in its part.
    population  : (n,) 1 onset, 2 already, 0 too early to tell.
    """

    values: NDArray[np.float32]
    outcome: NDArray[np.bool_]
    probability: NDArray[np.float32]
    date: NDArray[np.datetime64]
    school: NDArray[np.int64]
    person: NDArray[np.int64]
    population: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.outcome)

    def __getitem__(self, chosen: NDArray[np.bool_]) -> "Rows":
        return Rows(**{name: getattr(self, name)[chosen] for name in _COLUMNS})

    def on(self, dates: Dates) -> NDArray[np.bool_]:
        """Tell which rows stand on some dates."""
        return np.isin(self.date, np.array(dates, "datetime64[D]"))

    @property
    def populations(self) -> dict[str, NDArray[np.bool_]]:
        """Return who belongs to which population."""
        everyone = np.ones(len(self), bool)
        return {EVERYONE: everyone, ONSET: self.population == 1, ALREADY: self.population == 2}


_COLUMNS = ("values", "outcome", "probability", "date", "school", "person", "population")


def shipped_config(dates: Dates) -> Config:
    """Return the config as it ships, on dates of the country."""
    return load_config(shipped_configs() / "pupil-absence.yaml").model_copy(update={"as_of": AsOf(dates=tuple(dates))})


def gather(part: Part) -> None:
    """Gather a part and keep it, unless it was kept before."""
    if (FOLDER / f"{part.name}.npz").exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    trust = part.trust
    features, rows = rows_of(trust, part.dates)
    rows = replace(rows, probability=_told(trust, part.told, rows))
    np.save(FOLDER / f"{part.name}.npy", rows.values)
    beside = {name: getattr(rows, name) for name in _COLUMNS if name != "values"}
    np.savez(FOLDER / f"{part.name}.npz", names=[feature.name for feature in features], **beside)


@cache
def features() -> tuple[Feature, ...]:
    """Return what the matrix of the country holds, column by column: the same for all of its schools."""
    return rows_of(make_trust(A_FEW_SCHOOLS), (*THIS_YEAR, NEXT_YEAR[1]))[0]


def load(part: Part) -> Rows:
    """Return a part that was gathered; its matrix stays on disk until rows are chosen."""
    with np.load(FOLDER / f"{part.name}.npz") as kept:
        if tuple(kept["names"]) != names_of(features()):
            raise SystemExit(f"{part.name} was gathered with other features: remove {FOLDER}, and gather again")
        beside = {name: kept[name] for name in _COLUMNS if name != "values"}
    return Rows(values=np.load(FOLDER / f"{part.name}.npy", mmap_mode="r"), **beside)


def rows_of(trust: Trust, dates: Dates) -> tuple[tuple[Feature, ...], Rows]:
    """Return the features that a model may use, and the rows of a trust that have a label."""
    config = shipped_config(dates)
    with sources_of(trust, config) as sources:
        people = cohorts(sources.store, config, dates)
        features = for_model(_catalogue(sources, people, dates), config)
        matrix = build_matrix(sources, people, features)
        tomorrow = np.datetime64(sources.store.today) + 1
        labels = find_labels(
            sources.store, sources.register, sources.calendars, config, people, tomorrow.astype(object)
        )
    population = np.zeros(len(people), np.int8)
    for number, name in enumerate((ONSET, ALREADY), start=1):
        population[populations_of(matrix, config)[name]] = number
    rows = Rows(
        values=matrix.values,
        outcome=labels.outcome > 0,
        probability=np.full(len(people), NOT_TOLD),
        date=people["as_of"].to_numpy().astype("datetime64[D]"),
        school=np.asarray(people["school_id"].astype(int), np.int64) - 900001,
        person=np.asarray(people["person_id"].str[1:].astype(int), np.int64) - 1,
        population=population,
    )
    return features, rows[labels.known]


def _catalogue(sources: Sources, people: pd.DataFrame, dates: Dates) -> tuple[Feature, ...]:
    config = sources.config
    return catalogue(
        config,
        sources.instruments,
        vocabulary_of(config, people),
        number_columns(config, people),
        event_kinds(sources, max(dates)),
        marks=True,
    )


def _told(trust: Trust, dates: Dates, rows: Rows) -> NDArray[np.float32]:
    """Return (n,) the true probability of each row; NaN where it was not asked for."""
    if not dates:
        return rows.probability
    parts = [
        pd.DataFrame(
            {"person": truth.person_id, "school": truth.school.number, "date": truth.as_of, "true": truth.probability}
        )
        for truth in truth_of(trust, shipped_config(dates))
    ]
    told = pd.concat(parts)
    told["person"] = told["person"].str[1:].astype(int) - 1
    key = pd.DataFrame({"person": rows.person, "school": rows.school, "date": rows.date})
    told["date"] = told["date"].astype(key["date"].dtype)
    return key.merge(told, "left", validate="one_to_one")["true"].to_numpy(np.float32)


def half(rows: Rows, number: int) -> Rows:
    """Return one of the two trusts, 0 or 1, into which a part's schools are dealt: every other one, phase by phase."""
    return rows[rows.school % 2 == number]


def together(parts: Sequence[Rows]) -> Rows:
    """Return the rows of several parts, schools and pupils numbered through."""
    apart = [
        replace(rows, school=rows.school + SCHOOLS * number, person=rows.person + PERSONS * number)
        for number, rows in enumerate(parts)
    ]
    return Rows(**{name: np.concatenate([getattr(rows, name) for rows in apart]) for name in _COLUMNS})


def _last_like_the_one_before(trust: Trust) -> tuple[SharedYear, ...]:
    """Return the years, the last one with the waves of illness and the snow of the year before it."""
    *before, last = trust.shared
    weeks = last.wave.shape[1]
    wave = np.pad(before[-1].wave, ((0, 0), (0, weeks)), mode="edge")[:, :weeks]
    return (*before, replace(last, wave=wave, snow=before[-1].snow))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["tuning", "learning", "fresh", "even"])
    parser.add_argument(
        "--share", type=int, nargs=2, default=(0, 1), help="0 2 and 1 2: side by side, half the parts each"
    )
    given = parser.parse_args()
    be_quiet()
    groups = {"tuning": TUNING, "learning": LEARNING, "fresh": FRESH, "even": EVEN}
    mine, of = given.share
    for group in given.parts:
        for part in groups[group][mine::of]:
            began = perf_counter()
            gather(part)
            print(f"{part.name}: {perf_counter() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main()
