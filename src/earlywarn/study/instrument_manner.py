"""How each wave was answered, and how much of its scores is the school.

In:  the waves of each questionnaire, with the people who answered.
Out: the tables `answer_quality` and `between_schools`.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from earlywarn.disclosure import HIDDEN, is_small, shown_count
from earlywarn.evaluate.measures import Floats
from earlywarn.study.answer_quality import answer_quality
from earlywarn.study.between_schools import between_schools
from earlywarn.study.figure import FEWEST_CLUSTERS, Figure, missing
from earlywarn.study.instrument_people import Answered
from earlywarn.study.instrument_scales import Waves, about_scale
from earlywarn.study.lines import Line, table_of
from earlywarn.study.panel_views import means_of
from earlywarn.study.table import Table, with_interval
from earlywarn.surveys.instrument import Instrument, Scale
from earlywarn.surveys.quality import manner, steps_of

QUALITY_COLUMNS = {
    "instrument": "the questionnaire",
    "audience": "who was asked: pupil, parent or staff",
    "wave": "the wave",
    "opened": "the day on which it opened",
    "n": "people who answered something; c is hidden",
    **with_interval("straight", "share whose answers are all the same step though some items are reversed, 0 to 1"),
    **with_interval("long_run", "share of whom at least half of the answers in a row are the same step"),
    **with_interval("contradicting", "share who fully agree, or disagree, with both of most pairs of opposite items"),
    **with_interval("careless", "share with any of the three"),
    **with_interval("skipped", "share of the items asked that were left empty"),
    "why": "why a number is missing; c: a number of 1 to 4 people would be told",
}
BETWEEN_COLUMNS = {
    "instrument": "the questionnaire",
    "audience": "who was asked: pupil, parent or staff",
    "wave": "the wave",
    "scale": "the scale",
    "n": "people with a score",
    "schools": "schools with at least two, of phases with five schools or more",
    "usual_size": "people with a score in a school of usual size",
    **with_interval(
        "share",
        "ICC(1): share of the scores' variance that lies between schools, within year groups and phases: the mean of "
        "the phase's year group (of staff: of the phase) is taken off first",
    ),
    **with_interval("school_mean", "ICC(2): how far the mean of a school of usual size can be trusted"),
    "why": "why a number is missing",
}


def quality_table(waves: Waves) -> Table:
    """Return how carefully each wave was answered."""
    lines = [_quality(instrument, answered) for instrument, each in waves.items() for answered in each]
    title = "Did people read before they answered?"
    return table_of("answer_quality", title, _says(lines), QUALITY_COLUMNS, lines)


def _quality(instrument: Instrument, answered: Answered) -> Line:
    signs = manner(instrument, steps_of(instrument, answered.answers), answered.wave.asked)
    found = answer_quality(signs, answered.clusters)
    shares = {name: _shared(getattr(found, name)) for name in ("straight", "long_run", "contradicting", "careless")}
    return Line(
        {
            "instrument": instrument.name, "audience": instrument.audience, "wave": answered.wave.wave_id,
            "opened": str(answered.wave.opens_on), "n": shown_count(found.n),
        },
        shares | {"skipped": found.skipped},
    )  # fmt: skip


def _shared(share: Figure) -> Figure:
    """Return a share of people, hidden where it would tell of 1 to 4 of them, or of all but 1 to 4."""
    count = round((share.value or 0.0) * share.n)
    return missing(HIDDEN, share.n) if is_small(count) or is_small(share.n - count) else share


def _says(lines: Sequence[Line]) -> Iterator[str]:
    """Yield each questionnaire's latest wave."""
    for line in {line.about["instrument"]: line for line in lines}.values():
        careless = line.numbers["careless"]
        if careless.value is not None:
            sure = "" if careless.low is None else f" (95% interval {careless.low:.1%} to {careless.high:.1%})"
            yield f"{line.about['wave']}: {careless.value:.1%} of {careless.n:,} show a sign of careless answers{sure}."
    yield "A careless answer says something about a survey, and proves nothing about a person."


def between_table(waves: Waves) -> Table:
    """Return how much of each scale's scores is the school, in each wave."""
    lines = [
        _between(instrument, answered, scale, scores)
        for instrument, each in waves.items()
        for answered in each
        for scale, scores in zip(instrument.scales, answered.scores.T, strict=True)
    ]
    title = "How much of a score is the school?"
    return table_of("between_schools", title, _says_between(lines), BETWEEN_COLUMNS, lines)


def _between(instrument: Instrument, answered: Answered, scale: Scale, scores: Floats) -> Line:
    """Return the line of one scale: schools of phases that have five or more, beside their phase's year group."""
    kept = np.isin(answered.phase, _phases_of_many(answered))
    alike = np.char.add(np.char.add(answered.phase, " "), answered.year_group)[kept]
    values, phases = scores[kept].astype(np.float64), len(np.unique(answered.phase[kept]))
    found = between_schools(values - means_of(values, alike), answered.school[kept], phases)
    about = about_scale(instrument, answered, scale)
    size = None if np.isnan(found.usual_size) else found.usual_size
    n = {"n": shown_count(found.share.n), "schools": found.schools, "usual_size": size}
    return Line(about | n, {"share": found.share, "school_mean": found.school_mean})


def _phases_of_many(answered: Answered) -> list[str]:
    """Return the phases with at least five schools: the mean of fewer is nearly their own."""
    schools = np.unique(np.stack([answered.phase, answered.school]), axis=1)
    names, counts = np.unique(schools[0], return_counts=True)
    return [str(name) for name in names[counts >= FEWEST_CLUSTERS]]


def _says_between(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the scale of each questionnaire's latest wave of which most lies between schools."""
    for wave in {line.about["instrument"]: line.about["wave"] for line in lines}.values():
        mine = [line for line in lines if line.about["wave"] == wave and line.numbers["share"].value is not None]
        if not mine:
            yield f"{wave}: too few schools to tell how much of a score is the school."
            continue
        most = max(mine, key=lambda line: line.numbers["share"].value or 0.0)
        share = most.numbers["share"]
        value, lower, upper = (
            max(each or 0.0, 0.0) for each in (share.value, share.low, share.high)
        )  # under 0: chance
        sure = "" if share.low is None else f", 95% interval {lower:.2f} to {upper:.2f}"
        told = f"{value:.2f} of the variance of {most.about['scale']} lies between schools{sure}"
        if any((low := line.numbers["share"].low) is None or low > 0 for line in mine):
            yield f"{wave}: {told}, the most of its scales."
        else:
            yield f"{wave}: {told}, the most of its scales; that schools differ could not be shown for any."
