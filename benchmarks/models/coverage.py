"""How often the 95% interval of a difference in AUC holds the true difference.

    python -m benchmarks.models.coverage

In:  the country, see `country`.
Out: a line of JSON in `results/models_coverage.jsonl` for every trust, contender and population, see `Row`.

A trust fits two models on this year: the recipe, and the recipe without the surveys. Beside them stands the rule that
ranks by the absence rate to date. On its own pupils of next year, in week 20, the trust takes the interval of each
difference as a training reports it. What is true of the same fitted models is seen on 2,000 fresh schools of that year.

Trusts of 20 schools have no school in common. There are not enough for a hundred trusts of 60 apart: they are dealt
anew from the same schools, so that two of them share one or two.
"""

import argparse
from collections.abc import Mapping
from time import perf_counter
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from earlywarn.evaluate.compare import MODEL, contest
from earlywarn.evaluate.intervals import Gain
from earlywarn.evaluate.measures import auc
from earlywarn.model.recipe import names_of

from ..lines import DECIMALS, keep, rounded, rows_of
from .country import (
    EVERYONE,
    FRESH,
    LEARNING,
    NEXT_YEAR,
    ONSET,
    THIS_YEAR,
    Rows,
    features,
    half,
    load,
    shipped_config,
    together,
)
from .recipes import RESULTS, SMALL, fit, recipe_for, score, settings_for, without

FOUND = RESULTS / "models_coverage.jsonl"
SCHOOLS = (60, 20)
REPEATS = 100
A_HALF = 20  # schools
MIDWINTER = NEXT_YEAR[1:]
SILENT, RULE = "without_surveys", "rate_to_date"
POPULATIONS = (EVERYONE, ONSET)

Scores = Mapping[str, NDArray[np.float64]]


class Row(TypedDict):
    """The gain of the model over a contender with its interval, and the true one; None is "not estimable"."""

    schools: int
    seed: int
    contender: str
    population: str
    value: float | None
    low: float | None
    high: float | None
    true: float
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=int, nargs=2, default=(0, 1), help="0 2 and 1 2: half each, side by side")
    mine, of = parser.parse_args().share
    fresh = together([rows[rows.on(MIDWINTER)] for rows in map(load, FRESH)])
    done = {(row["schools"], row["seed"]) for row in rows_of(FOUND)}
    for seed in range(1 + mine, REPEATS + 1, of):
        for schools in SCHOOLS:
            if (schools, seed) not in done:
                keep(found := repeat(schools, seed, fresh), FOUND)
                print("\n".join(map(in_words, found)), flush=True)


def repeat(schools: int, seed: int, fresh: Rows) -> list[Row]:
    """Fit the models on a trust; return each difference with its interval, beside the true one."""
    began = perf_counter()
    rows = trust(schools, seed)
    train, test = rows[rows.on(THIS_YEAR)], rows[rows.on(MIDWINTER)]
    ours, true = scores(train, test, fresh)
    gains = gains_on(test, ours)
    seconds = round(perf_counter() - began, 1)
    return [
        _row(schools, seed, contender, population, gains[population][contender]["auc"], difference, seconds)
        for population in POPULATIONS
        for contender in (SILENT, RULE)
        for difference in [true_gain(fresh, true, contender, population)]
    ]


def trust(schools: int, seed: int) -> Rows:
    """Return a trust of the country: as many halves of parts as it takes."""
    size = schools // A_HALF
    apart = 2 * len(LEARNING) // size  # trusts that have no school in common
    dealt = np.random.default_rng((schools, (seed - 1) // apart)).permutation(2 * len(LEARNING))
    mine = dealt[(seed - 1) % apart * size :][:size]
    return together([half(load(LEARNING[number // 2]), int(number % 2)) for number in mine])


def scores(train: Rows, test: Rows, fresh: Rows) -> tuple[Scores, Scores]:
    """Return the scores of the trust's own test rows, and of the fresh schools."""
    whole = recipe_for(train, test, settings_for(SMALL))
    recipes = {MODEL: whole, SILENT: without(whole, "survey")}
    models = {name: fit(recipe, train) for name, recipe in recipes.items()}
    ours, true = (
        {name: score(recipes[name], model, rows) for name, model in models.items()} | {RULE: rate_to_date(rows)}
        for rows in (test, fresh)
    )
    return ours, true


def rate_to_date(rows: Rows) -> NDArray[np.float64]:
    place = names_of(features()).index("absence_rate_this_year")
    return np.nan_to_num(rows.values[:, place].astype(np.float64))


def gains_on(test: Rows, risks: Scores) -> Mapping[str, Mapping[str, Mapping[str, Gain]]]:
    """Return what a training reports of its test rows."""
    return contest(
        outcome=test.outcome,
        risks=risks,
        probabilities={},
        school=test.school,
        person=test.person,
        as_of=test.date,
        populations=test.populations,
        places=shipped_config(THIS_YEAR).fairness.places,
    ).gains


def true_gain(fresh: Rows, risks: Scores, contender: str, population: str) -> float:
    """Return the difference of two fitted models on the fresh schools."""
    here = fresh.populations[population]
    ours, theirs = (auc(fresh.outcome[here], risks[name][here]) for name in (MODEL, contender))
    return ours - theirs


def _row(schools: int, seed: int, contender: str, population: str, gain: Gain, true: float, seconds: float) -> Row:
    return Row(
        schools=schools,
        seed=seed,
        contender=contender,
        population=population,
        value=rounded(gain.value),
        low=rounded(gain.low),
        high=rounded(gain.high),
        true=round(true, DECIMALS),
        seconds=seconds,
    )


def in_words(row: Row) -> str:
    inside = "inside" if holds(row) else "outside"
    where = f"{row['schools']} schools, seed {row['seed']}, {row['contender']}, {row['population']}"
    return f"{where}: {row['low']} to {row['high']}, true {row['true']}: {inside}"


def holds(row: Row) -> bool:
    """Tell whether the interval holds the true difference; one that could not be estimated does not."""
    return row["low"] is not None and row["high"] is not None and row["low"] <= row["true"] <= row["high"]


if __name__ == "__main__":
    main()
