"""What a study's figures show, before anything is drawn.

In:  the tables of a study.
Out: `Forest`s, numbers with intervals in rows; `Paths`, how engagement and absence follow one another; `YearLine`, the
     calendar of one school year. A title says what is found.

The page and the files draw the same rows.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from earlywarn.config import Config
from earlywarn.phrases import lowered
from earlywarn.report.charts import capital
from earlywarn.report.words import counted, signless_zero
from earlywarn.study.domains import ALONE
from earlywarn.study.panel_paths import TO_ABSENCE, TO_ENGAGEMENT
from earlywarn.study.table import Table
from earlywarn.study.verdict import MEASURE_WORDS, Row, amount, is_above
from earlywarn.study.year_calendar import Kind

Named = Mapping[str, Table]

# What each rung of the ladder adds, short enough to stand beside a row.
RUNGS = {
    "characteristics": "Who they are",
    "participation": "Whether they answer",
    "level": "What they answered",
    "change": "How that has changed",
    "parents": "What parents answered",
    "staff": "What staff answered",
}


@dataclass(frozen=True)
class Bar:
    """One row: a number with its interval in words; `sure` where the whole interval lies above the line."""

    label: str
    value: float
    low: float | None
    high: float | None
    words: str
    sure: bool


@dataclass(frozen=True)
class Forest:
    """Rows of numbers with intervals, beside the line at which there is no difference.

    name   : of the figure, and of the table whose rows it draws.
    across : what the numbers are.
    ratios : whether they are ratios, drawn so that twice and half are equally far from 1.
    """

    name: str
    title: str
    across: str
    bars: tuple[Bar, ...]
    line: float = 0.0
    ratios: bool = False


@dataclass(frozen=True)
class Path:
    """How one thing before goes with another after, within the same persons: an arrow and what stands at it."""

    before: str
    after: str
    words: str
    sure: bool


@dataclass(frozen=True)
class Paths:
    """The arrows between engagement and absence, from one wave to the next."""

    name: str
    title: str
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Span:
    """Something in the year, in the row of its kind."""

    kind: str
    starts: date
    ends: date


@dataclass(frozen=True)
class YearLine:
    """One school year, on a line for each kind of entry."""

    name: str
    title: str
    kinds: tuple[str, ...]
    spans: tuple[Span, ...]


_ORDER: tuple[str, ...] = get_args(Kind)
_ENGAGEMENT, _ABSENCE = "Engagement", "Absence"
_TIMES = "Times as likely as among those who attended over 95%"

Drawn = Forest | Paths | YearLine


def figures(tables: Sequence[Table], config: Config) -> tuple[Drawn, ...]:
    """Return the figures that the tables have rows for."""
    named = {table.name: table for table in tables}
    made: tuple[Drawn | None, ...] = (
        _by_rung(named, config),
        _by_horizon(named),
        _by_domain(named),
        _by_year_group(named),
        _cross_lagged(named),
        _by_band(named),
        _year_line(named),
    )
    return tuple(one for one in made if one is not None)


def _by_rung(named: Named, config: Config) -> Forest | None:
    chosen = config.study

    def mine(row: Row) -> bool:
        return (row.get("population"), row.get("measure")) == (chosen.population, chosen.measure)

    rows = _rows(named, "gains", mine)
    below = {row["rung"]: row["over"] for row in reversed(rows)}  # the first row of a rung is over the one below
    near = [row for row in rows if row["over"] == below[row["rung"]]]
    steps, whole = _gains(near, _rung), _gains([row for row in rows if row not in near], _up_to)
    title = _title("Shown to add to all before", "Nothing is shown to add to all before", steps)
    return Forest("gains", title, f"Gain in {MEASURE_WORDS[chosen.measure]}", (*steps, *whole)) if steps else None


def _rung(row: Row) -> str:
    """Return what a model of the ladder knows more than the one below."""
    return RUNGS.get(str(row["rung"]), str(row["rung"]))


def _up_to(row: Row) -> str:
    return f"All up to {lowered(_rung(row))}, over {row['over']}"


def _by_horizon(named: Named) -> Forest | None:
    bars = _gains(_rows(named, "horizons"), lambda row: f"{row['weeks']} weeks ahead")
    nothing = "At no horizon are answers shown to add"
    return _forest("horizons", "Answers are shown to add", nothing, "Gain in AUC", bars)


def _by_domain(named: Named) -> Forest | None:
    rows = _rows(named, "domains", lambda row: (row["kind"], row["compared"]) == ("scale", ALONE))
    bars = _gains(rows, lambda row: str(row["label"]))
    return _forest("domains", "Shown to add alone", "No domain alone is shown to add", "Gain in AUC", bars)


def _by_year_group(named: Named) -> Forest | None:
    bars = _gains(_rows(named, "year_groups"), lambda row: f"Year {row['year_group']}")
    nothing = "In no year group alone are answers shown to add"
    return _forest("year_groups", "Answers are shown to add in", nothing, "Gain in AUC", bars)


def _forest(name: str, found: str, nothing: str, across: str, bars: tuple[Bar, ...]) -> Forest | None:
    """Return a figure whose title names its rows that are sure; None without rows."""
    return Forest(name, _title(found, nothing, bars), across, bars) if bars else None


def _title(found: str, nothing: str, bars: Sequence[Bar]) -> str:
    sure = "; ".join(lowered(bar.label) for bar in bars if bar.sure)
    return f"{found}: {sure}" if sure else nothing


def _rows(named: Named, name: str, wanted: Callable[[Row], bool] = lambda _: True) -> list[Row]:
    return [row for row in named[name].rows if wanted(row)] if name in named else []


def _gains(rows: Sequence[Row], label: Callable[[Row], str]) -> tuple[Bar, ...]:
    return tuple(bar for row in rows if (bar := _bar(row, "gain", capital(label(row)), four_decimals, 0.0)) is not None)


def _bar(row: Row, column: str, label: str, say: Callable[[float], str], line: float) -> Bar | None:
    """Return a row of a figure; None where there is no number."""
    value, low, high = (amount(row, name) for name in (column, f"{column}_low", f"{column}_high"))
    if value is None:
        return None
    sure = "" if low is None or high is None else f" ({say(low)} to {say(high)})"
    return Bar(label, value, low, high, f"{say(value)}{sure}", is_above(row, column, line))


def _cross_lagged(named: Named) -> Paths | None:
    """Return the paths of the first measure: all of engagement as one number."""
    rows = {row["direction"]: row for row in reversed(_rows(named, "cross_lagged"))}
    if not rows.keys() >= {TO_ABSENCE, TO_ENGAGEMENT}:
        return None
    there, back = rows[TO_ABSENCE], rows[TO_ENGAGEMENT]
    asked = (
        (back, "carried", _ENGAGEMENT, _ENGAGEMENT),
        (there, "path", _ENGAGEMENT, _ABSENCE),
        (back, "path", _ABSENCE, _ENGAGEMENT),
        (there, "carried", _ABSENCE, _ABSENCE),
    )
    paths = tuple(path for one in asked if (path := _path(*one)) is not None)
    return Paths("cross_lagged", _paths_title(there, back), paths) if paths else None


def _path(row: Row, column: str, before: str, after: str) -> Path | None:
    bar = _bar(row, column, "", two_decimals, 0.0)
    return None if bar is None else Path(before, after, bar.words, _is_not_nothing(row, column))


def _is_not_nothing(row: Row, column: str) -> bool:
    """Tell whether a number's whole interval lies on one side of 0."""
    low, high = amount(row, f"{column}_low"), amount(row, f"{column}_high")
    return low is not None and high is not None and (low > 0 or high < 0)


