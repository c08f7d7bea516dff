"""Features of survey waves: made from the questionnaires, one set a scale and domain.

Only closed waves of the year before the date are seen. People who had not joined when a wave
closed, or of whose year group nobody answered, were not asked: for them "answered" is empty, not 0.
"""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from earlywarn.features.feature import Feature, Floats, Theme
from earlywarn.features.history import share
from earlywarn.features.seen import Seen, mean_of_others
from earlywarn.features.waves import Part, WavesSeen, change, change_since_first, domains_of, parts_of, score
from earlywarn.surveys.instrument import Audience, Instrument

_THEME: dict[Audience, Theme] = {
    "pupil": "engagement and relationships",
    "parent": "home and parents' view",
    "staff": "views of the job",
}
_WHO = {"pupil": "the pupil", "parent": "the parents", "staff": "the person"}
NOT_ANSWERED = "the questions were not answered"
NOT_COMPARED = "not answered twice, or the questions were changed"

Measure = Callable[[Seen, WavesSeen], Floats]


def survey_features(instruments: Sequence[Instrument], peers: tuple[str, str]) -> tuple[Feature, ...]:
    """Return the features of some questionnaires.

    `peers` is the column that groups like with like and its name in words: year_group for
    pupils, the team for staff.
    """
    found: list[Feature] = []
    for instrument in instruments:
        for part in parts_of(instrument):
            found += part_features(instrument, part, peers)
        found += _answering_features(instrument)
    return (*found, *_agreement_features(instruments))


def _from_survey(instrument: Instrument, measure: Measure) -> Callable[[Seen], Floats]:
    def value(seen: Seen) -> Floats:
        survey = seen.surveys.get(instrument.name)
        if survey is None:
            return np.full(seen.size, np.nan, np.float32)
        return measure(seen, survey).astype(np.float32)

    return value


def part_features(instrument: Instrument, part: Part, peers: tuple[str, str]) -> list[Feature]:
    """Return the features of one scale or domain: its score, how that has changed and how it stands among others."""
    theme, who = _THEME[instrument.audience], _WHO[instrument.audience]
    name = f"{instrument.audience}_{part.name}"

    def feature(suffix: str, means: str, measure: Measure, empty: str, risk: int = part.risk) -> Feature:
        value = _from_survey(instrument, measure)
        return Feature(name + suffix, theme, "survey", "points", means, empty, value, _direction(risk))

    def gap(seen: Seen, survey: WavesSeen, *columns: str) -> Floats:
        scores = score(survey.waves[-1], part)
        return scores - mean_of_others(scores, seen.group(*columns) if columns else seen.everyone)

    label = f"{part.label}, as {who} answered in the latest wave"
    return [
        feature("", f"Score out of 10 for {label}", lambda _, survey: score(survey.waves[-1], part), NOT_ANSWERED),
        feature(
            "_change", f"Change in the score for {part.label} since the wave before",
            lambda _, survey: change(survey, part), NOT_COMPARED, 0,
        ),
        feature(
            "_change_first", f"Change in the score for {part.label} since the first wave of the last year",
            lambda _, survey: change_since_first(survey, part), NOT_COMPARED, 0,
        ),
        feature("_gap_school", f"Score for {part.label} less the mean of the others at the school", gap, NOT_ANSWERED),
        feature(
            "_gap_peers", f"Score for {part.label} less the mean of the others of the {peers[1]}",
            lambda seen, survey: gap(seen, survey, *peers[0].split("+")), NOT_ANSWERED,
        ),
    ]  # fmt: skip


def _direction(risk: int) -> Literal[-1, 0, 1]:
    return 1 if risk > 0 else -1 if risk < 0 else 0


