"""How near the model comes to the best that can be seen, by the number of pupils it learns from.

    python -m benchmarks.models.observable

In:  the country, see `country`.
Out: a line of JSON in `results/models_observable.jsonl` for every trust and population, see `Row`.

A trust learns from one year and is judged on 160 fresh schools in the same year, whose true probabilities are known.
The best that can be seen is the same learner on a million pupils; the ceiling, which no model can see, is the AUC of
the true probabilities.
"""

from dataclasses import replace
from time import perf_counter
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from earlywarn.evaluate.measures import auc
from earlywarn.model.fit import TreeSettings

from ..lines import DECIMALS, keep, rows_of
from .country import EVERYONE, FRESH, LEARNING, ONSET, THIS_YEAR, Rows, half, load, together
from .recipes import HALVES, LARGE, RESULTS, SMALL, fit, recipe_for, score, settings_for

FOUND = RESULTS / "models_observable.jsonl"
SEEDS = 10
MILLION = 1_000_000
CEILING = 0  # instead of a number of pupils
POPULATIONS = (EVERYONE, ONSET)


class Row(TypedDict):
    """An AUC on the fresh schools: `pupils` on roll of the trust that was learnt from, 0 for the true probabilities."""

    pupils: int
    seed: int
    rows: int
    population: str
    auc: float
    seconds: float


def main() -> None:
    fresh = fresh_schools()
    done = {(row["pupils"], row["seed"]) for row in rows_of(FOUND)}
    if (CEILING, 1) not in done:
        keep(judged(CEILING, 1, 0, fresh, fresh.probability.astype(np.float64), 0.0), FOUND)
    for pupils in (SMALL, LARGE, MILLION):
        for seed in range(1, (1 if pupils == MILLION else SEEDS) + 1):
            if (pupils, seed) not in done:
                learn(pupils, seed, fresh)


def fresh_schools() -> Rows:
    """Return this year's rows of the fresh schools of which the truth is told."""
    parts = [load(part) for part in FRESH if part.told]
    return together([rows[rows.on(THIS_YEAR)] for rows in parts])


def learn(pupils: int, seed: int, fresh: Rows) -> None:
    """Fit the recipe on a trust and keep how well it does on the fresh schools."""
    began = perf_counter()
    rows = trust(pupils, seed)
    recipe = recipe_for(rows, fresh, settings_of(pupils))
    raw = score(recipe, fit(recipe, rows), fresh)
    found = judged(pupils, seed, len(rows), fresh, raw, perf_counter() - began)
    keep(found, FOUND)
    print("\n".join(f"{row['pupils']:,} pupils, {row['population']}: {row['auc']:.4f}" for row in found), flush=True)


def trust(pupils: int, seed: int) -> Rows:
    """Return this year's rows of a trust of the country, or of all its schools."""
    halves = [(part, number) for part in LEARNING for number in (0, 1)]
    if pupils != MILLION:
        halves = halves[HALVES[LARGE] * (seed - 1) :][: HALVES[pupils]]
    return together([rows[rows.on(THIS_YEAR)] for rows in (half(load(part), number) for part, number in halves)])


def settings_of(pupils: int) -> TreeSettings:
    """Return the settings for a size; from a million pupils larger trees, and more of them, can be learnt."""
    if pupils != MILLION:
        return settings_for(pupils)
    tuned = settings_for(LARGE)
    return replace(tuned, leaves=2 * tuned.leaves, trees=2 * tuned.trees)


def judged(pupils: int, seed: int, rows: int, fresh: Rows, risk: NDArray[np.float64], seconds: float) -> list[Row]:
    """Return the AUC in each population: of each date alone, then averaged by people."""
    return [
        Row(
            pupils=pupils,
            seed=seed,
            rows=rows,
            population=population,
            auc=round(auc_by_date(fresh, risk, fresh.populations[population]), DECIMALS),
            seconds=round(seconds, 1),
        )
        for population in POPULATIONS
    ]


def auc_by_date(rows: Rows, risk: NDArray[np.float64], chosen: NDArray[np.bool_]) -> float:
    days = [chosen & (rows.date == day) for day in np.unique(rows.date)]
    found = [auc(rows.outcome[day], risk[day]) for day in days]
    return float(np.average(found, weights=[day.sum() for day in days]))


if __name__ == "__main__":
    main()
