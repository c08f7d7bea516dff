"""How near the model's probabilities come to the true ones.

    python -m benchmarks.models.calibrated

In:  the country, see `country`: trusts of 20 schools and 8,000 pupils, whose later cohort meets the same waves of
     illness and the same snow as the earlier one.
Out: a line of JSON in `results/models_calibrated.jsonl` for every trust and population, see `Row`.

The whole chain as a training has it: the recipe fitted on this year, its calibration learnt out of fold, and next
year's probabilities held against what happened. The error of the true probabilities on the same people is what chance
leaves to the best of forecasters.
"""

from time import perf_counter
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from earlywarn.evaluate.calibration import expected_calibration_error, observed_over_expected
from earlywarn.model.calibrate import fit_calibration

from ..lines import DECIMALS, keep, rows_of
from .country import EVEN, EVERYONE, NEXT_YEAR, ONSET, THIS_YEAR, Rows, half, load, shipped_config
from .recipes import RESULTS, SMALL, columns, fit, folds_of, recipe_for, score, settings_for

FOUND = RESULTS / "models_calibrated.jsonl"
TRUSTS = 20
POPULATIONS = (EVERYONE, ONSET)


class Row(TypedDict):
    """The expected calibration error of the model, of the same model uncalibrated, and of the true probabilities.

    observed_over_expected : people with the outcome for each one whom the model expected.
    """

    seed: int
    population: str
    rows: int
    method: str
    model: float
    uncalibrated: float
    truth: float
    observed_over_expected: float
    seconds: float


def main() -> None:
    done = {row["seed"] for row in rows_of(FOUND)}
    for seed in range(1, TRUSTS + 1):
        if seed not in done:
            keep(found := forecast(seed), FOUND)
            print("\n".join(f"{row['population']}: {row['model']:.4f}, true {row['truth']:.4f}" for row in found))


def forecast(seed: int) -> list[Row]:
    """Train on a trust's earlier cohort and hold its later one's probabilities against what happened."""
    began = perf_counter()
    part, number = EVEN[(seed - 1) // 2], (seed - 1) % 2
    rows = half(load(part), number)
    train, test = rows[rows.on(THIS_YEAR)], rows[rows.on(NEXT_YEAR)]
    recipe = recipe_for(train, test, settings_for(SMALL))
    folds = folds_of(train, shipped_config(THIS_YEAR).model.folds)
    out_of_fold = recipe.out_of_fold(columns(train, recipe.features), train.outcome, folds)
    calibration = fit_calibration(out_of_fold, train.outcome)
    raw = score(recipe, fit(recipe, train), test)
    risk, plain = calibration.apply(raw), 1 / (1 + np.exp(-raw))
    seconds = round(perf_counter() - began, 1)
    return [
        Row(
            seed=seed,
            population=population,
            rows=int(test.populations[population].sum()),
            method=calibration.method,
            model=error_by_date(test, risk, population),
            uncalibrated=error_by_date(test, plain, population),
            truth=error_by_date(test, test.probability.astype(np.float64), population),
            observed_over_expected=_ratio(test, risk, population),
            seconds=seconds,
        )
        for population in POPULATIONS
    ]


def error_by_date(rows: Rows, risk: NDArray[np.float64], population: str) -> float:
    """Return the expected calibration error of each date alone, averaged by people."""
    days = [rows.populations[population] & (rows.date == day) for day in np.unique(rows.date)]
    found = [expected_calibration_error(rows.outcome[day], risk[day]) for day in days]
    return round(float(np.average(found, weights=[day.sum() for day in days])), DECIMALS)


def _ratio(rows: Rows, risk: NDArray[np.float64], population: str) -> float:
    here = rows.populations[population]
    return round(observed_over_expected(rows.outcome[here], risk[here]), DECIMALS)


if __name__ == "__main__":
    main()
