"""The transparency record: every field of the standard, filled from the run and a person's answers.

In:  the run, and `Answers`.
Out: the record as a dictionary (`transparency_record.json`), and the same to be read (`transparency_record.md`).

The standard binds central government; for a school or a trust it is a good form for saying openly what a tool does.
"""

from collections.abc import Mapping
from typing import Any

from earlywarn.record.answers import Answers
from earlywarn.record.run import Run
from earlywarn.record.standard import STANDARD, sections
from earlywarn.record.transparency_data import development_data, operational_data
from earlywarn.record.transparency_model import model_specification, risks
from earlywarn.record.words import purpose, served

NOT_APPLICABLE = "Not applicable: no third party is involved."
_OF_THIRD_PARTY = (
    "third_party", "companies_house_number", "third_party_role", "procurement_procedure_type", "data_access_terms",
)  # fmt: skip


def transparency_record(run: Run, answers: Answers) -> dict[str, Any]:
    """Return the record; its order is the standard's."""
    return {
        "standard": STANDARD,
        "tier_1": _tier_1(run, answers),
        "tier_2": {
            "owner_and_responsibility": _owner(answers),
            "description_and_rationale": _rationale(run, answers),
            "deployment_context": _deployment(run, answers),
            "tool_specification": _tool(run),
            "model_specification": model_specification(run),
            "development_data": development_data(run, answers),
            "operational_data": operational_data(run, answers),
            "risks_mitigations_and_impact_assessments": risks(run, answers),
        },
    }


def as_markdown(record: Mapping[str, Any]) -> str:
    """Return the record as a page, each field under its official name."""
    lines = [f"# {record['tier_1']['name']}", "", f"*{record['standard']}*"]
    for section in sections():
        part = record
        for key in section.place:
            part = part[key]
        tier = "" if section.place == ("tier_1",) else "Tier 2: "
        lines += ["", f"## {tier}{section.title}"]
        for key, title in section.fields.items():
            lines += ["", f"### {title}", "", part[key]]
    return "\n".join(lines) + "\n"


def _tier_1(run: Run, answers: Answers) -> dict[str, str]:
    return {
        "name": run.about.name,
        "description": f"Estimates, for {run.people} on roll on a given morning, the probability of {run.outcome}, so "
        f"{purpose(run)}. It advises people; it decides nothing.",
        "website_url": answers.said("website_url"),
        "contact_email": answers.said("contact_email"),
        "organisation": answers.said("organisation"),
        "phase": answers.said("phase"),
        "region": answers.said("region"),
    }


def _owner(answers: Answers) -> dict[str, str]:
    alone = (answers.third_party_involvement or "").lower() == "no"
    return {
        "organisation_or_department": answers.said("organisation"),
        "team": answers.said("team"),
        "senior_responsible_owner": answers.said("senior_responsible_owner"),
        "third_party_involvement": answers.said("third_party_involvement"),
        **{key: NOT_APPLICABLE if alone else answers.said(key) for key in _OF_THIRD_PARTY},
    }


def _rationale(run: Run, answers: Answers) -> dict[str, str]:
    return {
        "detailed_description": f"On a given morning the tool estimates the probability of {run.outcome}. "
        f"{_output(run)} It learns from the organisation's own earlier records, by date, and reads only what was known "
        "before that morning. It is not made for sanctions, appraisal, or comparing schools or people.",
        "benefit": answers.said("benefit"),
        "previous_process": answers.said("previous_process"),
        "alternatives_considered": "Every training compares the model with simple rules and with logistic regression "
        f"on the same features, and says so where they do as well. In this one: {_headline(run)}",
    }


def _output(run: Run) -> str:
    if run.lists_by_person:
        return f"It lists as many {run.people} of each school as the school can see, with reasons in plain words."
    return "It shows results for groups of ten or more, by school and role. It writes no list by person."


def _headline(run: Run) -> str:
    return " ".join(run.metrics.get("headline") or ("nothing could be compared.",))


def _deployment(run: Run, answers: Answers) -> dict[str, str]:
    return {
        "integration_into_operational_process": answers.said("integration_into_operational_process"),
        "frequency_and_scale_of_usage": f"May be used {served(run)}. Tested on {_rows(run)}.",
        "human_review": _human_review(run),
        "required_training": answers.said("required_training"),
        "appeals_and_review": answers.said("appeals_and_review"),
    }


def _human_review(run: Run) -> str:
    if run.pupils:
        return (
            "Nothing follows from a score by itself. A list is advice to a person who knows those on it; a log beside "
            "it holds who was seen or overruled, by whom and why."
        )
    return "Nothing follows from a score by itself. Leaders read results as advice on where to ask and listen first."


def _rows(run: Run) -> str:
    made = run.metrics.get("made_from") or {}
    if "test_rows" not in made:
        return "a number of people that is not known"
    return f"{made['test_rows']:,} rows ({run.people} on dates) of {made['schools']} schools"


def _tool(run: Run) -> dict[str, str]:
    output = "for each school a pack with its list" if run.lists_by_person else "pages for groups of ten people or more"
    return {
        "system_architecture": "Files in, files out, on a computer of the organisation. Nothing is sent anywhere.",
        "system_level_input": "Tables of schools and people and, as far as there are any, of attendance, answers to "
        "questionnaires, absence of staff, events, judgements and help.",
        "system_level_output": f"A folder of scores and {output}, to be deleted {run.keep_days} days after the "
        "morning it speaks of.",
        "maintenance": "Trained again each term and held against the version in use; each version is kept with its "
        "measures, its audit and these papers.",
        "models": f"One: {run.about.name}, version {run.about.version}.",
    }
