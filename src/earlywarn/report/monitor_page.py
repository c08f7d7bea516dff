"""monitor.html: is last term's model still true, in words first and then in pictures over the terms.

In:  what a monitoring found (`monitor.json`), and what should have been deleted.
Out: one page: the verdict with its reasons and what to do, how well the model does, what moved, and for whom.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from earlywarn.disclosure import HIDDEN
from earlywarn.phrases import list_name
from earlywarn.report import svg
from earlywarn.report.charts import Chart, Row, capital
from earlywarn.report.page import render
from earlywarn.report.words import day, known, measure_words, number, value_and_interval, with_interval

_KINDS = {
    "feature": "Features of the model",
    "risk": "The risks it gives",
    "item": "Survey questions",
    "answers": "Questionnaires as a whole",
    "code": "Use of attendance codes, school by school",
    "response": "Who answers surveys",
}
_MARKS = {"fine": ("good", "✓"), "look": ("bad", "▲"), "stop using": ("bad", "■")}
_NONE = "–"
_NEAREST = 12
_TWICE = svg.Axis(0.0, 2.0, ((0.0, "nothing moved"), (1.0, "alarm"), (2.0, "twice that, or more")))
Record = Mapping[str, Any]


@dataclass(frozen=True)
class PerformanceRow:
    """One measure of a list: what it was tested at; what is expected and what came, as a value and its interval."""

    label: str
    says: str
    tested: str
    expected: tuple[str, str]
    realised: tuple[str, str]


@dataclass(frozen=True)
class Performance:
    """A date's measures, list by list; `came` tells whether its outcomes are known."""

    as_of: str
    came: bool
    lists: tuple[tuple[str, tuple[PerformanceRow, ...]], ...]


@dataclass(frozen=True)
class MovedRow:
    """One thing beside its past; `share` is how much of its limit it used."""

    what: str
    before: str
    now: str
    share: str
    alarm: bool


@dataclass(frozen=True)
class GroupRow:
    group: str
    cells: tuple[tuple[str, str], ...]


_OF_GROUP = ("observed_over_expected", "auc", "recall", "precision")


def render_monitor_page(facts: Record, overdue: Sequence[tuple[str, str, str]] = ()) -> str:
    """Return the page; `overdue` are kind, path and last day of what should have been deleted."""
    dates, latest = facts["dates"], facts["dates"][-1]
    realised = next((one for one in reversed(dates) if one["groups"]), None)
    return render(
        "monitor.html",
        name=facts["name"],
        version=facts["version"],
        outcome=f"Which {facts['population']} {facts['outcome']}?",
        trained_on=", ".join(day(one) for one in facts["trained_on"]),
        verdict=facts["verdict"],
        mark=_MARKS[facts["verdict"]["level"]],
        marks=_MARKS,
        overdue=overdue,
        auc=_auc_charts(dates),
        performance=[_performance(one) for one in _shown_whole(latest, realised)],
        moved=_moved_charts(dates),
        nearest=_nearest(latest, facts["meanings"], facts["questions"]),
        against=", ".join(day(one) for one in latest["against"]),
        latest=day(latest["as_of"]),
        group_date=day(realised["as_of"]) if realised else "",
        group_heads=[measure_words(name) for name in _OF_GROUP],
        groups=_groups(realised) if realised else [],
    )


def _shown_whole(latest: Record, realised: Record | None) -> list[Record]:
    """Return the dates whose measures are all shown: the latest, and the latest whose outcomes are known."""
    return [latest] if realised is None or realised is latest else [latest, realised]


def _auc_charts(dates: Sequence[Record]) -> list[Chart]:
    """Return, for each list, AUC over the dates: what was expected, and under it what came."""
    lists = dict.fromkeys(one["population"] for each in dates for one in each["performance"])
    return [chart for name in lists if (chart := _auc_chart(name, dates)) is not None]


def _auc_chart(population: str, dates: Sequence[Record]) -> Chart | None:
    found = {each["as_of"]: one for each in dates for one in each["performance"] if _is(one, population, "auc")}
    shown = [each for one in found.values() for each in (one["expected"], one["realised"]) if each]
    tested = next((one["tested"] for one in found.values()), None)
    values = [known(each[key]) for each in shown for key in ("value", "low", "high")] + [known(tested)]
    drawn = [value for value in values if value is not None]
    if not drawn:
        return None
    axis = svg.axis_for(drawn, share=False)
    rows = [
        Row(day(as_of), _dot(axis, one[kind], kind, tested), with_interval(one[kind]), kind)
        for as_of, one in found.items()
        for kind in ("expected", "realised")
        if one[kind]
    ]
    says = f"Dashed: what the tested model reached, {number(tested)}." if known(tested) is not None else ""
    return Chart(f"AUC: {list_name(population)}", says, tuple(rows), svg.scale(axis))


