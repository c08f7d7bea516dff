"""Made-up rows with the scores they had when the bundle was written: does this machine compute the same?

In:  the kept and the tested model.
Out: `golden_rows.json`: rows drawn at and around the places where the models change their mind, and what both say.

The rows come from the models' own numbers and a fixed seed, never from a person. Every load scores them again, to
within 1e-9: another LightGBM, another processor, a file edited together with its hash are noticed before anyone is
scored. Whoever edits a model and these rows alike is found out by a signature alone.
"""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from earlywarn.bundle.files import damaged
from earlywarn.bundle.protocol import GOLDEN_ROWS
from earlywarn.errors import BundleError
from earlywarn.model import Model
from earlywarn.model.fit import TreeModel, booster_text
from earlywarn.model.fitted import Fitted
from earlywarn.model.logistic import LogisticModel
from earlywarn.model.shapley import read_trees

ROWS = 32
UNKNOWN = 0.15  # share of the values that are not known
SEED = 20260901
SAME = 1e-9
LARGEST = float(np.finfo(np.float32).max)

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Value = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)] | None


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Said(_Part):
    """What a model said of each row: log-odds before calibration, and the probability that these become."""

    raw: tuple[FiniteFloat, ...]
    risk: tuple[FiniteFloat, ...]


class GoldenRows(_Part):
    """`golden_rows.json`: rows of the matrix, null for what is not known, and what the models said of them."""

    rows: Annotated[tuple[tuple[Value, ...], ...], Field(min_length=1, max_length=1000)]
    kept: Said
    tested: Said

    @property
    def values(self) -> Floats:
        """The rows as a matrix, (rows, features), NaN for what is not known."""
        return np.array(self.rows, dtype=np.float32)


def make_golden_rows(kept: Fitted, tested: Fitted) -> GoldenRows:
    """Draw the rows and score them with both models."""
    rows = tuple(tuple(map(_shortest, row)) for row in _drawn(kept.model, tested.model))
    values = np.array(rows, dtype=np.float32)
    return GoldenRows(rows=rows, kept=_said(kept, values), tested=_said(tested, values))


def _shortest(value: np.float32) -> float | None:
    """Return a value in the fewest digits that are read back as the same float32."""
    return None if np.isnan(value) else float(str(value))


def _said(fitted: Fitted, values: Floats) -> Said:
    raw = fitted.model.raw_score(values)
    return Said(raw=tuple(raw.tolist()), risk=tuple(fitted.calibration.apply(raw).tolist()))


def check_golden_rows(golden: GoldenRows, kept: Fitted, tested: Fitted) -> None:
    """Score the rows again; refuse a bundle whose models give other scores here than where it was written."""
    features = len(kept.model.names)
    if any(len(row) != features for row in golden.rows):
        raise damaged(GOLDEN_ROWS, "its rows have another number of features than features.json")
    for which, fitted, said in (("kept", kept, golden.kept), ("tested", tested, golden.tested)):
        if not len(golden.rows) == len(said.raw) == len(said.risk):
            raise damaged(GOLDEN_ROWS, "not one score a row")
        raw = np.array(said.raw)
        _check_same(fitted.model.raw_score(golden.values), raw, f"the {which} model")
        _check_same(fitted.calibration.apply(raw), np.array(said.risk), f"the calibration of the {which} model")


def _check_same(found: Doubles, written: Doubles, what: str) -> None:
    if np.allclose(found, written, rtol=SAME, atol=SAME):
        return
    apart = np.abs(found - written).max()
    raise BundleError(
        f"{GOLDEN_ROWS}: {what} gives other scores here than when it was written; a made-up row is {apart:.1g} off",
        fix="use the Python and the libraries that the manifest names; if they are the same, the bundle was edited: "
        "restore it from a copy, or train it again",
    )


def _drawn(*models: Model) -> Floats:
    """Return made-up rows, (rows, features); of the first, nothing is known."""
    draw = np.random.default_rng(SEED)
    turns = [np.concatenate(found) for found in zip(*map(_turning_points, models), strict=True)]
    values = np.column_stack([_column(found, draw) for found in turns])
    values[draw.random(values.shape) < UNKNOWN] = np.nan
    values[0] = np.nan
    return values


def _column(turns: Floats, draw: np.random.Generator) -> Floats:
    """Return values at the places where a model changes its mind, just above them, and anywhere about."""
    turns = np.unique(turns) if len(turns) else np.array([0, 1], dtype=np.float32)
    at = draw.choice(turns, ROWS)
    above = np.nextafter(at, np.float32(np.inf))
    spread = max(turns[-1] - turns[0], np.float32(1))
    about = draw.uniform(turns[0] - spread, turns[-1] + spread, ROWS).astype(np.float32)
    return np.choose(draw.integers(0, 3, ROWS), [at, above, about])


def _turning_points(model: Model) -> list[Floats]:
    """Return, for each feature, the values at which the model's score turns or jumps."""
    match model:
        case TreeModel():
            return _thresholds(model)
        case LogisticModel():
            scaling = model.scaling
            return list(np.array([scaling.low, scaling.medians, scaling.high], dtype=np.float32).T)
    raise TypeError(f"a bundle holds trees or a logistic model, not {type(model).__name__}")


def _thresholds(model: TreeModel) -> list[Floats]:
    """Return every feature's thresholds; an infinite one only parts the known from the unknown."""
    trees = tuple(read_trees(booster_text(model.booster)))
    features = np.concatenate([tree.features for tree in trees])
    thresholds = np.concatenate([tree.thresholds for tree in trees])
    finite = np.isfinite(thresholds)
    return [thresholds[finite & (features == place)] for place in range(len(model.names))]
