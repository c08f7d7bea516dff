"""The papers that are read as prose: the data protection annex, and the page in plain words.

In:  the run, and `Answers`.
Out: Markdown, from the templates of the same names. The page in plain words speaks to parents and pupils where the
     model is about pupils, and to staff where it is about staff.
"""

from collections.abc import Iterator

from earlywarn.record.answers import Answers
from earlywarn.record.categories import categories
from earlywarn.record.measured import group_tables, in_ten_of, listed_in_vain, lists, passed_by, performance
from earlywarn.record.run import Run
from earlywarn.record.transparency_data import quantities, sensitive_words
from earlywarn.record.words import HIDDEN_WORDS, NOT_FOR, days, filled, purpose, served

_ILLNESS = (
    "Reasons for absence name illness and medical appointments: they are data about health, and the model reads how "
    "often they were given."
)
_SPELLS = "Absence of staff can tell of health, though its reason is not read."
_STAND = {
    "onset": "Pupils who had not missed that much so far: of",
    "already": "Pupils who had missed that much so far: of",
    "everyone": "Of",
}
# What the columns that a model leaves out are called where a parent or a colleague reads of them.
_PLAIN = {
    "SEN": "special needs",
    "kind of SEN": "kind of special need",
    "looked after": "being in care",
    "ethnicity": "ethnic group",
    "age band": "age",
}


def dpia_annex(run: Run, answers: Answers) -> str:
    """Return the annex to the data protection impact assessment."""
    return filled(
        "dpia_annex.md",
        run=run,
        answers=answers,
        quantities=quantities(run),
        served=served(run),
        not_for=NOT_FOR,
        categories=categories(run),
        sensitive=sensitive_words(run),
        health=_health(run),
        headline=tuple(run.metrics.get("headline") or ("Nothing could be compared.",)),
        tested=days(run.about.tested),
        performance=performance(run),
        listed_in_vain=listed_in_vain(run),
        passed_by=passed_by(run),
        purpose=purpose(run),
        hidden_words=HIDDEN_WORDS,
        audited=", ".join(run.audited) or "no group",
        reading=tuple(run.audit.get("reading") or ("Nothing could be compared.",)),
        tables=group_tables(run),
    )


def _health(run: Run) -> str:
    """Return what the model reads that tells of health."""
    blocks = {(feature.block, feature.theme) for feature in run.features.features}
    if any(block == "attendance" for block, _ in blocks):
        return _ILLNESS
    return _SPELLS if ("staff", "events and help") in blocks else ""


def plain_page(run: Run, answers: Answers) -> str:
    """Return the page for those whom the model looks at."""
    kind = run.about.outcome.kind
    return filled(
        "for_parents.md" if run.pupils else "for_staff.md",
        run=run,
        answers=answers,
        absence=kind == "absence_rate",
        leaving=kind == "leaves",
        outcome=run.outcome.replace("from the date", "from that day"),
        categories=categories(run),
        apart=", ".join(_PLAIN.get(each, each) for each in run.audit_only),
        right=tuple(_how_often_right(run)),
    )


def _how_often_right(run: Run) -> Iterator[str]:
    """Yield how often a list was right, in tenths; nothing where it is not known."""
    listed = "on the list" if run.lists_by_person else "it put first"
    for name in lists(run):
        right, found = (in_ten_of(run, name, measure) for measure in ("precision", "recall"))
        if right and found:
            came_true = f"it came true for {right}. Of all for whom it came true, {found} were among them."
            yield f"{_STAND[name]} those {listed}, {came_true}"