def _answering_features(instrument: Instrument) -> list[Feature]:
    theme, audience, who = _THEME[instrument.audience], instrument.audience, _WHO[instrument.audience]
    prefix = audience if instrument.name.startswith(audience) else instrument.name

    def feature(suffix: str, unit: str, means: str, empty: str, measure: Measure) -> Feature:
        return Feature(f"{prefix}_{suffix}", theme, "survey", unit, means, empty, _from_survey(instrument, measure))

    return [
        feature(
            "answered", "yes or no", f"Whether {who} answered the latest wave", "not asked by it",
            _answered,
        ),
        feature(
            "answered_share", "share", f"Share of the waves of the last year that {who} answered",
            "not asked in any wave", _answered_share,
        ),
        feature(
            "answered_waves", "count", f"Number of waves of the last year that {who} answered", "not asked in any wave",
            _answered_waves,
        ),
        feature(
            "answered_days_ago", "days", f"Days since the close of the latest wave that {who} answered",
            "no wave of the last year was answered", _days_since_answer,
        ),
        feature(
            "answered_at_school", "share", "Share of the others at the school who answered the latest wave",
            "nobody else was asked", lambda seen, survey: mean_of_others(_answered(seen, survey), seen.everyone),
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


_PARTICIPATION = ("answered", "answered_share", "answered_waves", "answered_days_ago", "answered_at_school")


def tells_participation(feature: Feature) -> bool:
    """Tell whether a feature of surveys says who took part and when, whatever was answered."""
    return feature.block == "survey" and feature.name.endswith(tuple(f"_{each}" for each in _PARTICIPATION))


def tells_answers(feature: Feature) -> bool:
    """Tell whether a feature of surveys says what was answered; who did not answer is empty in it."""
    return feature.block == "survey" and not tells_participation(feature)


def _answered(_: Seen, survey: WavesSeen) -> Floats:
    wave = survey.waves[-1]
    return np.where(wave.asked, wave.answered, np.nan).astype(np.float32)


def _answers(survey: WavesSeen) -> Floats:
    """Return which waves each person answered, (waves, people) 0 or 1."""
    return np.stack([wave.answered & wave.asked for wave in survey.waves]).astype(np.float32)


def _asked(survey: WavesSeen) -> NDArray[np.int64]:
    """Return how many waves asked each person."""
    asked: NDArray[np.int64] = np.stack([wave.asked for wave in survey.waves]).sum(axis=0)
    return asked


def _answered_waves(_: Seen, survey: WavesSeen) -> Floats:
    return np.where(_asked(survey) > 0, _answers(survey).sum(axis=0), np.nan).astype(np.float32)


def _answered_share(_: Seen, survey: WavesSeen) -> Floats:
    return share(_answers(survey).sum(axis=0), _asked(survey))


def _days_since_answer(seen: Seen, survey: WavesSeen) -> Floats:
    found = survey.nothing
    for wave in survey.waves:  # oldest first: the latest one stays
        found = np.where(wave.answered, (seen.as_of - wave.closes_on).days, found)
    return found


def _agreement_features(instruments: Sequence[Instrument]) -> list[Feature]:
    """Return, for each domain on which pupil and parents are both asked, how far apart they are."""
    asked = {audience: [one for one in instruments if one.audience == audience] for audience in ("pupil", "parent")}
    return [
        _distance(pupil, parent, own, theirs)
        for pupil, parent in product(asked["pupil"], asked["parent"])
        for own, theirs in product(domains_of(pupil), domains_of(parent))
        if own.name == theirs.name and own.risk == theirs.risk != 0
    ]


def _distance(pupil: Instrument, parent: Instrument, own: Part, theirs: Part) -> Feature:
    def value(seen: Seen) -> Floats:
        ours, at_home = seen.surveys.get(pupil.name), seen.surveys.get(parent.name)
        if ours is None or at_home is None:
            return np.full(seen.size, np.nan, np.float32)
        apart: Floats = np.abs(score(ours.waves[-1], own) - score(at_home.waves[-1], theirs))
        return apart

    return Feature(
        f"parent_pupil_distance_{own.name.removeprefix('domain_')}", _THEME["parent"], "survey", "points",
        f"How far apart the scores of pupil and parents are on {own.label}",
        "one of the two did not answer", value,
    )  # fmt: skip
