"""The transparency record: the UK Algorithmic Transparency Recording Standard v4.0, filled from the run.

In:  what the bundle says of itself, its features and `metrics.json`.
Out: `transparency_record.json` as a dictionary.

The standard binds central government; for a school or trust it is a good form
for saying openly what a tool does. A run knows the model and the data. What only
a person can say is marked, and listed by its place under `to_fill`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from earlywarn.bundle.manifest import About, FeatureFile
from earlywarn.phrases import happening

STANDARD = "UK Algorithmic Transparency Recording Standard v4.0"
TO_FILL = "TO BE FILLED BY A PERSON"


def transparency_record(about: About, features: FeatureFile, metrics: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record, with the places that a person must fill under `to_fill`."""
    words = happening(about.outcome)
    record = {
        "standard": STANDARD,
        "tier_1": _tier_1(about, words),
        "tier_2": {
            "owner_and_responsibility": _owner(),
            "description_and_rationale": _rationale(about, words),
            "deployment_context": _deployment(about),
            "tool_specification": _tool(),
            "model_specification": _model(about, features, metrics, words),
            "development_data": _development_data(about, features),
            "operational_data": _operational_data(about),
            "risks_mitigations_and_impact_assessments": _risks(),
        },
    }
    return record | {"to_fill": list(_places_to_fill(record))}


def _tier_1(about: About, words: str) -> dict[str, str]:
    return {
        "name": about.name,
        "description": f"Estimates, for {about.population} on roll, the probability of {words}, so that someone who "
        f"knows them can offer help early.",
        "organisation": TO_FILL,
        "website_url": TO_FILL,
        "contact_email": TO_FILL,
        "phase": TO_FILL,
        "region": TO_FILL,
    }


def _owner() -> dict[str, Any]:
    return {
        "organisation": TO_FILL,
        "team": TO_FILL,
        "senior_responsible_owner": TO_FILL,
        "third_party_involvement": TO_FILL,
    }


def _rationale(about: About, words: str) -> dict[str, str]:
    return {
        "detailed_description": f"On a given morning the tool ranks the {about.population} of each school by the "
        f"probability of {words}. It lists as many as the school can see, with reasons in plain words.",
        "benefits": TO_FILL,
        "previous_process": TO_FILL,
        "alternatives_considered": "Every run compares the model with simple rules and a logistic regression; "
        "metrics.json and card.md hold the comparison.",
    }


def _deployment(about: About) -> dict[str, str]:
    weeks = ", ".join(map(str, about.serves)) or "not set"
    return {
        "integration_into_operational_process": TO_FILL,
        "frequency_and_scale": f"Serves these weeks of the school year: {weeks}.",
        "human_review": "A list is advice to a person who knows those on it, and never a decision.",
        "required_training": TO_FILL,
        "appeals_and_review": TO_FILL,
    }


def _tool() -> dict[str, str]:
    return {
        "system_architecture": "Files in, files out, on one computer of the organisation; no server, no network, "
        "no telemetry.",
        "system_level_input": "Tables of schools, people, attendance and, where there are any, survey answers, "
        "staff records and events.",
        "system_level_output": "A folder of scores and a pack for each school, with a date by which it is deleted.",
        "maintenance": "Trained again each term; each version is kept with its measures, its audit and this record.",
    }


def _model(about: About, features: FeatureFile, metrics: Mapping[str, Any], words: str) -> dict[str, Any]:
    kind = {"trees": "gradient-boosted decision trees (LightGBM)", "logistic": "logistic regression"}[about.model]
    measured = (metrics.get("populations") or {}).get("everyone") or {}
    return {
        "model_name": about.name,
        "model_version": str(about.version),
        "model_task": f"The probability of {words}.",
        "model_input": [feature.means for feature in features.features],
        "model_output": "A probability from 0 to 1, with reasons that add up in log-odds.",
        "model_architecture": f"{kind}, calibrated on people the model had not seen",
        "model_performance": measured.get("model") or "not estimable",
        "datasets_and_purposes": "Training, calibration and test: the organisation's own records, by date.",
    }


def _development_data(about: About, features: FeatureFile) -> dict[str, Any]:
    config = about.config
    kept_back = (config.get("features") or {}).get("audit_only") or []
    return {
        "source_data_name": "The organisation's own records",
        "data_modality": "Tables",
        "data_description": sorted({feature.block for feature in features.features}),
        "data_quantities": {
            "first_day": str(about.data.first_day),
            "last_day": str(about.data.today),
            "as_of_dates": [str(day) for day in sorted({*about.trained, *about.tested})],
        },
        "sensitive_attributes": f"Used for the audit and not by the model: {', '.join(kept_back) or 'none'}.",
        "data_completeness_and_representativeness": TO_FILL,
        "source_data_url": "None: records of persons, which are not published.",
        "data_collection": TO_FILL,
        "data_cleaning": "Checked by rule; rows that break one are set aside, counted, and above 0.1% stop the run.",
        "data_sharing_agreements": TO_FILL,
        "data_access_and_storage": TO_FILL,
    }


def _operational_data(about: About) -> dict[str, str]:
    return {
        "data_sources": f"The same tables, for {about.population} on roll on the day, as known before that day.",
        "sensitive_attributes": TO_FILL,
        "data_processing_methods": "The same features as in training; nothing that became known later is read.",
        "data_access_and_storage": TO_FILL,
        "data_sharing_agreements": TO_FILL,
    }


def _risks() -> dict[str, Any]:
    return {
        "impact_assessments": TO_FILL,
        "risks": {
            "works less well for some groups": "Every version is audited by group, and where groups meet.",
            "taken for a decision": "Lists carry reasons, what is not known, and the route to the safeguarding lead.",
            "out of date": "A model refuses dates that are far from those it was trained for.",
            "disclosure": "Counts under 5 are hidden in all that is shared beyond a school.",
        },
        "further_risks": TO_FILL,
    }


def _places_to_fill(part: Any, place: str = "") -> Iterator[str]:
    """Yield the places, as dotted keys, that only a person can fill."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _places_to_fill(value, f"{place}.{key}" if place else key)
    elif part == TO_FILL:
        yield place
