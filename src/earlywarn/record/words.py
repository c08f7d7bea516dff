"""Sentences that stand in more than one paper, and how Markdown is made from templates."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from earlywarn.record.run import Run
from earlywarn.report.words import day

NOT_FOR = (
    "No decision about a person may be taken from a score alone. A list is advice to someone who knows the person.",
    "Not for sanctions, fines, admissions, exclusions, appraisal, pay or references.",
    "Not for comparing schools, teachers or pupils with each other.",
    "Not for phases of school, or places in the school year, other than those it was trained on.",
)

HIDDEN_WORDS = "Hidden, because someone could be recognised from numbers so small:"


def purpose(run: Run) -> str:
    """Return what a score is for, to follow "so"."""
    if run.lists_by_person:
        return "that someone who knows them can offer help early"
    return "that leaders can see early where work has to get better"


def served(run: Run) -> str:
    """Return when the model may be used, to follow "may be used"."""
    weeks = ", ".join(map(str, run.about.serves))
    return f"within two school weeks of these weeks of the school year: {weeks}" if weeks else "at no time of the year"


def days(dates: tuple[object, ...]) -> str:
    """Return dates in words, to follow "on"."""
    return ", ".join(day(str(date)) for date in dates) or "no date"


def filled(template: str, **shown: object) -> str:
    """Return a template's text; a name that it does not know is an error."""
    return _environment().get_template(template).render(**shown)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("earlywarn", "record/templates"),
        autoescape=False,  # Markdown, not HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
