"""study.html: does engagement lead? The answer in words first, then every table behind it.

In:  the facts of a study, what its figures show, and pictures of those that rows cannot show.
Out: one page that needs nothing but itself.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from earlywarn.report import svg
from earlywarn.report.charts import Chart, Row
from earlywarn.report.page import render
from earlywarn.report.study_cells import ShownTable, shown_table
from earlywarn.report.study_facts import StudyFacts
from earlywarn.report.study_figures import Drawn, Forest, alternative
from earlywarn.study.table import Table

# What the page asks, in order, and the tables that answer it; tables of no part come last.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("The one test", ("primary",)),
    ("How much do answers add, and for whom?", ("gains", "year_groups", "power")),
    ("When does the signal show?", ("horizons",)),
    ("Which domain tells most?", ("domains",)),
    ("Within persons or between them, and in which direction?", ("cross_lagged", "within_between")),
    ("The views of staff, parents and pupils, by school", ("school_views",)),
    ("Can the questionnaires be trusted?", ("reliability", "items", "congruence", "answer_quality", "between_schools")),
    ("What goes with attendance?", ("bands", "spread")),
    ("Benchmarks", ("benchmark",)),
    ("The calendar of the year", ("timeline", "timeline_warnings")),
)
_OTHERS = "Further tables"
_SIZE = re.compile(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_KEY = "The dashed line is no difference; what is drawn in colour lies above it for sure."


@dataclass(frozen=True)
class ShownPart:
    """One table with what is drawn of it: rows, or a picture."""

    table: ShownTable
    chart: Chart | None
    picture: Markup | None


@dataclass(frozen=True)
class Section:
    """One question and its parts."""

    key: str
    heading: str
    parts: tuple[ShownPart, ...]


def render_study_page(facts: StudyFacts, drawn: Sequence[Drawn], pictures: Mapping[str, bytes]) -> str:
    """Return the page; `pictures` are SVG files by the name of the figure."""
    shown = {one.name: one for one in drawn}
    parts = {table.name: _part(table, shown.get(table.name), pictures.get(table.name)) for table in facts.found.tables}
    sections = _sections(parts)
    return render("study.html", facts=facts, verdict=facts.verdict, sections=sections, absent=facts.found.absent)


def _sections(parts: Mapping[str, ShownPart]) -> tuple[Section, ...]:
    placed = {name for _, names in SECTIONS for name in names}
    asked = [*SECTIONS, (_OTHERS, tuple(name for name in parts if name not in placed))]
    found = [
        Section(f"part-{number}", heading, tuple(parts[name] for name in names if name in parts))
        for number, (heading, names) in enumerate(asked, start=1)
    ]
    return tuple(section for section in found if section.parts)


def _part(table: Table, drawn: Drawn | None, picture: bytes | None) -> ShownPart:
    chart = _chart(drawn) if isinstance(drawn, Forest) and not drawn.ratios else None
    shown = _picture(drawn, picture) if picture is not None and drawn is not None and chart is None else None
    return ShownPart(shown_table(table), chart, shown)


def _chart(drawn: Forest) -> Chart:
    """Return the rows of a figure, drawn in the page's own style."""
    held = [value for bar in drawn.bars for value in (bar.value, bar.low, bar.high) if value is not None]
    axis = svg.axis_for([*held, drawn.line], share=False)
    rows = tuple(
        Row(bar.label, svg.dot(axis, bar.value, bar.low, bar.high, "model" if bar.sure else "", drawn.line), bar.words)
        for bar in drawn.bars
    )
    return Chart(drawn.title, f"{drawn.across}, with its 95% interval. {_KEY}", rows, svg.scale(axis))


def _picture(drawn: Drawn, picture: bytes) -> Markup:
    """Return a drawing as a picture that grows with the page, and the same in words."""
    found = _SIZE.search(picture)
    assert found is not None  # every SVG that is drawn here says its size
    width, height = (part.decode() for part in found.groups())
    address = f"data:image/svg+xml;base64,{b64encode(picture).decode()}"
    image = svg.tag("image", href=address, width=width, height=height)
    return svg.tag(
        "svg", svg.tag("title", alternative(drawn)), image,
        class_="curve-chart", viewBox=f"0 0 {width} {height}", width="100%", role="img",
    )  # fmt: skip
