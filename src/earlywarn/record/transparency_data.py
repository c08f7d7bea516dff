"""The parts of the transparency record that speak of data: those it was made from, and those it reads in use."""

from earlywarn.record.answers import Answers
from earlywarn.record.categories import categories
from earlywarn.record.run import Run
from earlywarn.report.words import known, percent


def development_data(run: Run, answers: Answers) -> dict[str, str]:
    """Return the fields of "Development Data"."""
    return {
        "source_data_name": "The organisation's own records.",
        "data_modality": "Tables.",
        "data_description": "\n".join(f"- {each.formal}." for each in categories(run)),
        "data_quantities": quantities(run),
        "sensitive_attributes": sensitive_words(run),
        "data_completeness_and_representativeness": _completeness(run),
        "source_data_url": "None: records of persons, which are not published.",
        "data_collection": answers.said("data_collection"),
        "data_cleaning": "Checked by rule before anything is computed. Rows that break one are set aside and counted; "
        "above 0.1% of a table the training stops.",
        "data_sharing_agreements": answers.said("data_sharing_agreements"),
        "data_access_and_storage": answers.said("data_access_and_storage"),
    }


def operational_data(run: Run, answers: Answers) -> dict[str, str]:
    """Return the fields of "Operational Data"."""
    return {
        "data_sources": f"The same tables, of {run.people} on roll on the morning, as they were known before it.",
        "sensitive_attributes": sensitive_words(run),
        "data_processing_methods": "The same features as in training; nothing that became known later is read.",
        "data_access_and_storage": answers.said("data_access_and_storage"),
        "data_sharing_agreements": answers.said("data_sharing_agreements"),
    }


def sensitive_words(run: Run) -> str:
    """Return which sensitive columns the model reads, and which the audit alone."""
    read, apart = (", ".join(names) or "none" for names in (run.sensitive_in_model, run.audit_only))
    return (
        f"Sensitive characteristics read by the model: {read}. Used by the audit alone, to see for whom the model "
        f"works less well: {apart}."
    )


def quantities(run: Run) -> str:
    days = f"Days from {run.about.data.first_day} to {run.about.data.today}."
    made = run.metrics.get("made_from") or {}
    if "training_rows" not in made:
        return days
    return (
        f"{days} {made['schools']} schools. Training: {made['training_rows']:,} rows ({run.people} on dates), "
        f"{made['training_outcomes']:,} with the outcome. Test: {made['test_rows']:,} rows, "
        f"{made['test_outcomes']:,} with the outcome."
    )


def _completeness(run: Run) -> str:
    missing = known((run.metrics.get("features") or {}).get("usual_missing"))
    share = "" if missing is None else f"99 in 100 training rows lacked at most {percent(missing)} of the features. "
    return (
        f"{share}Who is missing from a survey is often who is absent: not answering is itself a feature. The data are "
        "this organisation's own and stand for no other."
    )
