"""How far each scale can be trusted, wave by wave and group by group, and what each item adds to it.

In:  the waves of each questionnaire, with the people who answered.
Out: the tables `reliability` and `items`.

Groups are those of the latest wave. A group of fewer than ten respondents is hidden, and with it the next smallest
where a total would give it away; so is a group that stands in one school alone.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from earlywarn.disclosure import HIDDEN, RESPONDENTS_FROM, hide, shown_count
from earlywarn.evaluate.intervals import among
from earlywarn.evaluate.measures import Labels
from earlywarn.study.answer_quality import effect_on_scale
from earlywarn.study.figure import missing
from earlywarn.study.groups import rows_by
from earlywarn.study.instrument_people import Answered
from earlywarn.study.lines import Line, table_of
from earlywarn.study.reliability import Reliability, reliability
from earlywarn.study.table import Table, Value, with_interval
from earlywarn.surveys.answers import Flags, items_of_scales
from earlywarn.surveys.instrument import Instrument, Scale
from earlywarn.surveys.quality import manner, steps_of

EVERYONE = "everyone"
ENOUGH = 0.7  # of alpha, by custom, to compare groups: Nunnally (1978), Psychometric Theory, chapter 7
SMALL = "hidden: few people, or it would give away a smaller group"
ONE_SCHOOL = "hidden: it stands in one school alone"
Waves = Mapping[Instrument, tuple[Answered, ...]]

_OF_A_SCALE = {
    "instrument": "the questionnaire",
    "audience": "who was asked: pupil, parent or staff",
    "wave": "the wave",
    "scale": "the scale",
}
RELIABILITY_COLUMNS = {
    **_OF_A_SCALE,
    "label": "what the scale measures",
    "group_by": "everyone, or the column by which those who answered the latest wave are grouped",
    "group": "the group",
    "items": "items that the wave asked",
    "n": "people with a score; c is hidden",
    **with_interval("alpha", "Cronbach's alpha, up to 1"),
    **with_interval("omega", "McDonald's omega (total), up to 1: the same without taking all items as equally good"),
    **with_interval("misfit", "from 0; above 0.08 the items measure more than one thing; of three items always 0"),
    **with_interval("alpha_careful", "alpha without careless answers; of everyone in the latest wave alone"),
    "why": "why a number is missing",
}
ITEM_COLUMNS = {
    **_OF_A_SCALE,
    "item": "the item's id",
    "n": "people with a score; c is hidden",
    **with_interval("rest", "correlation with the sum of the scale's other items, -1 to 1"),
    **with_interval("loading", "how far it follows what the items share, -1 to 1"),
    **with_interval("without", "alpha of the scale without it, up to 1"),
    "why": "why a number is missing",
}


def reliability_table(waves: Waves) -> Table:
    """Return the reliabilities of every scale in every wave, and of each group in the latest."""
    lines = [line for instrument, each in waves.items() for line in _of_instrument(instrument, each)]
    return table_of(
        "reliability", "How far can each scale's score be trusted?", _says(lines), RELIABILITY_COLUMNS, lines
    )


def items_table(waves: Waves) -> Table:
    """Return what each item adds to its scale in the latest wave."""
    lines = [line for instrument, each in waves.items() for line in _of_items(instrument, each[-1])]
    return table_of("items", "What does each item add to its scale?", _says_of_items(lines), ITEM_COLUMNS, lines)


def scales_asked(instrument: Instrument, answered: Answered) -> Iterator[tuple[Scale, Flags]]:
    """Yield the scales of which a wave asked at least two items, with which items are theirs."""
    for scale, mine in zip(instrument.scales, items_of_scales(instrument), strict=True):
        if (mine & answered.wave.asked).sum() > 1:
            yield scale, mine


def about_scale(instrument: Instrument, answered: Answered, scale: Scale) -> dict[str, Value]:
    """Return what every line of a scale begins with."""
    return {
        "instrument": instrument.name, "audience": instrument.audience, "wave": answered.wave.wave_id,
        "scale": scale.name,
    }  # fmt: skip


def hidden_groups(answered: Answered, labels: Labels) -> Mapping[str, str]:
    """Return the groups of those who answered a wave that are not shown, and why."""
    groups = rows_by(labels)
    sizes = {group: int(rows.sum()) for group, rows in groups.items()}
    small = hide([sizes], [set(sizes)], set(), RESPONDENTS_FROM)
    alone = {group for group, rows in groups.items() if len(np.unique(answered.school[rows])) == 1}
    return dict.fromkeys(sorted(alone), ONE_SCHOOL) | dict.fromkeys(sorted(small), SMALL)


def _of_instrument(instrument: Instrument, waves: Sequence[Answered]) -> Iterator[Line]:
    for answered in waves:
        for scale, mine in scales_asked(instrument, answered):
            yield _of_everyone(instrument, answered, scale, mine, answered is waves[-1])
    for group_by, labels in waves[-1].groups.items():
        for scale, mine in scales_asked(instrument, waves[-1]):
            yield from _of_groups(instrument, waves[-1], scale, mine, group_by, labels)


def _of_everyone(instrument: Instrument, answered: Answered, scale: Scale, mine: Flags, latest: bool) -> Line:
    answers, clusters = answered.items(mine), answered.clusters
    found = reliability(answers, clusters)
    line = _line(instrument, answered, scale, (EVERYONE, EVERYONE), found, answers.shape[1])
    if not latest:
        return line
    careless = manner(instrument, steps_of(instrument, answered.answers), answered.wave.asked).careless
    careful = effect_on_scale(answers, careless, clusters).alpha.kept
    return Line(line.about, {**line.numbers, "alpha_careful": careful})


def _of_groups(
    instrument: Instrument, answered: Answered, scale: Scale, mine: Flags, group_by: str, labels: Labels
) -> Iterator[Line]:
    answers, clusters, hidden = answered.items(mine), answered.clusters, hidden_groups(answered, labels)
    groups = rows_by(labels)
    for group, rows in groups.items() if len(groups) > 1 else ():
        if group in hidden:
            none = missing(hidden[group], 0)
            about = _about(instrument, answered, scale, (group_by, group), answers.shape[1])
            yield Line(about | {"n": HIDDEN}, {"alpha": none, "omega": none, "misfit": none})
        else:
            found = reliability(answers[rows], among(clusters, rows))
            yield _line(instrument, answered, scale, (group_by, group), found, answers.shape[1])


def _about(
    instrument: Instrument, answered: Answered, scale: Scale, group: tuple[str, str], items: int
) -> dict[str, Value]:
    about = about_scale(instrument, answered, scale)
    return about | {"label": scale.label, "group_by": group[0], "group": group[1], "items": items}


def _line(
    instrument: Instrument, answered: Answered, scale: Scale, group: tuple[str, str], found: Reliability, items: int
) -> Line:
    about = _about(instrument, answered, scale, group, items) | {"n": shown_count(found.n)}
    return Line(about, {"alpha": found.alpha, "omega": found.omega, "misfit": found.misfit})


def _of_items(instrument: Instrument, answered: Answered) -> Iterator[Line]:
    for scale, mine in scales_asked(instrument, answered):
        found = reliability(answered.items(mine), answered.clusters)
        asked = np.flatnonzero(mine & answered.wave.asked)
        for place, fit in zip(asked, found.items, strict=True):
            about = about_scale(instrument, answered, scale)
            yield Line(
                about | {"item": instrument.items[place].id, "n": shown_count(found.n)},
                {"rest": fit.rest, "loading": fit.loading, "without": fit.without},
            )


def _says(lines: Sequence[Line]) -> Iterator[str]:
    """Yield what each questionnaire's latest wave says of its scales, and which groups' scales are too weak."""
    for instrument in dict.fromkeys(line.about["instrument"] for line in lines):
        mine = [line for line in lines if line.about["instrument"] == instrument]
        whole = [line for line in mine if "alpha_careful" in line.numbers and line.numbers["alpha"].value is not None]
        if not whole:
            yield f"{instrument}: too few people answered to say how far its scales can be trusted."
            continue
        worst, best = (pick(whole, key=_alpha) for pick in (min, max))
        yield (
            f"{instrument}, {worst.about['wave']}: alpha lies between {_alpha(worst):.2f} ({worst.about['scale']}) and "
            f"{_alpha(best):.2f} ({best.about['scale']}); {ENOUGH} is enough to compare groups."
        )
        yield from _weak(mine)


def _weak(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the groups for whom the whole interval of a scale's alpha lies below what is enough."""
    weak = [
        f"{line.about['scale']} for {line.about['group_by']}: {line.about['group']}"
        for line in lines
        if line.about["group_by"] != EVERYONE and (high := line.numbers["alpha"].high) is not None and high < ENOUGH
    ]
    if weak:
        yield f"Below that, interval and all: {'; '.join(weak)}. Their scores say less."


def _alpha(line: Line) -> float:
    return line.numbers["alpha"].value or 0.0


def _says_of_items(lines: Sequence[Line]) -> Iterator[str]:
    """Yield which items say little of their scale, or seem to point the wrong way."""
    weak = [line for line in lines if (rest := line.numbers["rest"].value) is not None and rest < 0.3]
    for line in weak:
        rest = line.numbers["rest"].value or 0.0
        hint = "; below 0 it was probably not marked as reversed" if rest < 0 else ""
        yield f"{line.about['item']} says little of {line.about['scale']}: {rest:.2f} with its other items{hint}."
    if not weak:
        yield "No item has a correlation below 0.3 with the others of its scale."
