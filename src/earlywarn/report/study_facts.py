"""What a study says of itself: its answer, its tables, what was written down before, and what it was made from.

In:  what was found, the config, the data's days.
Out: `StudyFacts`, and `study.json` of them.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from earlywarn import __version__
from earlywarn.bundle.manifest import installed_libraries
from earlywarn.config import Config
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples
from earlywarn.study.found import Found
from earlywarn.study.preregistration import Preregistration, question
from earlywarn.study.table import Table
from earlywarn.study.verdict import Verdict, verdict

FORMAT = 1


@dataclass(frozen=True)
class MadeFrom:
    """The data of a study.

    trained, tested : as-of dates that models learnt from, and on which they were tested.
    """

    digest: str
    first_day: date
    today: date
    schools: int
    trained: tuple[date, ...]
    tested: tuple[date, ...]


@dataclass(frozen=True)
class StudyFacts:
    """A study.

    deposited : whether what is tested was held against a file that was written before.
    version   : of earlywarn.
    """

    name: str
    question: str
    verdict: Verdict
    preregistration: Preregistration
    deposited: bool
    made_from: MadeFrom
    found: Found
    version: str


def study_facts(
    config: Config, sources: Sources, examples: Examples, found: Found, written: Preregistration, *, deposited: bool
) -> StudyFacts:
    """Return the facts of a study."""
    return StudyFacts(
        name=config.name,
        question=question(config),
        verdict=verdict(found.tables, config),
        preregistration=written,
        deposited=deposited,
        made_from=_made_from(sources, examples),
        found=found,
        version=__version__,
    )


def _made_from(sources: Sources, examples: Examples) -> MadeFrom:
    first = min(calendar.days[0] for calendar in sources.calendars.values())
    return MadeFrom(
        digest=sources.store.digest,
        first_day=first.astype(object),
        today=sources.store.today,
        schools=int(examples.people["school_id"].nunique()),
        trained=examples.plan.training,
        tested=examples.plan.test,
    )


def as_dict(facts: StudyFacts) -> dict[str, Any]:
    """Return `study.json`; what intervals were made from stands in `tables/replicates.csv` alone."""
    made = facts.made_from
    return {
        "format": FORMAT,
        "name": facts.name,
        "question": facts.question,
        "verdict": asdict(facts.verdict),
        "preregistration": {"sha256": facts.preregistration.sha256, "deposited_before": facts.deposited},
        "data": {
            "digest": made.digest,
            "first_day": str(made.first_day),
            "today": str(made.today),
            "schools": made.schools,
            "trained": [*map(str, made.trained)],
            "tested": [*map(str, made.tested)],
        },
        "tables": [_table(table) for table in facts.found.tables],
        "absent": list(facts.found.absent),
        "config": facts.preregistration.content["config"],
        "earlywarn": facts.version,
        "libraries": installed_libraries(),
    }


def _table(table: Table) -> Mapping[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "says": list(table.says),
        "columns": dict(table.columns),
        "rows": [dict(row) for row in table.rows],
    }
