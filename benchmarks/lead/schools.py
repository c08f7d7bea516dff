"""The schools on which the study of lead indicators is tried: countries in which engagement acts as it was planted.

    python -m benchmarks.lead.schools [none usual planted] [--share 0 2]

In:  nothing but seeds: a part is a trust of 40 schools and 16,000 pupils, and the parts of a country share the waves of
     illness and the days of snow of their years.
Out: `Rows` of each part, kept in a folder as a float32 matrix and a few columns beside it.

Rows stand on the Mondays after the pupils' waves of autumn and winter have closed, in two school years: one to learn
from and one to be tested on. Beside the config's outcome each row has one for every horizon: absence in the four school
weeks that begin so many weeks on.
"""

import argparse
import os
import tempfile
from dataclasses import dataclass
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
from earlywarn.simulate.calendar import year_plan
from earlywarn.simulate.latent import WAVES_CLOSE_IN_WEEK, WEEKS
from earlywarn.simulate.plan import DOMAINS, Domain, Plan
from earlywarn.simulate.trust import Trust, make_trust
from earlywarn.study.horizons import with_horizon

from ..models.in_memory import sources_of

FOLDER = Path(os.environ.get("EARLYWARN_LEAD", tempfile.gettempdir() + "/earlywarn-lead"))
SCHOOLS, A_SCHOOL = 40, 400
YEARS_SEED = 2024
AFTER_A_WAVE = tuple(week + 1 for week in WAVES_CLOSE_IN_WEEK[:2])
HORIZONS = (2, 6, 12, 18, 24, 30)  # school weeks ahead
A_FEW_SCHOOLS = Plan(schools=40, pupils=6000, years=3, current_weeks=0, seed=500)
EVERYONE, ONSET = "everyone", "onset"


def _after_a_wave(began: int) -> tuple[date, ...]:
    return tuple(year_plan(began).first_of_week(week).astype("datetime64[D]").astype(object) for week in AFTER_A_WAVE)


THIS_YEAR, NEXT_YEAR = _after_a_wave(2024), _after_a_wave(2025)
DATES = (*THIS_YEAR, *NEXT_YEAR)


@dataclass(frozen=True)
class Part:
    """Some schools of a country: how far engagement moves absence there, which domain of it, and after how long."""

    country: str
    seed: int
    effect: float
    domains: tuple[Domain, ...] = DOMAINS
    lead_weeks: int = 0

    @property
    def name(self) -> str:
        """Return what the part is kept under."""
        return f"{self.country}-{self.seed}"

    @property
    def trust(self) -> Trust:
        """Return the part's schools and pupils."""
        return make_trust(
            Plan(
                schools=SCHOOLS, pupils=SCHOOLS * A_SCHOOL, years=3, current_weeks=0, seed=self.seed,
                years_seed=YEARS_SEED, engagement_effect=self.effect, effect_domains=self.domains,
                effect_lead_weeks=self.lead_weeks,
            )
        )  # fmt: skip


# Without an effect no two trusts may share a school: what chance gives to one would be given to all.
NONE = tuple(Part("none", seed, 0.0) for seed in range(6001, 6151))
USUAL = tuple(Part("usual", seed, 1.0) for seed in range(2001, 2021))
WHAT_IS_PLANTED: tuple[tuple[Domain, int], ...] = (("emotional", 0), ("cognitive", 6), ("behavioural", 12))
PLANTED = tuple(
    Part(f"planted-{domain}-{weeks}", 3001 + 100 * number + seed, 2.0, (domain,), weeks)
    for seed in range(9)
    for number, (domain, weeks) in enumerate(WHAT_IS_PLANTED)
)
# Schools on which settings are tuned, and whatever is tried is tried: with the default effect, and with none.
TUNING = tuple(Part("tuning", seed, 1.0) for seed in range(4001, 4007))
TRYING = tuple(Part("trying", seed, 0.0) for seed in range(5001, 5009))


@dataclass(frozen=True)
class Rows:
    """Enrolments on as-of dates: n of them, f features.

    values  : (n, f) float32, NaN where nothing is known.
    outcome : (n, 1 + horizons) float32: the config's outcome, then that of each horizon; NaN where there is none.
    date    : (n,) day.
    school  : (n,) number of the school in its part.
    person  : (n,) number of the pupil in its part.
    onset   : (n,) bool, below the threshold to date with sessions enough to tell.
    """

    values: NDArray[np.float32]
    outcome: NDArray[np.float32]
    date: NDArray[np.datetime64]
    school: NDArray[np.int64]
    person: NDArray[np.int64]
    onset: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.outcome)

    def __getitem__(self, chosen: NDArray[np.bool_]) -> "Rows":
        return Rows(**{name: getattr(self, name)[chosen] for name in COLUMNS})