def _paths_title(there: Row, back: Row) -> str:
    found = [
        words
        for row, words in ((there, "engagement goes before absence"), (back, "absence goes before engagement"))
        if _is_not_nothing(row, "path")
    ]
    said = " and ".join(found) if found else "neither is shown to go before the other"
    return f"Within a pupil, {said}"


def four_decimals(value: float) -> str:
    """Return a gain as it stands in a row: gains in AUC are small.

    >>> four_decimals(-0.00121)
    '−0.0012'
    """
    return signless_zero(f"{value:.4f}")


def two_decimals(value: float) -> str:
    """Return a path as it stands at its arrow.

    >>> two_decimals(-0.061)
    '−0.06'
    """
    return signless_zero(f"{value:.2f}")


def _by_band(named: Named) -> Forest | None:
    """Return how many times as likely the first outcome is in lower bands of attendance, among everyone."""
    rows = _rows(named, "bands", lambda row: row["group_by"] == "everyone")
    mine = [row for row in rows if row["outcome"] == rows[0]["outcome"] and amount(row, "times_low") is not None]
    bars = tuple(bar for row in mine if (bar := _bar(row, "times", str(row["band"]), times, 1.0)) is not None)
    if not bars:
        return None
    first = max(bars, key=lambda bar: bar.value)
    title = f"{capital(str(mine[0]['words']))}: {times(first.value)} times as likely at an attendance of {first.label}"
    return Forest("bands", title, _TIMES, bars, 1.0, ratios=True)


def times(value: float) -> str:
    """Return a ratio as it is said.

    >>> times(5.21)
    '5.2'
    """
    return f"{value:.1f}"


def alternative(drawn: Drawn) -> str:
    """Return a figure in words, for who cannot see it."""
    if isinstance(drawn, Forest):
        return f"{drawn.title}. {'; '.join(f'{bar.label}: {bar.words}' for bar in drawn.bars)}."
    if isinstance(drawn, Paths):
        paths = "; ".join(f"from {path.before} to {path.after}: {path.words}" for path in drawn.paths)
        return f"{drawn.title}. {paths}."
    return f"{drawn.title}. In rows: {', '.join(drawn.kinds)}. Every day stands in the table below."


def _year_line(named: Named) -> YearLine | None:
    """Return the school year that has most surveys, the later of equal ones."""
    rows = _rows(named, "timeline")
    if not rows:
        return None
    surveys = Counter({str(row["school_year"]): 0 for row in rows})
    surveys.update(str(row["school_year"]) for row in rows if row["kind"] == "survey")
    year = max(surveys, key=lambda each: (surveys[each], each))
    spans = tuple(_span(row) for row in rows if row["school_year"] == year)
    late = len(_rows(named, "timeline_warnings"))
    counted_late = counted(late, "survey comes", "surveys come")
    title = f"The school year {year}: {counted_late} too late" if late else f"The school year {year}: no survey is late"
    kinds = sorted(dict.fromkeys(span.kind for span in spans), key=lambda kind: _ORDER.index(kind.partition(":")[0]))
    return YearLine("timeline", title, tuple(kinds), spans)


def _span(row: Row) -> Span:
    """Return an entry of the year; surveys stand in a row for each audience."""
    kind = str(row["kind"])
    whom = f": {str(row['what']).rpartition(' asks ')[2]}" if kind == "survey" else ""
    return Span(f"{kind}{whom}", date.fromisoformat(str(row["starts"])), date.fromisoformat(str(row["ends"])))
