"""Rows to learn from and to be judged on: numbers like ours in any amount, and those of a made-up trust.

In:  how many rows, or a trust's seed; a folder that keeps what was made for the next run.
Out: `Rows`.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import AsOf, Config, load_config
from earlywarn.features.catalogue import for_model
from earlywarn.model.examples import gather_examples, load_sources, plan
from earlywarn.model.folds import Fold, training_folds
from earlywarn.model.recipe import names_of, steady_features
from earlywarn.paths import shipped_configs, shipped_instruments
from earlywarn.simulate import Plan, simulate
from earlywarn.surveys.instrument import load_instruments
from earlywarn.tables.store import open_store

FEATURES = 80
PUPILS, SCHOOLS = 8_000, 60
WEEKS = (6, 14, 22)


@dataclass(frozen=True)
class Rows:
    """Training rows with their folds, and later rows to be judged on.

    values, later   : (n, f) float32, NaN where nothing is known.
    outcome, became : (n,) bool.
    risk            : (f,) of -1, 0, 1: the direction of risk.
    """

    values: NDArray[np.float32]
    outcome: NDArray[np.bool_]
    later: NDArray[np.float32]
    became: NDArray[np.bool_]
    names: tuple[str, ...]
    risk: tuple[int, ...]
    folds: tuple[Fold, ...]


def numbers(rows: int, seed: int = 1) -> Rows:
    """Return made-up numbers: a quarter of the features count, half of those have a direction, a tenth is unknown."""
    rng = np.random.default_rng(seed)
    total = rows + rows // 6
    drawn = rng.standard_normal((total, FEATURES), dtype=np.float32)
    counted = FEATURES // 4
    weight = rng.uniform(0.1, 0.5, counted)
    odds = drawn[:, :counted] @ weight + 0.3 * drawn[:, 0] * drawn[:, 1] + 0.3 * np.abs(drawn[:, counted - 1]) - 2
    outcome = rng.random(total) < 1 / (1 + np.exp(-odds))
    drawn[rng.random((total, FEATURES), dtype=np.float32) < 0.1] = np.nan
    risk = tuple(int(number < counted // 2) for number in range(FEATURES))
    names = tuple(f"number_{number}" for number in range(FEATURES))
    return Rows(drawn[:rows], outcome[:rows], drawn[rows:], outcome[rows:], names, risk, ())


def of_trust(seed: int, folder: Path) -> Rows:
    """Return the rows of a made-up trust of 8,000 pupils as `earlywarn train` gathers them; kept in the folder."""
    kept = folder / f"trust-{seed}.npz"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _keep(_gathered(seed), kept)
    with np.load(kept) as found:
        arrays = dict(found)
    folds = tuple((arrays[f"train{n}"], arrays[f"test{n}"]) for n in range(int(arrays["folds"])))
    risk, names = tuple(map(int, arrays["risk"])), tuple(map(str, arrays["names"]))
    return Rows(arrays["values"], arrays["outcome"], arrays["later"], arrays["became"], names, risk, folds)


def _keep(rows: Rows, path: Path) -> None:
    plain = {name: getattr(rows, name) for name in ("values", "outcome", "later", "became", "names", "risk")}
    folds = {f"{part}{n}": fold[i] for n, fold in enumerate(rows.folds) for i, part in enumerate(("train", "test"))}
    np.savez(path, folds=len(rows.folds), **plain, **folds)


def _gathered(seed: int) -> Rows:
    """Simulate a trust, read it, and gather the rows of its closed dates."""
    config = _config()
    with TemporaryDirectory() as room:
        data = simulate(Plan(schools=SCHOOLS, pupils=PUPILS, seed=seed), Path(room) / "data").folder
        instruments = load_instruments(shipped_instruments())
        with open_store(data, private=Path(room), config=config, instruments=instruments) as store:
            sources = load_sources(store, config)
            planned, closes = plan(sources)
            found = gather_examples(sources, planned, Path(room))
    training, test = found.training, found.test
    candidates = for_model(found.matrix.features, config)
    values = found.matrix.choose(names_of(candidates))
    used, _ = steady_features(values[training], values[test], candidates)
    values = found.matrix.choose(names_of(used))
    outcome, became = found.then.outcome[training] > 0, found.now.outcome[test] > 0
    folds, _ = training_folds(found.matrix.people[training], outcome, closes, config.model.folds)
    risk = tuple(feature.risk for feature in used)
    return Rows(values[training], outcome, values[test], became, names_of(used), risk, folds)


def _config() -> Config:
    shipped = load_config(shipped_configs() / "pupil-absence.yaml")
    return shipped.model_copy(update={"as_of": AsOf(weeks_of_year=WEEKS)})