COLUMNS = ("values", "outcome", "date", "school", "person", "onset")


def the_config() -> Config:
    """Return the config as it ships, after the waves, with who a pupil is among the features."""
    shipped = load_config(shipped_configs() / "pupil-absence.yaml")
    features = shipped.features.model_copy(update={"audit_only": ("ethnicity", "sen_need", "looked_after")})
    return shipped.model_copy(update={"as_of": AsOf(dates=DATES), "features": features})


def gather(part: Part) -> None:
    """Gather a part and keep it, unless it was kept before."""
    if (FOLDER / f"{part.name}.npz").exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    features, rows = _rows_of(part.trust)
    np.save(FOLDER / f"{part.name}.npy", rows.values)
    beside = {name: getattr(rows, name) for name in COLUMNS if name != "values"}
    np.savez(FOLDER / f"{part.name}.npz", names=[feature.name for feature in features], **beside)


@cache
def features() -> tuple[Feature, ...]:
    """Return what the matrices hold, column by column: the same for all parts."""
    return _rows_of(make_trust(A_FEW_SCHOOLS))[0]


def load(part: Part) -> Rows:
    """Return a part that was gathered; its matrix stays on disk until rows are chosen."""
    with np.load(FOLDER / f"{part.name}.npz") as kept:
        if tuple(kept["names"]) != names_of(features()):
            raise SystemExit(f"{part.name} was gathered with other features: remove {FOLDER}, and gather again")
        beside = {name: kept[name] for name in COLUMNS if name != "values"}
    return Rows(values=np.load(FOLDER / f"{part.name}.npy", mmap_mode="r"), **beside)


def _rows_of(trust: Trust) -> tuple[tuple[Feature, ...], Rows]:
    """Return the features, and the rows of a trust that have the config's outcome."""
    config = the_config()
    with sources_of(trust, config) as sources:
        people = cohorts(sources.store, config, DATES)
        features = for_model(_catalogue(sources, people), config)
        matrix = build_matrix(sources, people, features)
        outcome = np.column_stack([_outcome(sources, people, config), *_ahead(sources, people)])
    rows = Rows(
        values=matrix.values,
        outcome=outcome,
        date=people["as_of"].to_numpy().astype("datetime64[D]"),
        school=np.asarray(people["school_id"].astype(int), np.int64) - 900001,
        person=np.asarray(people["person_id"].str[1:].astype(int), np.int64) - 1,
        onset=populations_of(matrix, config)[ONSET],
    )
    return features, rows[~np.isnan(outcome[:, 0])]


def _catalogue(sources: Sources, people: pd.DataFrame) -> tuple[Feature, ...]:
    config = sources.config
    vocabulary, numbers = vocabulary_of(config, people), number_columns(config, people)
    return catalogue(
        config, sources.instruments, vocabulary, numbers, event_kinds(sources, max(DATES)), marks=True
    )  # fmt: skip


def _outcome(sources: Sources, people: pd.DataFrame, config: Config) -> NDArray[np.float32]:
    tomorrow = np.datetime64(sources.store.today) + 1
    labels = find_labels(
        sources.store, sources.register, sources.calendars, config, people, tomorrow.astype(object)
    )  # fmt: skip
    return np.asarray(labels.outcome, np.float32)


def _ahead(sources: Sources, people: pd.DataFrame) -> list[NDArray[np.float32]]:
    """Return each horizon's outcome; empty for dates from which its four weeks reach beyond the school year."""
    week = people["as_of"].dt.date.map(
        {day: week for year in (THIS_YEAR, NEXT_YEAR) for day, week in zip(year, AFTER_A_WAVE, strict=True)}
    )
    return [
        np.where(
            week.to_numpy() + weeks + 3 <= WEEKS, _outcome(sources, people, with_horizon(sources.config, weeks)), np.nan
        ).astype(np.float32)
        for weeks in HORIZONS
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    groups = {
        "tuning": TUNING,
        "trying": TRYING,
        "none": NONE,
        "usual": USUAL,
        "planted": PLANTED,
    }
    parser.add_argument("countries", nargs="*", default=list(groups))
    parser.add_argument("--share", type=int, nargs=2, default=(0, 1), help="0 2 and 1 2: half the parts each")
    given = parser.parse_args()
    be_quiet()
    mine, of = given.share
    for country in given.countries:
        for part in groups[country][mine::of]:
            began = perf_counter()
            gather(part)
            print(f"{part.name}: {perf_counter() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main()
