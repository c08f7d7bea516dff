"""Is a gain from the surveys claimed where there is none, and found where there is one?

    python -m benchmarks.engagement zero     engagement has no effect: how often is a gain claimed all the same?
    python -m benchmarks.engagement power    it has the default effect: how many schools does it take to find it?

In:  seeds; each makes up another trust, of 400 pupils a school.
Out: a line of JSON in `results/engagement.jsonl` for every trust and population, see `Row`. A study that was stopped
     goes on where it was; after a change of the simulator or the model, delete what `results/` holds of the old one.

A trust is written, checked, gathered and judged as `earlywarn train` does it: the same dates, features and contest.
Only the settings of the trees are not sought for every trust anew. They are tuned once, as a training does, on a trust
without any effect that is not among the studies', and kept in `results/engagement_settings.json`.

`zero` asks on the dates of the config as it ships. `power` asks on the Mondays after the pupils' waves of autumn and
winter have closed, which is when a school that surveys would look: weeks later the marks hold part of what a wave told.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import AsOf, Config, load_config
from earlywarn.evaluate.compare import MODEL, contest
from earlywarn.evaluate.held_out import tested_populations
from earlywarn.evaluate.intervals import Gain
from earlywarn.features.catalogue import for_model
from earlywarn.model.examples import Examples, gather_examples, load_sources, plan
from earlywarn.model.fit import TreeSettings
from earlywarn.model.recipe import Trees, names_of, steady_features
from earlywarn.model.train import train
from earlywarn.paths import shipped_configs, shipped_instruments
from earlywarn.progress import be_quiet
from earlywarn.simulate import Plan, simulate
from earlywarn.simulate.latent import WAVES_CLOSE_IN_WEEK
from earlywarn.surveys.instrument import load_instruments
from earlywarn.tables.store import open_store

from .lines import keep, rounded, rows_of

RESULTS = Path(__file__).parent / "results" / "engagement.jsonl"
SETTINGS = RESULTS.with_name("engagement_settings.json")
CONFIG = shipped_configs() / "pupil-absence.yaml"
A_SCHOOL = 400  # pupils
TUNED_ON = Plan(schools=20, pupils=20 * A_SCHOOL, seed=1000, engagement_effect=0)
AFTER_A_WAVE = tuple(week + 1 for week in WAVES_CLOSE_IN_WEEK[:2])
POPULATIONS = ("everyone", "onset")
WITHOUT = "without_surveys"


class Row(TypedDict):
    """What the surveys add for one population of one trust: a gain in AUC with its 95% interval.

    `smallest_shown` is the smallest gain that these data would have shown 4 times in 5; `seconds` are the whole
    trust's, on one core. None is "not estimable".
    """

    study: str
    effect: float
    schools: int
    pupils: int
    seed: int
    population: str
    value: float | None
    low: float | None
    high: float | None
    smallest_shown: float | None
    claimed: bool
    seconds: float


@dataclass(frozen=True)
class Study:
    """A question, and the trusts on which it is put unless the command says otherwise."""

    name: str
    effect: float
    schools: tuple[int, ...]
    seeds: int
    weeks: tuple[int, ...] = ()

    @property
    def config(self) -> Config:
        """Return the config as it ships, or on the study's own dates."""
        shipped = load_config(CONFIG)
        return shipped.model_copy(update={"as_of": AsOf(weeks_of_year=self.weeks)}) if self.weeks else shipped

    def trust(self, schools: int, seed: int) -> Plan:
        """Return one of the trusts."""
        return Plan(schools=schools, pupils=schools * A_SCHOOL, seed=seed, engagement_effect=self.effect)


STUDIES = {
    study.name: study for study in (Study("zero", 0.0, (20,), 40), Study("power", 1.0, (20, 40, 60), 20, AFTER_A_WAVE))
}


def main() -> None:
    study, workers = asked()
    with one_core_each(workers) as pool:
        settings = settings_of(pool)
        to_do = trusts_to_do(study)
        print(f"{study.name}: {len(to_do)} trusts to do", flush=True)
        for rows in pool.map(what_surveys_add, repeat(study.name), to_do, repeat(settings)):
            keep(rows, RESULTS)
            print("\n".join(map(in_words, rows)), flush=True)
    print("\n".join(how_often([row for row in study_rows() if row["study"] == study.name])))


