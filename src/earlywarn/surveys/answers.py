"""Answers to scale scores: one matrix a wave.

In:  the checked `waves` and `responses` tables and their questionnaires.
Out: for each wave the scores of its scales, out of 10, and how people answered.

A reversed item counts as lowest + highest - answer. A scale is scored where at least half
of its items were answered (the half rule), as the mean of those, stretched to 0..10. Items
that the questionnaire did not hold when the wave opened (`since`, `until`) count for nothing.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.surveys.instrument import Audience, Instrument

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Wave:
    """The scored answers of one closed or open survey wave.

    people  : person_ids who answered something (for parents: the pupil).
    asked   : (items of the instrument,) whether the wave's questionnaire held the item.
    answers : (people, items) 0 to 10, high as the scale means high; NaN where not answered.
    scores  : (people, scales) 0 to 10; NaN where fewer than half of the items were answered.
    spread  : (people,) standard deviation of a person's answers, in answer steps, before reversing.
    same    : (people,) 1 if every answer was the same step ("straight-lining"), else 0; NaN under 5 answers.
    """

    wave_id: str
    audience: Audience
    instrument: Instrument
    opens_on: date
    closes_on: date
    people: pd.Index
    asked: Flags
    answers: Floats
    scores: Floats
    spread: Floats
    same: Floats


def score_wave(
    wave_id: str, instrument: Instrument, opens_on: date, closes_on: date, answers: pd.DataFrame
) -> Wave | None:
    """Score the answers of one wave (columns person_id, item, answer; a mean where two parents answered).

    None where nobody answered anything that the questionnaire held.
    """
    wide = answers.pivot_table(index="person_id", columns="item", values="answer", aggfunc="mean")
    return score_table(wave_id, instrument, opens_on, closes_on, wide)


def score_table(
    wave_id: str, instrument: Instrument, opens_on: date, closes_on: date, wide: pd.DataFrame
) -> Wave | None:
    """Score the answers of one wave, given as a row a person_id and a column an item, NaN where not answered."""
    asked = np.array([item.asked_on(opens_on) for item in instrument.items])
    held = [item.id for item, was_asked in zip(instrument.items, asked, strict=True) if was_asked]
    wide = wide[[item for item in wide.columns if item in held]].dropna(how="all").sort_index()
    if not len(wide):
        return None
    raw = wide.reindex(columns=[item.id for item in instrument.items]).to_numpy(np.float32)
    out_of_ten = _out_of_ten(instrument, raw)
    scores = np.stack([mean_of_half(out_of_ten[:, mine & asked]) for mine in items_of_scales(instrument)], axis=1)
    spread, same = _manner(raw)
    return Wave(
        wave_id, instrument.audience, instrument, opens_on, closes_on,
        wide.index, asked, out_of_ten, scores, spread, same,
    )  # fmt: skip


def items_of_scales(instrument: Instrument) -> tuple[Flags, ...]:
    """Return, for each scale, which items are its own."""
    return tuple(np.array([item.scale == scale.name for item in instrument.items]) for scale in instrument.scales)


def mean_of_half(values: Floats) -> Floats:
    """Return the mean of each row's numbers where at least half of them are there; NaN elsewhere.

    >>> mean_of_half(np.array([[4, 6, np.nan], [4, np.nan, np.nan]], np.float32)).tolist()
    [5.0, nan]
    """
    known = (~np.isnan(values)).sum(axis=1)
    found: Floats = np.where(known * 2 >= values.shape[1], _mean(values), np.nan).astype(np.float32)
    return found


def _out_of_ten(instrument: Instrument, raw: Floats) -> Floats:
    low, high = instrument.answers
    turned = np.where([item.reversed for item in instrument.items], low + high - raw, raw)
    return (10 * (turned - low) / (high - low)).astype(np.float32)


def _manner(raw: Floats) -> tuple[Floats, Floats]:
    """Return how widely each person's answers spread, and whether all were the same step."""
    spread = np.sqrt(_mean(np.square(raw - _mean(raw)[:, None])))
    enough = (~np.isnan(raw)).sum(axis=1) >= 5
    return spread.astype(np.float32), np.where(enough, spread == 0, np.nan).astype(np.float32)


def _mean(values: Floats) -> Floats:
    """Return the mean of each row's numbers; NaN, without a warning, for a row without any."""
    counted = (~np.isnan(values)).sum(axis=1)
    total = np.nansum(values, axis=1)
    found: Floats = np.divide(total, counted, out=np.full(len(values), np.nan, np.float32), where=counted > 0)
    return found
