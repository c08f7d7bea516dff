"""Who stands where: lists, ranks with ties, places and bands."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.audit.head_start import head_start_given
from earlywarn.config import Config
from earlywarn.evaluate.places import listing, places_of
from earlywarn.features.build import Matrix
from earlywarn.model.lists import lists_of

# Bands of calibrated risk, highest first: the lowest risk of each.
BANDS: tuple[tuple[str, float], ...] = (("very high", 0.60), ("high", 0.35), ("raised", 0.15), ("usual", 0.0))

_SHOWN = {
    "pupils": ("person_id", "school_id", "as_of", "year_group", "form"),
    "staff": ("person_id", "school_id", "as_of", "role", "subject"),
}


def score_frame(
    matrix: Matrix,
    raw: NDArray[np.float64],
    risk: NDArray[np.float64],
    config: Config,
    model_version: str,
    head_start: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Return who stands where: lists, ranks with ties, places and bands.

    head_start : places by group as the bundle keeps them; it moves people on the lists and leaves their risk alone.
    """
    people = matrix.people
    lists, too_early = lists_of(matrix, config)
    ranked = raw + head_start_given(head_start, people, lists, config.fairness)
    unit = people["school_id"].astype(str).to_numpy(object) + " " + lists
    code = np.unique(unit, return_inverse=True)[1]
    school = np.unique(people["school_id"], return_inverse=True)[1]
    places = places_of(np.bincount(school), config.fairness.places)[school]
    rank = pd.Series(-ranked).groupby(code).rank(method="min").to_numpy(np.int64)
    share = listing(ranked, code, places)
    shown = people[[column for column in _SHOWN[config.population] if column in people]]
    return shown.assign(
        list=lists,
        too_early=too_early,
        listed=share > 0,
        tied=(share > 0) & (share < 1),
        risk=risk,
        raw_score=raw,
        band=band_of(risk),
        rank_in_school=rank,
        model_version=model_version,
        delete_by=delete_by(pd.Timestamp(people["as_of"].iloc[0]).date(), config),
    )


def band_of(risk: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return the band of each calibrated risk.

    >>> band_of(np.array([0.7, 0.2, 0.01])).tolist()
    ['very high', 'raised', 'usual']
    """
    return np.select([risk >= low for _, low in BANDS], [name for name, _ in BANDS], "usual").astype(object)


def delete_by(as_of: date, config: Config) -> date:
    """Return the day by which scores and packs are to be deleted."""
    return as_of + timedelta(days=config.report.keep_days)