def asked() -> tuple[Study, int]:
    """Return the study that the command line asks for, and how many trusts it trains on at a time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", choices=STUDIES)
    parser.add_argument("--seeds", type=int, help="trusts of each size")
    parser.add_argument("--schools", type=int, nargs="+", help="sizes of trusts")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    usual = STUDIES[given.study]
    study = replace(usual, seeds=given.seeds or usual.seeds, schools=tuple(given.schools or usual.schools))
    return study, given.workers


def one_core_each(workers: int) -> ProcessPoolExecutor:
    """Return processes that fit trees on one core each, however many threads a training asks for.

    OpenMP reads its limit when it is loaded: hence processes that start afresh.
    """
    os.environ |= {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=be_quiet)


def settings_of(pool: ProcessPoolExecutor) -> TreeSettings:
    """Return the settings, tuned and kept if they are not known yet."""
    if not SETTINGS.exists():
        found = asdict(pool.submit(tuned).result())
        SETTINGS.parent.mkdir(exist_ok=True)
        SETTINGS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")
    known = json.loads(SETTINGS.read_text(encoding="utf-8"))
    print(f"settings: {known}", flush=True)
    return TreeSettings(**known)


def tuned() -> TreeSettings:
    """Return the settings that a training chooses."""
    config = load_config(CONFIG)
    examples, closes = gather(TUNED_ON, config)
    recipe = train(examples, config, closes, storage=None, on_trial=lambda *_: None).recipe
    assert isinstance(recipe, Trees)  # ten schools have far more absent pupils than trees ask for
    return recipe.settings


def trusts_to_do(study: Study) -> list[Plan]:
    """Return the study's trusts of which nothing is known yet."""
    done = {(row["study"], row["schools"], row["seed"]) for row in study_rows()}
    seeds = range(1, study.seeds + 1)
    wanted = [study.trust(schools, seed) for schools in study.schools for seed in seeds]
    return [trust for trust in wanted if (study.name, trust.schools, trust.seed) not in done]


def what_surveys_add(study: str, trust: Plan, settings: TreeSettings) -> list[Row]:
    """Make up a trust, fit the recipe on it with the surveys and without, and return the gain in each population."""
    began = perf_counter()
    config = STUDIES[study].config
    examples, _ = gather(trust, config)
    gains = survey_gains(examples, config, settings)
    seconds = round(perf_counter() - began, 1)
    return [row_of(study, trust, population, gains[population], seconds) for population in POPULATIONS]


def gather(trust: Plan, config: Config) -> tuple[Examples, Mapping[date, date | None]]:
    """Return the examples of a made-up trust, and when the window of each as-of date closes."""
    instruments = load_instruments(shipped_instruments())
    with tempfile.TemporaryDirectory() as name:
        data = simulate(trust, Path(name) / "data").folder
        with open_store(data, private=Path(name) / "private", config=config, instruments=instruments) as store:
            sources = load_sources(store, config)
            planned, closes = plan(sources)
            return gather_examples(sources, planned, Path(name) / "private"), closes


def survey_gains(examples: Examples, config: Config, settings: TreeSettings) -> Mapping[str, Gain]:
    """Return what the surveys add to the AUC on the test rows, by population."""
    whole = recipe_for(examples, config, settings)
    silent = replace(whole, features=tuple(feature for feature in whole.features if feature.block != "survey"))
    people = examples.matrix.people[examples.test]
    found = contest(
        outcome=examples.now.outcome[examples.test] > 0,
        risks={MODEL: tested_scores(examples, whole), WITHOUT: tested_scores(examples, silent)},
        probabilities={},
        school=people["school_id"].to_numpy(str),
        person=people["person_id"].to_numpy(str),
        as_of=people["as_of"].to_numpy(),
        populations=tested_populations(examples, config),
        places=config.fairness.places,
    )
    return {population: found.gains[population][WITHOUT]["auc"] for population in POPULATIONS}


def recipe_for(examples: Examples, config: Config, settings: TreeSettings) -> Trees:
    """Return the recipe of a training that has chosen these settings: the features are the trust's own."""
    candidates = for_model(examples.matrix.features, config)
    values = examples.matrix.choose(names_of(candidates))
    features, _ = steady_features(values[examples.training], values[examples.test], candidates)
    return Trees(features, settings, trials=(), seed=config.model.seed)


def tested_scores(examples: Examples, recipe: Trees) -> NDArray[np.float64]:
    """Fit a recipe on the training rows and return its scores of the test rows."""
    values, happened = examples.matrix.choose(names_of(recipe.features)), examples.then.outcome > 0
    model = recipe.fit(values[examples.training], happened[examples.training])
    return model.raw_score(values[examples.test])


def row_of(study: str, trust: Plan, population: str, gain: Gain, seconds: float) -> Row:
    return Row(
        study=study,
        effect=trust.engagement_effect,
        schools=trust.schools,
        pupils=trust.pupils,
        seed=trust.seed,
        population=population,
        value=rounded(gain.value),
        low=rounded(gain.low),
        high=rounded(gain.high),
        smallest_shown=rounded(gain.smallest_shown),
        claimed=gain.claimed,
        seconds=seconds,
    )


def study_rows(results: Path = RESULTS) -> list[Row]:
    """Return everything that has been found so far, in the order in which it was found."""
    return rows_of(results)


def in_words(row: Row) -> str:
    interval = (
        "not estimable" if row["low"] is None else f"{row['value']:+.4f} ({row['low']:+.4f} to {row['high']:+.4f})"
    )
    claimed = "claimed" if row["claimed"] else "not claimed"
    return (
        f"{row['schools']} schools, seed {row['seed']}, {row['population']}: {interval}, {claimed}, {row['seconds']} s"
    )


def how_often(rows: Sequence[Row]) -> Iterator[str]:
    """Yield, for each size of trust and population, in how many trusts a gain is claimed."""
    for schools, population in sorted({(row["schools"], row["population"]) for row in rows}):
        here = [row["claimed"] for row in rows if (row["schools"], row["population"]) == (schools, population)]
        yield f"{schools} schools, {population}: a gain is claimed in {sum(here)} of {len(here)} trusts"


if __name__ == "__main__":
    main()
