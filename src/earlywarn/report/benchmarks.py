"""A school beside others like it, as a head reads it: what stands out first, then each measure, then each group.

In:  the benchmarks of a run, and a school.
Out: facts for the part `benchmarks.html`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from earlywarn.attendance_bands import BANDS
from earlywarn.audit.groups import NOT_RECORDED
from earlywarn.audit.words import phrase_of
from earlywarn.benchmarks import Benchmark
from earlywarn.benchmarks.divided import ATTENDANCE_BAND
from earlywarn.benchmarks.record import ALIKE, EVERYONE
from earlywarn.disclosure import RESPONDENTS_FROM
from earlywarn.report import svg
from earlywarn.report.beside import Beside, amount, axis_of, beside, change_words, strip, wave_line
from earlywarn.report.charts import capital
from earlywarn.report.words import counted, day

AUDIENCES = {
    "pupil": "What pupils say",
    "parent": "What parents and carers say",
    "staff": "What staff say",
    "register": "Absence",
}


@dataclass(frozen=True)
class Line:
    """One measure of the whole school; `waves` is a small line through its waves, `change` the same in words."""

    label: str
    strip: Markup
    beside: Beside
    waves: Markup | str
    change: str


@dataclass(frozen=True)
class GroupLine:
    """One group in the table of groups, a cell for each measure; None where nobody answered."""

    name: str
    cells: tuple[Beside | None, ...]


@dataclass(frozen=True)
class Panel:
    """What one audience says: lines over one scale, and the same by group."""

    key: str
    title: str
    says: str
    lines: tuple[Line, ...]
    scale: Markup
    heads: tuple[str, ...]
    groups: tuple[GroupLine, ...]


@dataclass(frozen=True)
class Section:
    """A school beside others like it; `stands_out` says in a few sentences what matters."""

    stands_out: tuple[str, ...]
    panels: tuple[Panel, ...]


def by_school(benchmarks: Iterable[Benchmark]) -> Mapping[str, tuple[Benchmark, ...]]:
    """Return each school's benchmarks, so that all are looked through once, not once a school."""
    found: dict[str, list[Benchmark]] = {}
    for each in benchmarks:
        found.setdefault(each.school_id, []).append(each)
    return {school: tuple(own) for school, own in found.items()}


def benchmark_section(benchmarks: Iterable[Benchmark], school_id: str) -> Section | None:
    """Return what a school's page shows; None where nothing of it is measured."""
    own = [one for one in benchmarks if one.school_id == school_id]
    panels = [
        _panel(audience, found)
        for audience in AUDIENCES
        if (found := [one for one in own if one.measure.audience == audience])
    ]
    latest = latest_of([one for one in own if one.group_by == EVERYONE])
    return Section(_stands_out(latest), tuple(panels)) if panels else None


def latest_of(benchmarks: Sequence[Benchmark]) -> list[Benchmark]:
    """Return the benchmarks of the latest wave of each measure."""
    last: dict[str, str] = {}
    for one in benchmarks:
        last[one.measure.name] = max(last.get(one.measure.name, ""), str(one.wave or ""))
    return [one for one in benchmarks if str(one.wave or "") == last[one.measure.name]]


def _stands_out(latest: Sequence[Benchmark]) -> tuple[str, ...]:
    """Say which measures stand apart from others like it, by more than chance would make."""
    apart = [one for one in latest if one.stands in ("above", "below")]
    said = [_said(one) for one in sorted(apart, key=lambda one: -_sure(one))]
    alike = sum(one.stands == ALIKE for one in latest)
    if not said and alike:
        return (f"Nothing stands out: on all {alike} measures, what differs is no more than chance would make.",)
    rest = counted(alike, "measure is", "measures are")
    return (*said, f"The other {rest} about the same as at others like it.") if alike else tuple(said)


def _said(one: Benchmark) -> str:
    found = beside(one)
    others = amount(one.measure, one.expected or 0.0)
    return f"{capital(one.measure.label)}: {found.value}, {one.stands} others like it ({others})."


