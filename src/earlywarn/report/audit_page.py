"""audit.html: for whom the model works less well, in words first and then in numbers.

In:  an audit (`audit.json`): rows a group and measure, gaps between groups, a reading in words, and the same
     with the school's own decisions taken out; what stands behind the gaps, and what could be done.
Out: one page, the answer first. Cells that are too small to share show "c"; what cannot be told is "not estimable".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from earlywarn.audit.groups import TIMES
from earlywarn.audit.words import phrase_of
from earlywarn.disclosure import HIDDEN
from earlywarn.report import audit_parts as behind
from earlywarn.report import svg
from earlywarn.report.audit_glance import glance, main_list_of
from earlywarn.report.audit_parts import Lengths, Table
from earlywarn.report.charts import Chart, Dot, capital, dot_chart
from earlywarn.report.contest import POPULATIONS
from earlywarn.report.page import render
from earlywarn.report.words import (
    difference,
    difference_interval,
    known,
    measure_words,
    number,
    value_and_interval,
    with_interval,
)

_COLUMNS = (
    "base_rate", "selection", "recall", "precision", "false_alarms", "false_reassurance", "auc",
    "observed_over_expected", "calibration_slope", "calibration_intercept",
)  # fmt: skip
_CHARTS = {
    "recall": "Found: of those with the outcome, how many were on the list",
    "false_alarms": "False alarms: of those listed, how many did not have the outcome",
}
_GAP_MEASURES = ("recall", "false_alarms")
_CONTENDERS = {"model": "The model", "with_characteristics": "The model given characteristics too"}
_GROUPINGS = {
    "sen": "SEN",
    "any_sen": "Any SEN",
    "part_time": "Part-time",
    "fsm": "Free school meals",
    "eal": "English as an additional language",
}
Record = Mapping[str, Any]


@dataclass(frozen=True)
class GroupRow:
    """One group of people under the model: how many, and every measure in words with its interval."""

    group: str
    n: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class GapRow:
    """One group against the largest, for one contender: the gap in words, and whether it is an alarm."""

    group: str
    measure: str
    contender: str
    gap: str
    interval: str
    sure: str
    alarm: bool


@dataclass(frozen=True)
class Grouping:
    """Everything about one way of grouping the people of one list."""

    key: str
    title: str
    charts: tuple[Chart, ...]
    rows: tuple[GroupRow, ...]
    gaps: tuple[GapRow, ...]
    own: tuple[tuple[str, str, str, str, str], ...]
    why: Table | None
    lengths: Lengths | None
    dates: Table | None
    risks: Chart | None


@dataclass(frozen=True)
class Population:
    key: str
    title: str
    says: str
    groupings: tuple[Grouping, ...]


def render_audit_page(audit: Mapping[str, Any]) -> str:
    """Return the page of one audit."""
    own = audit.get("own_decisions") or {}
    limits = audit.get("limits") or ()
    asked = {limit["words"] for limit in limits}
    sentences = [sentence for sentence in audit["reading"] if sentence not in asked]
    main = main_list_of(audit)
    return render(
        "audit.html",
        name=audit["name"],
        outcome_words=audit["outcome_words"],
        verdict=sentences[0] if sentences else "",
        reading=sentences[1:],
        glance=glance(audit),
        main=_title(main),
        limits=limits,
        words={"why": [], "schools": []} | (audit.get("words") or {}),
        frontiers=behind.frontiers(audit.get("remedies") or ()),
        populations=_populations(audit, own.get("rows") or ()),
        measures=[measure_words(name) for name in _columns(audit["rows"])],
        own_words=own.get("words", ""),
    )


def _columns(rows: Sequence[Record]) -> list[str]:
    """Return the measures that the audit holds, in the order of the table."""
    there = {row["measure"] for row in rows}
    return [name for name in _COLUMNS if name in there]


def _title(population: str) -> str:
    return POPULATIONS.get(population, (f"The list {population}", ""))[0]


def _populations(audit: Record, own: Sequence[Record]) -> tuple[Population, ...]:
    """Return one part a list, and in it one a grouping, in the order of the audit."""
    parts = []
    there = dict.fromkeys(row["population"] for row in audit["rows"])
    for key in [*(key for key in POPULATIONS if key in there), *(key for key in there if key not in POPULATIONS)]:
        here = [row for row in audit["rows"] if row["population"] == key]
        groupings = [
            _grouping(key, by, _by(here, by), audit, _by(own, by, key))
            for by in dict.fromkeys(row["group_by"] for row in here)
        ]
        parts.append(Population(key, _title(key), POPULATIONS.get(key, ("", ""))[1], tuple(groupings)))
    return tuple(parts)


def _by(rows: Sequence[Record], group_by: str, population: str | None = None) -> list[Record]:
    return [row for row in rows if row["group_by"] == group_by and population in (None, row["population"])]


def _grouping(population: str, by: str, rows: list[Record], audit: Record, own: list[Record]) -> Grouping:
    of_model, gaps, columns = _cells(rows), _by(audit["gaps"], by, population), _columns(audit["rows"])
    details = audit.get("details") or ()
    groups = list(dict.fromkeys(group for group, _ in of_model))
    alarms = {(gap["group"], gap["measure"]) for gap in gaps if gap.get("alarm") and gap["contender"] == "model"}
    key = f"{population}-{'-'.join(by.split(TIMES))}".replace(" ", "-")
    return Grouping(
        key,
        grouping_words(by),
        tuple(_chart(by, measure, groups, of_model, alarms) for measure in _CHARTS),
        tuple(_group_row(by, group, of_model, columns) for group in groups),
        tuple(_gap_row(by, gap) for gap in _in_order(gaps)),
        tuple(_own_row(by, group, of_model, _cells(own)) for group in groups) if own else (),
        behind.why_table(audit.get("why") or (), population, by),
        behind.lengths(behind.of_kind(details, "length", population, by), f"lengths-{key}"),
        behind.dates(behind.of_kind(details, "date", population, by), by),
        behind.risks(behind.of_kind(details, "risk", population, by), by),
    )


def _cells(rows: Sequence[Record]) -> dict[tuple[str, str], Record]:
    return {(row["group"], row["measure"]): row for row in rows if row["contender"] == "model"}


def _chart(
    by: str, measure: str, groups: Sequence[str], cells: Mapping[tuple[str, str], Record], alarms: set[tuple[str, str]]
) -> Chart:
    dots = []
    for group in groups:
        cell = cells.get((group, measure), {})
        value, low, high = (known(cell.get(part)) for part in ("value", "low", "high"))
        alarm = (group, measure) in alarms
        note = f"{_people(cells, group)} people" + (" · alarm" if alarm else "")
        words = with_interval(cell, "share")
        dots.append(Dot(group_words(by, group), value, low, high, words, note, "alarm" if alarm else ""))
    return dot_chart(_CHARTS[measure], "", dots, axis=svg.WHOLE)


def _people(cells: Mapping[tuple[str, str], Record], group: str) -> str:
    """Return how many people a group has: of its base rate, which counts everyone in it."""
    cell = cells.get((group, "base_rate")) or next(cell for (one, _), cell in cells.items() if one == group)
    return HIDDEN if known(cell.get("n")) is None else number(cell["n"], "count")


def _group_row(by: str, group: str, cells: Mapping[tuple[str, str], Record], columns: Sequence[str]) -> GroupRow:
    shown = [value_and_interval(cells.get((group, measure)), measure_words(measure).kind) for measure in columns]
    return GroupRow(group_words(by, group), _people(cells, group), tuple(shown))


def _in_order(gaps: Sequence[Record]) -> list[Record]:
    """Return the gaps that are shown: measure by measure, group by group, the model before the others."""
    shown = [gap for gap in gaps if gap["measure"] in _GAP_MEASURES]
    groups = list(dict.fromkeys(gap["group"] for gap in shown))
    return sorted(shown, key=lambda gap: (_GAP_MEASURES.index(gap["measure"]), groups.index(gap["group"])))


def _gap_row(by: str, gap: Record) -> GapRow:
    kind = measure_words(gap["measure"]).kind
    against = f"{group_words(by, gap['group'])}, against {phrase_of(by, gap['against'])}"
    hidden = gap.get("status") == "suppressed"
    value = HIDDEN if hidden else difference(gap.get("value"), kind)
    interval = "" if hidden else difference_interval(gap, kind)
    alarm = bool(gap.get("alarm"))
    measure = measure_words(gap["measure"]).label
    return GapRow(against, measure, contender_words(gap["contender"]), value, interval, _sure(gap, hidden), alarm)


def _sure(gap: Record, hidden: bool) -> str:
    """Return how sure a gap is; only the family-wise interval makes an alarm."""
    if gap.get("alarm"):
        return "▲ alarm"
    low, high, smallest = (known(gap.get(key)) for key in ("low", "high", "smallest_shown"))
    if hidden or low is None or high is None:
        return ""
    if low > 0 or high < 0:
        return "more than chance if it were the only gap looked at"
    could = "" if smallest is None else f"; smallest these data could have shown: {100 * smallest:.1f} points"
    return f"may be chance{could}"


def _own_row(
    by: str, group: str, cells: Mapping[tuple[str, str], Record], own: Mapping[tuple[str, str], Record]
) -> tuple[str, str, str, str, str]:
    def said(found: Mapping[tuple[str, str], Record], measure: str) -> str:
        return with_interval(found.get((group, measure)), "share")

    recall, false_alarms = _GAP_MEASURES
    return (
        group_words(by, group),
        *(said(cells, recall), said(own, recall)),
        *(said(cells, false_alarms), said(own, false_alarms)),
    )


def grouping_words(by: str) -> str:
    """Return how a grouping is called.

    >>> grouping_words("pupil_premium × sen")
    'Pupil premium and SEN'
    """
    names = [_GROUPINGS.get(name, name.replace("_", " ")) for name in by.split(TIMES)]
    return capital(" and ".join(names))


def group_words(by: str, group: str) -> str:
    """Return how a group is called at the head of a row.

    >>> group_words("pupil_premium × sen", "yes × E")
    'With pupil premium and with an EHC plan'
    """
    return capital(phrase_of(by, group))


def contender_words(name: str) -> str:
    """Return how a contender is called."""
    return _CONTENDERS.get(name, capital(name.replace("_", " ")))
