"""Features of survey waves: made from the questionnaires, one set a scale.

Only closed waves of the year before the date are seen. People who had not joined when a
wave closed were not asked: for them "answered" is empty, not 0.
"""

from collections.abc import Callable, Sequence

import numpy as np

from earlywarn.features.feature import Feature, Floats, Theme
from earlywarn.features.history import share
from earlywarn.features.seen import Seen, SurveySeen, mean_of_others
from earlywarn.surveys.instrument import Audience, Instrument, Scale

_THEME: dict[Audience, Theme] = {
    "pupil": "engagement and relationships",
    "parent": "home and parents' view",
    "staff": "views of the job",
}
_WHO = {"pupil": "the pupil", "parent": "the parents", "staff": "the person"}
NOT_ANSWERED = "the questions were not answered"


def survey_features(instruments: Sequence[Instrument], peers: tuple[str, str]) -> tuple[Feature, ...]:
    """Return the features of some questionnaires.

    `peers` is the column that groups like with like and its name in words: year_group for
    pupils, the team for staff.
    """
    found: list[Feature] = []
    for instrument in instruments:
        for number, scale in enumerate(instrument.scales):
            found += _scale_features(instrument, number, scale, peers)
        found += _answering_features(instrument)
    return tuple(found)


def _from_survey(instrument: Instrument, measure: Callable[[Seen, SurveySeen], Floats]) -> Callable[[Seen], Floats]:
    def value(seen: Seen) -> Floats:
        survey = seen.surveys.get(instrument.name)
        if survey is None or not survey.waves:
            return np.full(seen.size, np.nan, np.float32)
        return measure(seen, survey).astype(np.float32)

    return value


def _scale_features(instrument: Instrument, number: int, scale: Scale, peers: tuple[str, str]) -> list[Feature]:
    theme, who = _THEME[instrument.audience], _WHO[instrument.audience]
    name = f"{instrument.audience}_{scale.name}"

    def feature(suffix: str, means: str, measure: Callable[[Seen, SurveySeen], Floats], empty: str) -> Feature:
        value = _from_survey(instrument, measure)
        risk = 0 if suffix == "_change" else scale.risk
        return Feature(name + suffix, theme, "survey", "points", means, empty, value, risk)

    def gap(seen: Seen, survey: SurveySeen, *columns: str) -> Floats:
        scores = survey.scores(number)
        return scores - mean_of_others(scores, seen.group(*columns) if columns else seen.everyone)

    label = f"{scale.label}, as {who} answered in the latest wave"
    return [
        feature("", f"Score out of 10 for {label}", lambda _, survey: survey.scores(number), NOT_ANSWERED),
        feature(
            "_change",
            f"Change in the score for {scale.label} since the wave before",
            lambda _, survey: survey.change(number),
            "not answered twice, or the questions were changed",
        ),
        feature(
            "_gap_school",
            f"Score for {scale.label} less the mean of the others at the school",
            lambda seen, survey: gap(seen, survey),
            NOT_ANSWERED,
        ),
        feature(
            "_gap_peers",
            f"Score for {scale.label} less the mean of the others of the {peers[1]}",
            lambda seen, survey: gap(seen, survey, *peers[0].split("+")),
            NOT_ANSWERED,
        ),
    ]


def _answering_features(instrument: Instrument) -> list[Feature]:
    theme, audience, who = _THEME[instrument.audience], instrument.audience, _WHO[instrument.audience]
    prefix = audience if instrument.name.startswith(audience) else instrument.name

    def feature(
        suffix: str, unit: str, means: str, empty: str, measure: Callable[[Seen, SurveySeen], Floats]
    ) -> Feature:
        return Feature(f"{prefix}_{suffix}", theme, "survey", unit, means, empty, _from_survey(instrument, measure))

    return [
        feature(
            "answered", "yes or no", f"Whether {who} answered the latest wave", "not yet here when it closed",
            _answered,
        ),
        feature(
            "answered_share", "share", f"Share of the waves of the last year that {who} answered",
            "not here in any wave", _answered_share,
        ),
        feature(
            "answer_spread", "points", f"Spread of the answers of {who} in the latest wave, in answer steps",
            NOT_ANSWERED, lambda _, survey: survey.waves[-1].spread,
        ),
        feature(
            "same_answers", "yes or no", f"Whether {who} gave one and the same answer throughout", NOT_ANSWERED,
            lambda _, survey: survey.waves[-1].same,
        ),
    ]  # fmt: skip


def _answered(_: Seen, survey: SurveySeen) -> Floats:
    wave = survey.waves[-1]
    return np.where(wave.asked, wave.answered, np.nan)


def _answered_share(_: Seen, survey: SurveySeen) -> Floats:
    asked = np.stack([wave.asked for wave in survey.waves])
    answered = np.stack([wave.answered for wave in survey.waves]) & asked
    return share(answered.sum(axis=0), asked.sum(axis=0))
