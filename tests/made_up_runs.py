"""Made-up runs for the papers: what a bundle would tell of a model of pupils, and of one of staff."""

from datetime import date
from typing import Any

from earlywarn.bundle.manifest import About, Data, FeatureFile, FeatureRecord
from earlywarn.config import AsOf, Config, Fairness, Outcome, ReportChoice
from earlywarn.record.answers import Answers
from earlywarn.record.run import Run
from made_up_facts import audit_facts, report_facts

PUPIL_FEATURES = (
    ("absence_rate_this_year", "absence this year", "attendance", ""),
    ("gap_to_form", "compared with others", "context", ""),
    ("pupil_belonging", "engagement and relationships", "survey", ""),
    ("parent_home", "home and parents' view", "survey", ""),
    ("year_group", "movement", "movement", ""),
    ("behaviour_year", "events and help", "events", "behaviour"),
)
STAFF_FEATURES = (
    ("staff_leadership", "views of the job", "survey", ""),
    ("role_is_teacher", "post and tenure", "characteristics", "role"),
    ("tenure_years", "post and tenure", "staff", ""),
    ("absence_days_year", "events and help", "staff", ""),
)
FILLED = Answers(**dict.fromkeys(Answers.model_fields, "Said by a person."))


def pupil_run(**changed: Any) -> Run:
    """Return a run of a model of pupils; `changed` replaces parts of it."""
    config = Config(name="pupil-absence", as_of=AsOf(weeks_of_year=(10, 20)))
    audited = audit_facts() | {"reading": ["No alarm: chance could have made every difference found."]}
    return _run(config, PUPIL_FEATURES, report_facts(), audited, changed)


def staff_run(by_person: bool = False, **changed: Any) -> Run:
    """Return a run of a model of staff."""
    config = Config(
        name="staff-resignation",
        population="staff",
        as_of=AsOf(weeks_of_year=(10,)),
        outcome=Outcome(kind="leaves"),
        fairness=Fairness(groups=("sex", "age_band"), intersections=()),
        report=ReportChoice(staff_by_person=by_person),
    )
    metrics = report_facts(("everyone",)) | {"contenders": {"model": "the model"}}
    return _run(config, STAFF_FEATURES, metrics, {"reading": [], "rows": []}, changed)


def _run(config: Config, features: Any, metrics: dict[str, Any], audit: dict[str, Any], changed: dict[str, Any]) -> Run:
    about = About(
        name=config.name,
        version=3,
        population=config.population,
        model="trees",
        outcome=config.outcome,
        config=config.model_dump(mode="json", exclude={"data", "exclude"}),
        trained=(date(2024, 11, 11), date(2025, 11, 10)),
        tested=(date(2025, 11, 10),),
        serves=(10, 20),
        data=Data(digest="d" * 64, first_day=date(2023, 9, 4), today=date(2026, 11, 6)),
        earlywarn="0.1.0",
        libraries={"lightgbm": "4.7.0", "python": "3.11.2"},
    )
    said = {"about": about, "features": _features(features), "metrics": metrics, "audit": audit}
    return Run(**(said | changed))


def _features(features: Any) -> FeatureFile:
    return FeatureFile(
        features=tuple(
            FeatureRecord(
                name=name,
                theme=theme,
                block=block,
                unit="share",
                means=f"What is known of {name}",
                when_empty="not known",
                source=source,
            )
            for name, theme, block, source in features
        )
    )