def _sure(one: Benchmark) -> float:
    """Return how far a benchmark stands apart, in its own margins."""
    return abs((one.value or 0) - (one.expected or 0)) / (one.margin or 1.0)


def _panel(audience: str, found: Sequence[Benchmark]) -> Panel:
    latest = latest_of(found)
    whole = [one for one in latest if one.group_by == EVERYONE]
    axis = axis_of([one for one in found if one.group_by == EVERYONE])
    measures = [one.measure for one in whole]
    return Panel(
        key=audience,
        title=AUDIENCES[audience],
        says=_says(whole[0], audience),
        lines=tuple(_line(one, found, axis) for one in whole),
        scale=svg.scale(axis),
        heads=tuple(capital(measure.label) for measure in measures),
        groups=_groups(latest, [measure.name for measure in measures]),
    )


def _line(one: Benchmark, found: Sequence[Benchmark], axis: svg.Axis) -> Line:
    waves = [each for each in found if each.measure == one.measure and each.group_by == EVERYONE]
    line = wave_line(axis, sorted(waves, key=lambda each: str(each.wave)))
    return Line(capital(one.measure.label), strip(axis, one), beside(one), line, change_words(one))


def _says(one: Benchmark, audience: str) -> str:
    """Say who answered, and on which scale."""
    if audience == "register":
        return "Share of possible sessions missed since September, by pupils with enough of them behind them to tell."
    if one.respondents is None:
        return f"Fewer than {RESPONDENTS_FROM} answered: nothing of them is shown."
    closed = f"in the wave that closed on {day(one.wave)}" if one.wave else "in the latest wave"
    asked = f" of {one.asked:,} asked" if one.asked is not None else ""
    return f"Points out of 10. {one.respondents:,}{asked} answered {closed}; the line is that of the last year's waves."


def _groups(latest: Sequence[Benchmark], measures: Sequence[str]) -> tuple[GroupLine, ...]:
    """Return the groups in order: year groups, bands of attendance, then those of the audit."""
    cells = {(one.group_by, one.group, one.measure.name): beside(one) for one in latest}
    there = dict.fromkeys((one.group_by, one.group) for one in latest if one.group_by != EVERYONE)
    kinds = {by: at for at, by in enumerate(dict.fromkeys((*_FIRST, *(by for by, _ in there))))}
    # Those without SEN are a group of both kinds that tell of SEN: one name, one line.
    named = {group_name(*group): group for group in sorted(there, key=lambda one: (kinds[one[0]], _place(*one)))}
    return tuple(
        GroupLine(name, tuple(cells.get((*group, measure)) for measure in measures)) for name, group in named.items()
    )


def _place(by: str, group: str) -> tuple[bool, int, str]:
    """Return what sorts groups of one kind: numbers as numbers, bands from the highest, "not recorded" last."""
    if by == ATTENDANCE_BAND and group in BANDS:
        return (False, BANDS.index(group), group)
    return (group == NOT_RECORDED, int(group) if group.isdecimal() else 99, group)


_FIRST = ("year_group", ATTENDANCE_BAND, "pupil_premium", "any_sen", "sen")
_KIND_NAMES: Mapping[str, Callable[[str], str]] = {
    "year_group": lambda group: f"Year {group}" if group != "0" else "Reception",
    ATTENDANCE_BAND: lambda group: f"Attendance {group}",
    "role": capital,
}


def group_name(by: str, group: str) -> str:
    """Return what a group is called.

    >>> group_name("year_group", "9"), group_name("attendance_band", "over 95%"), group_name("pupil_premium", "yes")
    ('Year 9', 'Attendance over 95%', 'With pupil premium')
    """
    if group == NOT_RECORDED or by not in _KIND_NAMES:
        return capital(phrase_of(by, group))
    return _KIND_NAMES[by](group)
