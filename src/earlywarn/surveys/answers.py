"""Answers to scale scores: one matrix a wave.

In:  the checked `waves` and `responses` tables and their questionnaires.
Out: for each wave the scores of its scales, out of 10, and how people answered.

A reversed item counts as lowest + highest - answer. A scale is scored where at least half
of its items were answered (the half rule), as the mean of those, stretched to 0..10.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.surveys.instrument import Audience, Instrument, Scale

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Wave:
    """The scored answers of one closed or open survey wave.

    people : person_ids who answered something (for parents: the pupil).
    scores : (people, scales of the instrument) 0 to 10; NaN where fewer than half of the items were answered.
    spread : (people,) standard deviation of a person's answers, in answer steps, before reversing.
    same   : (people,) 1 if every answer was the same step ("straight-lining"), else 0; NaN under 5 answers.
    items  : for each scale, the items that somebody answered: scales are compared only across equal sets.
    """

    wave_id: str
    audience: Audience
    instrument: Instrument
    opens_on: date
    closes_on: date
    people: pd.Index
    scores: Floats
    spread: Floats
    same: Floats
    items: tuple[frozenset[str], ...]


def score_wave(
    instrument: Instrument, answers: pd.DataFrame
) -> tuple[pd.Index, Floats, Floats, Floats, tuple[frozenset[str], ...]]:
    """Score the answers of one wave (columns person_id, item, answer; a mean where two parents answered)."""
    wide = answers.pivot_table(index="person_id", columns="item", values="answer", aggfunc="mean")
    wide = wide.reindex(columns=[item.id for item in instrument.items]).sort_index()
    raw = wide.to_numpy(np.float32)
    low, high = instrument.answers
    scored = np.where([item.reversed for item in instrument.items], low + high - raw, raw)
    columns = [_score(instrument, scale, scored) for scale in instrument.scales]
    answered = (~np.isnan(raw)).sum(axis=1)
    with np.errstate(invalid="ignore"):
        spread = np.sqrt(_nanmean(np.square(raw - _nanmean(raw)[:, None])))
    same = np.where(answered >= 5, spread == 0, np.nan).astype(np.float32)
    asked = ~np.isnan(raw).all(axis=0)
    items = tuple(
        frozenset(
            item.id for item, was in zip(instrument.items, asked, strict=True) if was and item.scale == scale.name
        )
        for scale in instrument.scales
    )
    return wide.index, np.stack(columns, axis=1), spread.astype(np.float32), same, items


def _score(instrument: Instrument, scale: Scale, answers: Floats) -> Floats:
    low, high = instrument.answers
    mine = answers[:, [item.scale == scale.name for item in instrument.items]]
    enough = (~np.isnan(mine)).sum(axis=1) * 2 >= mine.shape[1]
    return np.where(enough, 10 * (_nanmean(mine) - low) / (high - low), np.nan).astype(np.float32)


def _nanmean(values: Floats) -> Floats:
    """Return the mean of each row's numbers; NaN, without a warning, for a row without any."""
    counted = (~np.isnan(values)).sum(axis=1)
    total = np.nansum(values, axis=1)
    found: Floats = np.divide(total, counted, out=np.full(len(values), np.nan, np.float32), where=counted > 0)
    return found
