"""decision.html: what is recommended this term, and everything that it rests on.

In:  the facts of a decision (`decision.json`).
Out: one page. The recommendation with its reasons, both versions side by side on the dates that neither saw, who
     comes and goes, for whom it is better or worse, limits, and every rule with its answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from earlywarn.audit.groups import TIMES
from earlywarn.audit.words import column_words, joined, phrase_of
from earlywarn.disclosure import HIDDEN
from earlywarn.evaluate.estimate import NOT_ESTIMABLE
from earlywarn.report.charts import Chart, Dot, capital, dot_chart
from earlywarn.report.contest import ONE_LIST, POPULATIONS, Gain, gain_words
from earlywarn.report.page import render
from earlywarn.report.svg import axis_for
from earlywarn.report.words import (
    day,
    known,
    measure_words,
    number,
    value_and_interval,
    with_interval,
)

SCHOOL = "school_id"
_HEADINGS = {
    "promote": "Promote the new version",
    "hold": "Keep the version in use",
    "look at this first": "Look at this before you decide",
}
_CLASSES = {"promote": "good", "hold": "", "look at this first": "bad"}
_TITLES = {SCHOOL: "By school", "any_sen": "By any SEN"}
_MEASURES = ("auc", "average_precision", "brier", "recall", "precision", "observed_over_expected")


@dataclass(frozen=True)
class MeasureRow:
    """One measure of both versions, each as a value and its interval, and what the new one gains."""

    label: str
    says: str
    champion: tuple[str, str]
    challenger: tuple[str, str]
    gain: Gain | None


@dataclass(frozen=True)
class Population:
    """Both versions among some people, and how many stand on both lists."""

    title: str
    says: str
    rows: tuple[MeasureRow, ...]
    overlap: str


@dataclass(frozen=True)
class GroupRow:
    """A group: whom each version's lists find of it, the difference, and who comes and goes."""

    name: str
    champion: str
    challenger: str
    difference: tuple[str, str]
    shown: str
    class_: str


@dataclass(frozen=True)
class Kind:
    """The groups of one kind, and who of them is new on a list, gone, or on both."""

    title: str
    rows: tuple[GroupRow, ...]
    moves: tuple[tuple[str, str, str, str], ...]


def render_decision(facts: Mapping[str, Any]) -> str:
    """Return the page of a decision."""
    said, comparison = facts["recommendation"], facts.get("comparison")
    return render(
        "decision.html",
        name=facts["name"],
        outcome_words=facts["outcome_words"],
        people=facts["people"],
        says=said["says"],
        heading=_HEADINGS[said["says"]],
        class_=_CLASSES[said["says"]],
        reasons=said["reasons"],
        promote=facts.get("promote", ""),
        versions=_versions(facts),
        dates=joined([day(one) for one in facts["dates"]]) if facts.get("dates") else "",
        gains=_gains(comparison) if comparison else None,
        populations=_populations(comparison) if comparison else (),
        left_out=_left_out(comparison) if comparison else "",
        rule=_rule(facts.get("rule")),
        moves_on=day(facts["moves_on"]) if facts.get("moves_on") else "",
        moves=_all_moves(facts),
        kinds=_kinds(facts),
        limits=facts.get("limits_not_met"),
        rules=[(rule["asks"], rule["says"], rule["because"]) for rule in said["rules"]],
    )


def _versions(facts: Mapping[str, Any]) -> list[tuple[str, str, tuple[tuple[str, ...], ...]]]:
    """Return rows of (role, version, cells of days: data up to, fitted on, tested on)."""
    roles = (("In use", facts["champion"]), ("New", facts["challenger"]))
    return [(role, str(one["version"]), _learnt(one)) for role, one in roles if one is not None]


