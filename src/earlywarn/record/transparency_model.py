"""The parts of the transparency record that speak of the model: what it is, how well it does, what can go wrong."""

from collections.abc import Iterator

from earlywarn.record.answers import Answers
from earlywarn.record.measured import group_tables, performance
from earlywarn.record.run import Run
from earlywarn.record.words import HIDDEN_WORDS, days

KINDS = {"trees": "Gradient-boosted decision trees (LightGBM)", "logistic": "Logistic regression"}


def model_specification(run: Run) -> dict[str, str]:
    """Return the fields of "Model Specification"."""
    about = run.about
    return {
        "model_name": about.name,
        "model_version": str(about.version),
        "model_task": f"The probability of {run.outcome}.",
        "model_input": f"{len(run.features.features)} features, each with its meaning in features.json and card.md.",
        "model_output": "A probability from 0 to 1, with reasons that add up in log-odds before calibration.",
        "model_architecture": f"{KINDS[about.model]}, calibrated on people that the model had not seen.",
        "model_performance": "\n".join(_performance(run)),
        "datasets_and_purposes": "One data set, the organisation's own records, parted by date. Fitted on "
        f"{days(about.trained)}; measured on {days(about.tested)} by a model with the same recipe that had not seen "
        "those dates.",
    }


def _performance(run: Run) -> Iterator[str]:
    yield "Values with 95% intervals."
    yield from (f"- {sentence}" for sentence in performance(run))
    for table in group_tables(run):
        yield f"- By group, among {table.among}:"
        for row in table.rows:
            yield f"    - {row.group}: with the outcome and listed {row.found}; listed in vain {row.false_alarms}."
        if table.hidden:
            yield f"    - {HIDDEN_WORDS} {'; '.join(table.hidden)}."


def risks(run: Run, answers: Answers) -> dict[str, str]:
    """Return the fields of "Risks, Mitigations and Impact Assessments"."""
    return {
        "impact_assessments": answers.said("impact_assessments"),
        "risks_and_mitigations": "\n".join(f"- {risk} {against}" for risk, against in _risks(run)),
    }


def _risks(run: Run) -> Iterator[tuple[str, str]]:
    """Yield each risk, and what the tool does about it."""
    yield (
        "Works less well for some groups.",
        " ".join(("Every version is audited by group, and where groups meet.", *_alarms(run))),
    )
    yield (
        "Taken for a decision, or for a verdict on a person.",
        "Every page says that it is advice, and how often it was wrong when it was tested.",
    )
    if run.pupils:
        yield (
            "Pupils in need who are not listed.",
            "Lists say how many with the outcome stood on none, and that safeguarding comes first.",
        )
    yield ("Out of date.", "The model refuses mornings that are far from those it was trained for.")
    yield (
        "Someone is recognised.",
        "Counts under 5 are hidden in all that is shared beyond a school; no file of the model holds a person.",
    )
    if not run.pupils:
        yield ("Used against staff.", _staff_lists(run))


def _alarms(run: Run) -> tuple[str, ...]:
    """Return what the audit says first: how many comparisons were made, and which of them are alarms."""
    return tuple((run.audit.get("reading") or ())[:1])


def _staff_lists(run: Run) -> str:
    if run.lists_by_person:
        return "Lists by person are written, because the configuration asks for them (report.staff_by_person)."
    return "No list by person is written: results are shown for groups of ten or more."
