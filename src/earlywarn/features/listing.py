"""The catalogue to read: as lines for a terminal, as records for a program, as the reference page.

In:  the features themselves, made for the shipped questionnaires. A kind of event, a measure or the
     level of a category, which only data know, stands as KIND, MEASURE or LEVEL.
Out: text and plain data; `sections` is what all three are made from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from earlywarn.features.assessments import judgement_features
from earlywarn.features.attendance import ATTENDANCE, CONTEXT
from earlywarn.features.catalogue import PEERS
from earlywarn.features.feature import TABLES, Feature
from earlywarn.features.help import help_features
from earlywarn.features.people import (
    CATEGORIES,
    FLAGS,
    MOVEMENT,
    STAFF,
    amount_features,
    characteristic_features,
    event_features,
)
from earlywarn.features.staff_views import staff_view_features
from earlywarn.features.survey import survey_features
from earlywarn.paths import shipped_instruments
from earlywarn.surveys.instrument import Instrument, load_instruments

RISK = {1: "higher", -1: "lower", 0: "-"}


@dataclass(frozen=True)
class Section:
    """Features that belong together: a heading, what is said of them all, and they themselves."""

    title: str
    said: str
    features: tuple[Feature, ...]


def sections() -> tuple[Section, ...]:
    """Return the whole catalogue in the order in which it is read."""
    instruments = tuple(load_instruments(shipped_instruments()).values())
    return (
        Section("Attendance", f"{_from('attendance')}: marks alone.", ATTENDANCE),
        Section("Compared with others", f"{_from('context')}: beside school, year group and form.", CONTEXT),
        *(_survey_section(one) for one in instruments),
        Section("Pupil and parents together", f"{_from('survey')}: {_TOGETHER}", _together(instruments)),
        Section("Staff of the school", f"{_from('staff_views')}: {_STAFF_VIEWS}", staff_view_features(instruments)),
        Section("Movement", f"{_from('movement')}.", MOVEMENT),
        Section("Events", f"{_from('events')}: {_EVENTS}", (*event_features(["KIND"]), *amount_features(["KIND"]))),
        Section("Attitude and attainment", f"{_from('assessments')}: {_JUDGED}", judgement_features(["MEASURE"])),
        Section("Help", f"{_from('interventions')}: {_HELP}", help_features(["KIND"])),
        Section("Staff", f"{_from('staff')}.", STAFF),
        Section("Characteristics", f"{_from('characteristics')}: {_CHARACTERISTICS}", _characteristics()),
    )


_TOGETHER = "for each domain on which pupil and parents are both asked."
_STAFF_VIEWS = (
    "for models of pupils, and only where the config asks for them (`features.staff_views`) or a study is made. They "
    "are the same for everyone at a school, and never given as a reason on a list."
)
_EVENTS = (
    "for each KIND of event that at least five people have; sums of amounts where any amount differs from 1. In the "
    "made-up trusts: `behaviour`, `suspension` and `contact`; for these, more goes with more risk."
)
_JUDGED = (
    "for each MEASURE (grade, attitude, ...) that at least five people have as a number; a judgement in words has no "
    "order that we know. Which way a measure runs differs from school to school, so no direction is given."
)
_HELP = "for each KIND of help that at least five people had; only help that began before the date."
_CHARACTERISTICS = (
    'each LEVEL of a category that at least five people of the training rows have is a yes-or-no column, "not '
    'recorded" among them; flags and declared numbers serve as they are. By default the sensitive ones are for the '
    "audit only (`features.audit_only` in the [configuration](configuration.md)): the model does not see them, and "
    "the report says what including them would have changed."
)


def _from(block: str) -> str:
    return f"Block `{block}`, from {', '.join(f'`{table}`' for table in TABLES[block])}"


def _survey_section(one: Instrument) -> Section:
    population = "staff" if one.audience == "staff" else "pupils"
    said = f"{one.title} (asked of: {one.audience}). {len(one.items)} items in {len(one.scales)} scales."
    return Section(f"Survey: {one.name}", f"{_from('survey')}: {said}", survey_features([one], PEERS[population]))


def _together(instruments: Sequence[Instrument]) -> tuple[Feature, ...]:
    """Return the features that no questionnaire makes by itself."""
    alone = {feature.name for one in instruments for feature in survey_features([one], PEERS["pupils"])}
    every = survey_features(instruments, PEERS["pupils"])
    return tuple(feature for feature in every if feature.name not in alone)


def _characteristics() -> tuple[Feature, ...]:
    columns = dict.fromkeys(column for columns in CATEGORIES.values() for column in columns)
    return characteristic_features({column: ("LEVEL",) for column in columns}, FLAGS, "characteristics")


def as_records() -> list[dict[str, Any]]:
    """Return one plain record a feature."""
    return [
        {
            "name": one.name,
            "block": one.block,
            "theme": one.theme,
            "unit": one.unit,
            "means": one.means,
            "when_empty": one.when_empty,
            "risk": RISK[one.risk] if one.risk else None,
            "tables": list(one.tables),
        }
        for section in sections()
        for one in section.features
    ]


def as_lines() -> list[str]:
    """Return the catalogue as lines: name, direction of risk, unit and meaning, aligned."""
    found = sections()
    width = max(len(one.name) for section in found for one in section.features)
    lines = [f"{'feature':{width}}  {'risk':6}  {'unit':12}  meaning"]
    for section in found:
        lines += ["", f"== {section.title}"]
        lines += [f"{one.name:{width}}  {RISK[one.risk]:6}  {one.unit:12}  {one.means}" for one in section.features]
    count = sum(len(section.features) for section in found)
    return [*lines, "", f"{count} features; KIND, MEASURE and LEVEL stand for what the data hold."]


def reference_page() -> str:
    """Return the reference page of the features, in Markdown."""
    parts = [f"## {section.title}\n\n{section.said}\n\n{_feature_grid(section.features)}" for section in sections()]
    return "\n\n".join(["# Features", _MADE, _INTRODUCTION, *parts]) + "\n"


_MADE = "*Made from the code by `earlywarn features --doc docs/features.md`; edit the code, not this page.*"
_INTRODUCTION = """\
Every feature is computed from what was known before the as-of date, and from nothing else: see [time](time.md).
Features whose tables are absent do not exist for that run, and the report names what is missing.

*Empty* says what a missing value means: an empty value is never filled in, because "not known" is not "never". *Risk*
says which way risk runs, where a school would know it beforehand: a *higher* value may then not lower the risk that the
model gives, nor a *lower* one raise it (`model.monotone`). A dash means that the model is free.

A feature that is much more often empty in training than in the test (20 points or more), that is always empty, or that
never varies in training is dropped, and the report names it.

Survey features are made for every questionnaire whose closed waves the data hold. A scale's score is the mean of its
answered items, reversed where the item is, on a range of 0 to 10; a domain with more than one scale is scored as the
mean of its scales. Waves count for a year. A change is told on the questions that both waves asked and the person
answered in both: a question that is put in other words is another item, with another id, `since` the first wave that
asks it, and the old one has an `until`. For staff, "peers" are the team, for pupils the year group. Your own
questionnaire goes into a YAML file in `instruments/` beside the config and gets the same features."""


def _feature_grid(features: Iterable[Feature]) -> str:
    rows = [(f"`{one.name}`", one.theme, one.unit, one.means, one.when_empty, RISK[one.risk]) for one in features]
    return grid(("feature", "theme", "unit", "meaning", "empty", "risk"), rows)


def grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    """Return a text that cannot end its cell."""
    return " ".join(text.split()).replace("|", "\\|")
