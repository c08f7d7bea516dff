"""Does a scale mean the same in every wave, and to everyone? Congruence of loadings, as a table.

In:  the waves of each questionnaire, with the people who answered.
Out: the table `congruence`: every earlier wave beside the latest, and every two groups of the latest.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from earlywarn.disclosure import HIDDEN, RESPONDENTS_FROM
from earlywarn.evaluate.intervals import clusters_of
from earlywarn.evaluate.measures import Bools, Labels
from earlywarn.study.congruence import ALIKE, SAME, Congruence, congruence
from earlywarn.study.groups import rows_by
from earlywarn.study.instrument_people import NOT_RECORDED, Answered
from earlywarn.study.instrument_scales import Waves, about_scale, hidden_groups, scales_asked
from earlywarn.study.lines import Line, table_of
from earlywarn.study.table import Table, Value, with_interval
from earlywarn.surveys.instrument import Instrument

COLUMNS = {
    "instrument": "the questionnaire",
    "audience": "who was asked: pupil, parent or staff",
    "wave": "the latest wave",
    "scale": "the scale",
    "compared": "waves, or the column by which those who answered the latest wave are grouped",
    "first": "one side",
    "second": "the other",
    "n": "people with a score on the smaller side; c is hidden",
    **with_interval("congruence", "Tucker's coefficient of the items' loadings on both sides, -1 to 1"),
    "verdict": f"the same from {SAME}, fairly alike from {ALIKE}, else different",
    "moved": "the item whose loading differs most between the sides",
    "why": "why a number is missing",
}


def congruence_table(waves: Waves) -> Table:
    """Return how alike each scale's items hang together in two waves, or two groups."""
    lines = [line for instrument, each in waves.items() for line in _of_instrument(instrument, each)]
    title = "Does a scale measure the same in every wave and group?"
    return table_of("congruence", title, _says(lines), COLUMNS, lines)


def _of_instrument(instrument: Instrument, waves: Sequence[Answered]) -> Iterator[Line]:
    latest = waves[-1]
    for earlier in waves[:-1]:
        yield from _of_waves(instrument, earlier, latest)
    for group_by, labels in latest.groups.items():
        yield from _of_groups(instrument, latest, group_by, labels)


def _of_waves(instrument: Instrument, earlier: Answered, latest: Answered) -> Iterator[Line]:
    """Yield the scales in two waves, by the items that both asked."""
    first = np.arange(len(earlier.person) + len(latest.person)) < len(earlier.person)
    school, person = (
        np.concatenate([getattr(each, name) for each in (earlier, latest)]) for name in ("school", "person")
    )
    clusters = clusters_of(school, person)
    for scale, mine in scales_asked(instrument, latest):
        both = mine & earlier.wave.asked & latest.wave.asked
        found = congruence(np.concatenate([earlier.answers[:, both], latest.answers[:, both]]), first, ~first, clusters)
        sides: dict[str, Value] = {"compared": "waves", "first": earlier.wave.wave_id, "second": latest.wave.wave_id}
        yield _line(about_scale(instrument, latest, scale) | sides, found, _ids(instrument, both))


def _of_groups(instrument: Instrument, latest: Answered, group_by: str, labels: Labels) -> Iterator[Line]:
    """Yield the scales in every two groups that may be shown; who is not recorded is no group."""
    hidden, clusters = hidden_groups(latest, labels), latest.clusters
    groups = {name: rows for name, rows in rows_by(labels).items() if name != NOT_RECORDED and name not in hidden}
    for (one, first), (other, second) in combinations(groups.items(), 2):
        for scale, mine in scales_asked(instrument, latest):
            found = congruence(latest.items(mine), first, second, clusters)
            sides: dict[str, Value] = {"compared": group_by, "first": one, "second": other}
            ids = _ids(instrument, mine & latest.wave.asked)
            yield _line(about_scale(instrument, latest, scale) | sides, found, ids)


def _ids(instrument: Instrument, rows: Bools) -> list[str]:
    return [item.id for item, chosen in zip(instrument.items, rows, strict=True) if chosen]


def _line(about: dict[str, Value], found: Congruence, ids: Sequence[str]) -> Line:
    n = found.value.n if found.value.n >= RESPONDENTS_FROM else HIDDEN
    away = [abs(gap.value or 0.0) for gap in found.gaps]
    told: dict[str, Value] = {"n": n, "verdict": found.verdict, "moved": ids[int(np.argmax(away))] if away else ""}
    return Line(about | told, {"congruence": found.value})


def _says(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the comparisons that surely do not hold, then how many do, and how many could not be made."""
    made = [line for line in lines if line.numbers["congruence"].value is not None]
    for line in made:
        high = line.numbers["congruence"].high
        if high is not None and high < SAME:
            yield _apart(line)
    if made:
        counts = Counter(str(line.about["verdict"]) for line in made)
        told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in ("the same", "fairly alike", "different"))
        yield f"Of {len(made)} comparisons the items hang together: {told}. Chance alone pulls small groups apart."
    if len(made) < len(lines):
        yield f"{len(lines) - len(made)} comparisons rest on too few people or items to be made."


def _apart(line: Line) -> str:
    about, found = line.about, line.numbers["congruence"]
    return (
        f"{about['scale']} is {about['verdict']} between {about['first']} and {about['second']} ({about['compared']}, "
        f"{found.value:.2f}, 95% interval {found.low:.2f} to {found.high:.2f}); {about['moved']} has moved most."
    )