def _is(one: Record, population: str, measure: str) -> bool:
    return (one["population"], one["measure"]) == (population, measure)


def _dot(axis: svg.Axis, found: Record, kind: str, tested: float | None) -> Any:
    low, high = known(found["low"]), known(found["high"])
    return svg.dot(axis, known(found["value"]), low, high, "model" if kind == "realised" else "", known(tested))


def _performance(one: Record) -> Performance:
    measured = one["performance"]
    lists = tuple(
        (list_name(name), tuple(_performance_row(each) for each in measured if each["population"] == name))
        for name in dict.fromkeys(each["population"] for each in measured)
    )
    return Performance(day(one["as_of"]), any(each["realised"] for each in measured), lists)


def _performance_row(one: Record) -> PerformanceRow:
    words = measure_words(one["measure"])
    expected, realised = (
        value_and_interval(one[kind], words.kind) if one[kind] else (_NONE, "") for kind in ("expected", "realised")
    )
    tested = number(one["tested"], words.kind) if known(one["tested"]) is not None else _NONE
    return PerformanceRow(words.label, words.says, tested, expected, realised)


def _moved_charts(dates: Sequence[Record]) -> list[Chart]:
    """Return, for each kind of thing, how near the one that moved most came to an alarm on each date."""
    found = []
    for kind, title in _KINDS.items():
        rows = [_moved_row(one, of_kind) for one in dates if (of_kind := _of_kind(one, kind))]
        if rows:
            found.append(Chart(title, "", tuple(rows), svg.scale(_TWICE)))
    return found


def _of_kind(one: Record, kind: str) -> list[Record]:
    return [each for each in one["readings"] if each["kind"] == kind]


def _moved_row(one: Record, readings: Sequence[Record]) -> Row:
    alarms = sum(each["alarm"] for each in readings)
    most = max(map(_share, readings))
    strip = svg.dot(_TWICE, most, None, None, "alarm" if alarms else "model", reference=1.0)
    words = "no alarm" if not alarms else "1 alarm" if alarms == 1 else f"{alarms} alarms"
    return Row(day(one["as_of"]), strip, words, f"{len(readings):,} looked at", marked=bool(alarms))


def _share(reading: Record) -> float:
    """Return how much of its limit a reading used; something that came or went has no limit, and is an alarm."""
    return abs(reading["moved"]) / reading["limit"] if reading["limit"] else 2.0


def _nearest(latest: Record, meanings: Mapping[str, str], questions: Mapping[str, str]) -> list[MovedRow]:
    """Return the readings of the latest date that came nearest to an alarm, or are one."""
    ordered = sorted(latest["readings"], key=lambda each: (not each["alarm"], -_share(each)))
    return [
        MovedRow(
            what=_what(each, meanings, questions),
            before=_number(each["before"], each["kind"]),
            now=_number(each["now"], each["kind"]),
            share=f"{100 * _share(each):.0f}%",
            alarm=each["alarm"],
        )
        for each in ordered[:_NEAREST]
    ]


def _what(reading: Record, meanings: Mapping[str, str], questions: Mapping[str, str]) -> str:
    kind, name = reading["kind"], reading["name"]
    where = f" at school {reading['school']}" if reading["school"] else ""
    words = {
        "feature": meanings.get(name, name),
        "risk": "The risks that the model gives",
        "item": f"Question {name}: “{questions[name]}”" if name in questions else f"Question {name}",
        "answers": f"Answers to {name}",
        "code": f"Code {name}",
        "response": f"Response to {name}",
    }
    return capital(words[kind]) + where


def _number(value: float | None, kind: str) -> str:
    if value is None:
        return _NONE
    return f"{value:.1f} of 10" if kind == "item" else number(value, "share")


def _groups(one: Record) -> list[GroupRow]:
    """Return each group's measures, value and interval; "c" where they would tell of too few people."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for each in one["groups"]:
        kind = measure_words(each["measure"]).kind
        shown = (HIDDEN, "") if each["hidden"] else value_and_interval(each["realised"], kind)
        found.setdefault(capital(each["words"]), {})[each["measure"]] = shown
    return [GroupRow(name, tuple(cells[measure] for measure in _OF_GROUP)) for name, cells in found.items()]
