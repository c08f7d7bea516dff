"""What staff of a pupil's school answered: features of pupils, the same for everyone at a school.

In:  scored waves that asked staff and had closed before the date; who was in post at the school.
Out: for each scale and domain the mean of the latest wave, its change, and the share of staff who answered.

They are made only where a config asks for them (`features.staff_views`): they tell schools apart, not pupils, and
need many schools to learn from. A mean or a change rests on at least ten people. A change is the mean over those who
answered both waves, on the questions that both asked: colleagues who come or go do not move it.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from earlywarn.disclosure import RESPONDENTS_FROM
from earlywarn.features.feature import Feature, Floats
from earlywarn.features.seen import Seen
from earlywarn.features.waves import Part, WavesSeen, change, parts_of, score, seen_waves
from earlywarn.surveys.answers import Wave
from earlywarn.surveys.instrument import Instrument

STAFF_VIEWS = "staff_views"
_FEW = f"fewer than {RESPONDENTS_FROM} staff of the school answered"
_FEW_TWICE = f"fewer than {RESPONDENTS_FROM} staff of the school answered twice, or the questions were changed"
_FEW_ASKED = f"not asked at the school, or of fewer than {RESPONDENTS_FROM} staff"


def staff_view_features(instruments: Sequence[Instrument]) -> tuple[Feature, ...]:
    """Return the features of what some questionnaires asked staff; those of others have none."""
    found: list[Feature] = []
    for instrument in instruments:
        if instrument.audience == "staff":
            for part in parts_of(instrument):
                found += _part_features(instrument, part)
            found.append(_answered_feature(instrument))
    return tuple(found)


def waves_of_staff(waves: Sequence[Wave], staff: pd.DataFrame) -> WavesSeen:
    """Return some waves of one questionnaire, oldest first, as those in post at the latest one answered them.

    staff : those known of at one school: person_id, joined_on, and left_on where it is past.
    """
    closed = pd.Timestamp(waves[-1].closes_on)
    in_post = (staff["joined_on"] <= closed) & ~(staff["left_on"] < closed)
    return seen_waves(waves, staff[in_post].reset_index(drop=True))


def _part_features(instrument: Instrument, part: Part) -> list[Feature]:
    name = f"staff_{part.name}_at_school"
    return [
        _feature(
            instrument, name, "points",
            f"Mean score out of 10 for {part.label}, as staff of the school answered in the latest wave", _FEW,
            lambda survey: _mean_of_enough(score(survey.waves[-1], part)),
        ),
        _feature(
            instrument, f"{name}_change", "points",
            f"Mean change since the wave before in the score of staff of the school for {part.label}", _FEW_TWICE,
            lambda survey: _mean_of_enough(change(survey, part)),
        ),
    ]  # fmt: skip


def _answered_feature(instrument: Instrument) -> Feature:
    whose = "staff" if instrument.name.startswith("staff") else instrument.name
    means = "Share of the staff of the school who answered the latest wave"
    return _feature(instrument, f"{whose}_answered_share_at_school", "share", means, _FEW_ASKED, _share_of_asked)


def _feature(
    instrument: Instrument, name: str, unit: str, means: str, empty: str, measure: Callable[[WavesSeen], float]
) -> Feature:
    def value(seen: Seen) -> Floats:
        survey = seen.staff_views.get(instrument.name)
        return np.full(seen.size, np.nan if survey is None else measure(survey), np.float32)

    return Feature(name, "views of staff at the school", STAFF_VIEWS, unit, means, empty, value)


def _mean_of_enough(values: Floats) -> float:
    """Return the mean of those who have a value; NaN with fewer than ten of them."""
    known = values[~np.isnan(values)]
    return float(known.mean(dtype=np.float64)) if len(known) >= RESPONDENTS_FROM else np.nan


def _share_of_asked(survey: WavesSeen) -> float:
    wave = survey.waves[-1]
    return float(wave.answered[wave.asked].mean()) if wave.asked.sum() >= RESPONDENTS_FROM else np.nan
