"""Writes the reference pages from the code: tables.md, features.md and configuration.md.

    python docs/make_reference.py

The pages are committed; `tests/unit/test_docs.py` compares them with what this file makes. What the code
says of itself is taken from it: columns, checks, features, sections. Only what it has no words for stands here.
"""

import types
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from earlywarn.config import Config, Section
from earlywarn.features.listing import grid, reference_page
from earlywarn.paths import shipped_configs
from earlywarn.tables import CHECKS, TABLES
from earlywarn.tables.check import Check
from earlywarn.tables.spec import Column, Table

DOCS = Path(__file__).parent
MADE = "*Made from the code by `python docs/make_reference.py`; edit the code, not this page.*"


def pages() -> dict[str, str]:
    """Return the text of every generated page by file name."""
    return {"tables.md": tables_page(), "features.md": reference_page(), "configuration.md": configuration_page()}


def main() -> None:
    """Write the pages beside this file."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8", newline="\n")


# Tables ---------------------------------------------------------------------------------------------------------

TABLES_INTRO = """\
A data folder holds one file for each table, named after it: `attendance.csv`, `attendance.csv.gz` or
`attendance.parquet`. CSV is UTF-8, separated by commas, with a header. Dates are written `2025-09-01`.

The absence model needs `schools`, `pupils` and one of `attendance` and `attendance_summary`; the resignation model
needs `schools`, `staff` and `leavers`; a `recorded` outcome needs `outcomes` in place of marks or leavers. Every other
table adds features when it is there. A column that is not listed below can be declared under `extra` in the
[configuration](configuration.md); otherwise it is left out, and `earlywarn check` names it.

`known_on` is the day from which the school could have known a row: [time](time.md) says why it matters and what stands
in for it. A corrected mark is a second row with a later `known_on`.

