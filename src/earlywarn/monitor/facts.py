"""What a monitoring found, as plain data: the page, the JSON and the tables are all made from it.

In:  the bundle, the dates that were watched, the verdict.
Out: `monitor.json`, and rows for the CSV files.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from earlywarn.audit.words import phrase_of
from earlywarn.bundle.read import Bundle
from earlywarn.evaluate.estimate import plain
from earlywarn.monitor.verdict import Verdict, tested_at
from earlywarn.monitor.watch import Watched
from earlywarn.phrases import PEOPLE, happened

Facts = dict[str, Any]


def facts_of(bundle: Bundle, watched: Sequence[Watched], found: Verdict) -> Facts:
    """Return everything that was found, dates as text, numbers rounded."""
    manifest = bundle.manifest
    facts = {
        "name": manifest.name,
        "version": manifest.version,
        "format": manifest.format,
        "population": PEOPLE[manifest.population],
        "outcome": happened(manifest.outcome),
        "trained_on": manifest.trained,
        "verdict": asdict(found),
        "meanings": {record.name: record.means for record in bundle.features},
        "questions": {f"{asked.name} {one.id}": one.wording for asked in bundle.instruments for one in asked.items},
        "dates": [_date(bundle, one) for one in watched],
    }
    return dict(plain(_with_text(facts)))


def _date(bundle: Bundle, one: Watched) -> Facts:
    return asdict(one) | {"performance": _performance(bundle, one), "groups": _groups(one)}


def _performance(bundle: Bundle, one: Watched) -> list[Facts]:
    """Return, for each population and measure, what was tested, expected and realised."""
    came = {(each.population, each.measure): each.estimate for each in one.realised}
    promised = {(each.population, each.measure): each for each in one.expected}
    return [
        {
            "population": population,
            "measure": measure,
            "tested": tested_at(bundle, population, measure),
            "expected": _interval(promised.get((population, measure))),
            "realised": _interval(came.get((population, measure))),
        }
        for population, measure in dict.fromkeys((*promised, *came))
    ]


def _groups(one: Watched) -> list[Facts]:
    return [
        {
            "group_by": each.group_by,
            "group": each.group,
            "words": phrase_of(each.group_by, each.group),
            "measure": each.measure,
            "realised": _interval(each.estimate),
            "hidden": each.estimate is None,
        }
        for each in one.groups
    ]


def _interval(found: Any) -> Facts | None:
    if found is None:
        return None
    positives = {"positives": found.positives} if hasattr(found, "positives") else {}
    return {"value": found.value, "low": found.low, "high": found.high, "n": found.n} | positives


def _with_text(found: Any) -> Any:
    """Return nested data with dates as text."""
    if isinstance(found, Mapping):
        return {key: _with_text(each) for key, each in found.items()}
    if isinstance(found, list | tuple):
        return [_with_text(each) for each in found]
    return str(found) if isinstance(found, date) else found


def readings_csv(facts: Facts) -> str:
    """Return everything that was held against its past, a row a date and reading."""
    columns = ("kind", "name", "school", "now", "before", "moved", "limit", "alarm")
    rows = ([day["as_of"], *(each[name] for name in columns)] for day in facts["dates"] for each in day["readings"])
    return _csv(("as_of", *columns), rows)


def performance_csv(facts: Facts) -> str:
    """Return what was tested, expected and realised, a row a date, population and measure."""
    names = ("value", "low", "high", "n")
    heads = [f"{kind}_{name}" for kind in ("expected", "realised") for name in names]
    rows = (
        [
            *(day["as_of"], each["population"], each["measure"], each["tested"]),
            *((each[kind] or {}).get(name) for kind in ("expected", "realised") for name in names),
        ]
        for day in facts["dates"]
        for each in day["performance"]
    )
    return _csv(("as_of", "population", "measure", "tested", *heads), rows)


def groups_csv(facts: Facts) -> str:
    """Return how each group fared, a row a date, group and measure; what is hidden has no numbers."""
    names = ("value", "low", "high", "n", "positives")
    rows = (
        [
            *(day["as_of"], each["group_by"], each["group"], each["measure"]),
            *((each["realised"] or {}).get(name) for name in names),
            "suppressed" if each["hidden"] else "ok",
        ]
        for day in facts["dates"]
        for each in day["groups"]
    )
    return _csv(("as_of", "group_by", "group", "measure", *names, "status"), rows)


def _csv(heads: Iterable[str], rows: Iterable[Sequence[Any]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return written.getvalue()
