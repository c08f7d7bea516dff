"""Do schools whose staff, parents or pupils answered otherwise have more or less absence afterwards?

In:  the sources of a study of pupils.
Out: the table `school_views`: for each scale, by how many percentage points more or less the pupils of a school were
     absent after a wave for each point of the school's mean, given their absence before it; and what it says in words.
"""

from collections.abc import Mapping, Sequence

from earlywarn.config import Config
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples
from earlywarn.study.school_slopes import Tie, ties_of
from earlywarn.study.school_waves import FEWEST_WEEKS, WEEKS, school_waves
from earlywarn.study.table import Replicates, Table, Value, of_figure, replicates_of, with_interval

NAME = "school_views"


def school_view_tables(sources: Sources, examples: Examples, config: Config) -> tuple[Table, ...]:
    """Return the table `school_views`; nothing for staff, or where no wave lies between weeks of marks."""
    asked = school_waves(sources) if config.population == "pupils" else ()
    ties = [tie for rows in asked for tie in ties_of(rows)]
    return (_table(ties),) if ties else ()


_COLUMNS: Mapping[str, str] = {
    "audience": "who answered: staff, parent or pupil",
    "questionnaire": "name of the questionnaire",
    "scale": "name of the scale, or of the domain that several scales make up",
    "label": "what it is about",
    **with_interval(
        "slope", "percentage points of absence after a wave that go with one point more of the school's mean, 0 to 10"
    ),
    **with_interval("correlation", "of mean and absence after, each beyond what absence before tells, -1 to 1"),
    "schools": "schools compared",
    "waves": "waves pooled; only schools of one wave and phase are compared with one another",
    "respondents": "people with a score, summed over schools and waves",
    "pupils": "pupils whose absence is held beside it, summed over schools and waves",
    "why": "the reason for what is missing",
}


def _table(ties: Sequence[Tie]) -> Table:
    return Table(
        NAME,
        "Do schools whose staff, parents or pupils answered otherwise have more or less absence afterwards?",
        school_view_sentences(ties),
        _COLUMNS,
        tuple(_row(tie) for tie in ties),
        tuple(each for number, tie in enumerate(ties) for each in _replicates(number, tie)),
    )


def _row(tie: Tie) -> dict[str, Value]:
    return {
        "audience": tie.audience,
        "questionnaire": tie.instrument,
        "scale": tie.part.name,
        "label": tie.part.label,
        **of_figure("slope", tie.slope),
        **of_figure("correlation", tie.correlation),
        "schools": tie.schools,
        "waves": tie.waves,
        "respondents": tie.respondents,
        "pupils": tie.pupils,
        "why": tie.slope.why,
    }


def _replicates(row: int, tie: Tie) -> tuple[Replicates, ...]:
    return (*replicates_of(row, "slope", tie.slope), *replicates_of(row, "correlation", tie.correlation))


_WHO: Mapping[str, str] = {"staff": "staff", "parent": "parents", "pupil": "pupils"}
_SHOWN = 3  # scales told of in a sentence of their own
_COMPARED = (
    f"Schools are compared with others of the same phase in the same wave, by the absence of the same pupils in the "
    f"{WEEKS} school weeks before and after it (at least {FEWEST_WEEKS} of either). Every mean rests on at least ten "
    f"respondents."
)
_CAVEAT = (
    "This compares schools, not persons. Schools differ in many ways that are not held equal here, and what goes "
    "together in schools need not go together in pupils: it does not mean that answers bring absence about."
)


def school_view_sentences(ties: Sequence[Tie]) -> tuple[str, ...]:
    """Return what the ties say in words: of staff first, then of parents and pupils, and what it does not mean."""
    found = []
    for audience, who in _WHO.items():
        found += _of_audience(who, [tie for tie in ties if tie.audience == audience])
    return (*found, _COMPARED, _CAVEAT)


def _of_audience(who: str, ties: Sequence[Tie]) -> list[str]:
    told = [(tie, tie.slope.low, tie.slope.high) for tie in ties]
    known = [(tie, low, high) for tie, low, high in told if low is not None and high is not None]
    if not known:
        return [f"What {who} answered: {ties[0].slope.why}."] if ties else []
    off = [(tie, low, high) for tie, low, high in known if low > 0 or high < 0]
    schools = max(tie.schools for tie, *_ in known)
    if not off:
        lowest, highest = min(low for _, low, _ in known), max(high for *_, high in known)
        return [
            f"That absence afterwards goes with what {who} of a school answered could not be shown: all {len(known)} "
            f"intervals hold 0. Together they reach from {lowest:.2f} to {highest:.2f} percentage points of absence "
            f"for a point of the school's mean ({schools} schools)."
        ]
    surest = sorted(off, key=lambda each: -abs(each[0].correlation.value or 0))[:_SHOWN]
    return [
        f"Of the {len(known)} intervals for what {who} of a school answered, {len(off)} "
        f"{'leaves' if len(off) == 1 else 'leave'} 0 out; by chance alone, one in twenty would.",
        *(_said(who, *each) for each in surest),
    ]


def _said(who: str, tie: Tie, low: float, high: float) -> str:
    way = "more" if low > 0 else "less"
    near, far = sorted((abs(low), abs(high)))
    return (
        f"Where the mean of {who} for {tie.part.label} was one point of 10 higher, pupils missed "
        f"{abs(tie.slope.value or 0):.2f} percentage points {way} of their sessions after the wave, given what they "
        f"had missed before it (95% interval {near:.2f} to {far:.2f}; {tie.schools} schools)."
    )