Columns marked * must be there. Where that is all, their cells must be filled too.
"""

# Rules on files and cells hold for every table and are not `Check`s: code, rule, what happens, remedy.
EVERYWHERE = (
    ("EW001", "a needed table is there, and it has a header and rows", "stops", "export it, or export it again"),
    ("EW002", "a table is in one file", "stops", "remove all but one"),
    ("EW003", "a file can be read to its end; CSV is UTF-8", "stops", "export it again"),
    ("EW004", "a needed column is there, and no column is there twice", "stops", "add or rename the column"),
    ("EW005", "a line has as many columns as the header, and every quote is closed", "stops", "correct the line"),
    ("EW006", "a cell can be read as its column's kind, and lies in its range", "stops", "as the message says"),
    ("EW007", "a needed cell is not empty", "stops", "fill it, or leave the row out"),
    ("EW009", "at most 0.1% of a table's rows are set aside", "stops", "see to the rules that set them aside"),
    ("EW011", "a table that is not needed has rows", "note", "nothing: the run goes on without it"),
    ("EW012", "every column is read", "note", "declare those under `extra` that should serve as characteristics"),
    ("EW013", "marks have a `known_on`", "note", "export corrected marks as further rows, if the system keeps them"),
)


def tables_page() -> str:
    """Return what a data folder holds, and the rules that it is held to."""
    parts = [_table_part(table) for table in TABLES.values()]
    contents = [f"[`{name}`](#{name})" for name in TABLES]
    everywhere = grid(("code", "rule", "if broken", "remedy"), EVERYWHERE)
    rules = (
        "## Rules that hold everywhere\n\n"
        "A broken rule *stops* the run with exit code 11, or *sets aside* its rows: they are left out, counted and\n"
        "listed by file and line in `private/rejects.csv`. A *note* is only said. Nothing goes without a word.\n\n"
    )
    return _page("Tables", TABLES_INTRO, "Tables: " + ", ".join(contents) + ".", rules + everywhere, *parts)


def _table_part(table: Table) -> str:
    about = [f"One row is {table.one_row_is}."]
    if table.key:
        about.append(f"No two rows share {_listed(table.key)}.")
    if table.known_by:
        about.append(f"Where `known_on` is not given, a row is known on {_known_by(table.known_by)}.")
    columns = grid(("column", "kind", "meaning"), [_column_row(column) for column in table.columns])
    checks = [check for check in CHECKS if check.table == table.name]
    rules = grid(("code", "rule", "if broken", "remedy"), [_check_row(check) for check in checks])
    return "\n\n".join([f"## {table.name}", " ".join(about), columns, *([rules] if checks else [])])


def _known_by(sql: str) -> str:
    return f"its `{sql}`" if sql.isidentifier() else f"`{' '.join(sql.split())}`"


def _column_row(column: Column) -> tuple[str, str, str]:
    means = column.means
    if column.values:
        means += f": {', '.join(column.values)}"
    if column.low is not None:
        means += f" ({column.low:g} to {column.high:g})" if column.high is not None else f" ({column.low:g} or more)"
    if column.needed and column.may_be_empty:
        means += "; cells may be empty"
    return f"`{column.name}`{'*' if column.needed else ''}", column.kind, means


def _check_row(check: Check) -> tuple[str, str, str, str]:
    return check.code, check.rule, "stops" if check.stops else "sets aside", check.fix


# Configuration --------------------------------------------------------------------------------------------------

CONFIGURATION_INTRO = """\
One YAML file describes one model. It is checked before anything is read: an unknown key is refused with its line, and
where two keys contradict each other the message quotes both. Only `name` and `as_of` have no default. Relative paths in
`data` go from the config's own folder; your own questionnaires lie in `instruments/` beside it.
"""

# What a field means, where its type and description do not say it.
MEANS: Mapping[str, str] = {
    "Config.name": "The model's name: its folder under `models/`. Small letters, digits and hyphens.",
    "Config.population": "Whom the model is about.",
    "Config.data": "The data folder; `--data` overrides it.",
    "Config.year_groups": "Year groups at risk (pupils).",
    "Config.history": "Whether a training date needs a full earlier school year of marks; `none`: there is none.",
    "Config.settle_days": "School days after a window's last day on which it counts as closed: reasons settle late.",
    "Config.onset_min_sessions": "Possible sessions so far under which it is too early to speak of onset.",
    "Config.as_of": "When the model stands.",
    "Config.outcome": "What is predicted.",
    "Config.features": "From what.",
    "Config.model": "How it is tuned.",
    "Config.fairness": "For whom it is audited, and how long the lists are.",
    "Config.report": "What is written for people.",
    "Config.study": "What `earlywarn study` tests, and how far ahead it looks.",
    "Term.name": "Its name, such as `autumn`.",
    "Term.starts": "First day.",
    "Term.ends": "Last day.",
    "AsOf.dates": "Dates, as they are.",
    "Outcome.kind": "Missing a share of sessions; leaving (staff); or an outcome of the `outcomes` table.",
    "Outcome.label": "Absence inside the window alone, or the whole year's rate, part of which is known at the date.",
    "Outcome.threshold": "The share of possible sessions from which the outcome has happened.",
    "Outcome.window": "Over which time.",
    "Outcome.lead_weeks": "School weeks between the date and the start of the window.",
    "ModelSettings.trials": "Sets of settings that are tried; the budget of a reproducible run.",
    "ModelSettings.seed": "Where every draw comes from. Same input and seed: same bytes.",
    "ModelSettings.monotone": "Hold the model to the known directions of risk (see [features](features.md)).",
    "Places.share": "Share of a school's roll that each of its lists holds.",
    "Places.at_least": "The shortest list.",
    "Fairness.groups": "Columns whose groups are compared.",
    "Fairness.intersections": "Pairs of them that are compared where they meet.",
    "Fairness.places": "How many people a school can see.",
    "ReportChoice.keep_days": "Days after the as-of date by which scores and packs are to be deleted.",
}

SHIPPED = """\
## The configs that ship