def _learnt(one: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    if not one["digest"]:
        return (("cannot be read",),) * 3
    return tuple(tuple(map(day, days)) for days in ([one["data_to"]], one["trained"], one["tested"]))


def _gains(comparison: Mapping[str, Any]) -> Chart | None:
    """Return a picture of what the new version gains in AUC, for each population."""
    found = [_gain_dot(key, comparison["gains"][key]["auc"]) for key in POPULATIONS if key in comparison["gains"]]
    drawn = [value for dot in found for value in (dot.value, dot.low, dot.high) if value is not None]
    if not drawn:
        return None
    says = "Right of the dashed line the new version is better. In colour: the 95% interval lies on one side of it."
    return dot_chart("Gain of the new version in AUC", says, found, axis_for([*drawn, 0.0], share=False), 0.0)


def _gain_dot(population: str, gain: Mapping[str, Any]) -> Dot:
    said = gain_words(gain, "decimal")
    return Dot(
        label=POPULATIONS[population][0],
        value=known(gain.get("value")),
        low=known(gain.get("low")),
        high=known(gain.get("high")),
        words=f"{said.value} ({said.interval})" if said.interval else said.value,
        class_={"good": "model", "bad": "alarm"}.get(said.class_, ""),
    )


def _populations(comparison: Mapping[str, Any]) -> tuple[Population, ...]:
    measured = comparison["measures"]
    found = []
    for key, (title, says) in POPULATIONS.items():
        if key in measured:
            rows = tuple(_measure(name, measured[key], comparison["gains"][key]) for name in _MEASURES)
            overlap = with_interval(comparison["overlap"].get(key), "share")
            found.append(Population(title, ONE_LIST if len(measured) == 1 else says, rows, overlap))
    return tuple(found)


def _measure(name: str, versions: Mapping[str, Any], gains: Mapping[str, Any]) -> MeasureRow:
    words = measure_words(name)
    theirs, ours = (value_and_interval(versions[version].get(name), words.kind) for version in ("champion", "model"))
    gain = gain_words(gains[name], words.kind) if name in gains else None
    return MeasureRow(words.label, words.says, theirs, ours, gain)


def _left_out(comparison: Mapping[str, Any]) -> str:
    if comparison["leave_out"] == "schools":
        return f"95% intervals leave out each of the {comparison['clusters']} schools in turn, for both versions alike."
    return (
        "95% intervals leave out groups of people in turn, because there are fewer than 10 schools: these schools do "
        "not speak for others."
    )


def _rule(rule: Mapping[str, Any] | None) -> str:
    """Return how the new version does beside the best simple rule, on all its test dates."""
    if rule is None:
        return ""
    gain = gain_words(rule["gain"], "decimal")
    return (
        f"{capital(rule['words'])}: AUC {with_interval(rule['auc'])}; the new version: {with_interval(rule['model'])}. "
        f"Gain {gain.value} ({gain.interval}): {gain.verdict}."
    )


def _all_moves(facts: Mapping[str, Any]) -> tuple[str, ...]:
    found = facts.get("moves")
    return tuple(_count(found["all"][name]) for name in ("new", "gone", "stays")) if found else ()


def _count(value: object) -> str:
    return HIDDEN if value == HIDDEN else number(value, "count")


def _kinds(facts: Mapping[str, Any]) -> tuple[Kind, ...]:
    rows, moves = facts.get("where") or (), (facts.get("moves") or {}).get("rows") or ()
    kinds = dict.fromkeys([*(row["kind"] for row in rows), *(row["kind"] for row in moves)])
    return tuple(
        Kind(
            _TITLES.get(kind) or f"By {' and '.join(map(column_words, kind.split(TIMES)))}",
            tuple(_group(facts["people"], row) for row in rows if row["kind"] == kind),
            _moves(facts["people"], [row for row in moves if row["kind"] == kind]),
        )
        for kind in kinds
    )


def _moves(people: str, rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str, str, str], ...]:
    """Return rows of (who, new, gone, on both)."""
    return tuple((_name(people, row), _count(row["new"]), _count(row["gone"]), _count(row["stays"])) for row in rows)


def _name(people: str, row: Mapping[str, Any]) -> str:
    group = str(row["group"])
    return group if row["kind"] == SCHOOL else f"{capital(people)} {phrase_of(row['kind'], group)}"


def _group(people: str, row: Mapping[str, Any]) -> GroupRow:
    name = _name(people, row)
    if row["status"] != "ok":
        said = HIDDEN if row["status"] == "suppressed" else NOT_ESTIMABLE
        return GroupRow(name, said, said, (said, ""), "", "")
    theirs, ours = (number(row[version], "share") for version in ("champion", "challenger"))
    interval = "" if known(row["low"]) is None else f"{_points(row['low'])} to {_points(row['high'])}"
    class_ = {"better": "good", "worse": "bad"}.get(row["shown"], "")
    return GroupRow(name, theirs, ours, (f"{_points(row['difference'])} points", interval), row["shown"], class_)


def _points(share: float) -> str:
    """Return a difference as whole points, as which it is kept: more would be more exact than it is.

    >>> _points(-0.04), _points(0.0), _points(0.12)
    ('−4', '0', '+12')
    """
    points = round(100 * share)
    return f"{points:+d}".replace("-", "−") if points else "0"