| config | predicts | made for |
|---|---|---|
| `pupil-absence.yaml` | missing 10% or more of the sessions to the end of the year | your data, the demo |
| `staff-resignation.yaml` | resigning before the end of the year | your data, the demo |
| `oulad.yaml`, `oulad-fail.yaml` | two outcomes at a university | [a try on real data](oulad.md) |
"""


def configuration_page() -> str:
    """Return every section of a config, and the configs that ship."""
    sections = [_section_part(section) for section in _sections(Config)]
    files = [_shipped_part(name) for name in ("pupil-absence", "staff-resignation", "oulad", "oulad-fail")]
    return _page("Configuration", CONFIGURATION_INTRO, *sections, "\n\n".join([SHIPPED.strip(), *files]))


def _sections(section: type[Section]) -> list[type[Section]]:
    """Return a section and those inside it, outermost first, each once."""
    inner = [kind for field in section.model_fields.values() for kind in _sections_in(field.annotation)]
    return list(dict.fromkeys([section, *(each for kind in inner for each in _sections(kind))]))


def _sections_in(annotation: Any) -> list[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [kind for part in get_args(annotation) for kind in _sections_in(part)]


def _section_part(section: type[Section]) -> str:
    said = (section.__doc__ or "").strip().splitlines()[0]
    rows = [_field_row(f"{section.__name__}.{name}", name, field) for name, field in section.model_fields.items()]
    return f"## {_title(section)}\n\n{said}\n\n" + grid(("key", "may be", "default", "meaning"), rows)


_KEYS = {"Config": "The file", "Term": "terms", "AsOf": "as_of", "Outcome": "outcome", "FeatureChoice": "features"}
_KEYS |= {"ModelSettings": "model", "Places": "fairness.places", "Fairness": "fairness", "ReportChoice": "report"}
_KEYS |= {"Limit": "fairness.limits", "HeadStart": "fairness.head_start", "Study": "study"}


def _title(section: type[Section]) -> str:
    return _KEYS[section.__name__]


def _field_row(path: str, name: str, field: FieldInfo) -> tuple[str, str, str, str]:
    means = field.description or MEANS[path]
    return f"`{name}`", _kind(field.annotation) + _bounds(field.metadata), _default(field), means


def _kind(annotation: Any) -> str:
    """Return a type in words."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return f"section `{_title(annotation)}`"
    plain = {str: "text", int: "whole number", float: "number", bool: "true or false", date: "date", Path: "path"}
    if annotation in plain:
        return plain[annotation]
    origin, inside = get_origin(annotation), [part for part in get_args(annotation) if part is not types.NoneType]
    if origin is Annotated:
        return _kind(inside[0]) + _bounds(annotation.__metadata__)
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inside)
    if origin in (Union, types.UnionType):
        return _kind(inside[0])
    if origin is dict:
        return f"column: {_kind(inside[1])}"
    if Ellipsis in inside:
        return f"list of: {_kind(inside[0])}"
    return " and ".join(_kind(part) for part in inside)  # a tuple of a fixed length


def _bounds(metadata: Sequence[Any]) -> str:
    """Return the bounds of a number, such as "over 0, at most 1"."""
    words = {"ge": "at least", "gt": "over", "le": "at most", "lt": "under"}
    found = [
        f"{said} {getattr(each, name)}"
        for part in metadata
        for each in getattr(part, "metadata", [part])
        for name, said in words.items()
        if getattr(each, name, None) is not None
    ]
    return f" ({', '.join(found)})" if found else ""


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined:
        return "needed"
    if isinstance(value, Section):
        return "see there"
    if value is None or value == () or value == {}:
        return "-"
    return f"`{_yaml(value)}`"


def _yaml(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_yaml(each) for each in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shipped_part(name: str) -> str:
    text = (shipped_configs() / f"{name}.yaml").read_text(encoding="utf-8").strip()
    return f"### {name}.yaml\n\n```yaml\n{text}\n```"


# Markdown -------------------------------------------------------------------------------------------------------


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", MADE, *(part.strip() for part in parts)]) + "\n"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    main()
