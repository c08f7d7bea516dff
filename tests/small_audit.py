"""Made-up lists to audit: a table of a few people by hand, and trusts with a gap that is known."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.audit.audit import Audit, audit
from earlywarn.audit.reading import About
from earlywarn.audit.rows import AuditRow, GapRow, Key
from earlywarn.config import Fairness, Places
from earlywarn.evaluate.places import listing, places_at_school

ABOUT = About(
    "pupil-absence", "missed 10% or more of the sessions to July", contenders={"rate_to_date": "Absence rate"}
)
BY_SEN = Fairness(groups=("sen",), intersections=())


def by_hand(counts: Sequence[tuple[str, bool, float, int]], schools: int = 1) -> Audit:
    """Audit people given as (SEN, outcome, share listed, how many), dealt to the schools in turn."""
    rows = [row[:3] for row in counts for _ in range(row[3])]
    sen, outcome, listed = (np.array([row[place] for row in rows]) for place in range(3))
    number = np.arange(len(rows))
    everyone = np.ones(len(rows), dtype=np.bool_)
    return audit(
        pd.DataFrame({"sen": pd.Series(sen, dtype="str").replace("", None)}),
        outcome=outcome.astype(np.bool_),
        listed={"model": {"everyone": listed.astype(np.float64)}},
        risk={},
        populations={"everyone": everyone},
        fairness=BY_SEN,
        school=number % schools,
        person=number,
        as_of=np.zeros(len(rows)),
        about=ABOUT,
    )


def trust(seed: int, unseen: float = 0.0, pupils: int = 6000, schools: int = 20) -> Audit:
    """Audit a trust whose risk does not differ by group; pupil premium scores `unseen` too low, in log-odds."""
    random = np.random.default_rng(seed)
    school = np.sort(random.integers(schools, size=pupils))
    people = pd.DataFrame({
        "pupil_premium": random.random(pupils) < 0.3,
        "sen": random.choice(["N", "K", "E", None], pupils, p=[0.8, 0.13, 0.05, 0.02]),
    })  # fmt: skip
    odds = random.normal(0, 1.3, pupils) + random.normal(0, 0.4, schools)[school] - 1.6
    already = odds + random.normal(0, 0.5, pupils) > 0
    score = odds - unseen * people["pupil_premium"].to_numpy()
    rule = np.round(odds + random.normal(0, 1, pupils), 1)
    populations = {"onset": ~already, "already": already}
    return audit(
        people,
        outcome=random.random(pupils) < _probability(odds),
        listed={
            contender: {name: _listed(risk, school, rows) for name, rows in populations.items()}
            for contender, risk in (("model", score), ("rate_to_date", rule))
        },
        risk={"model": _probability(score)},
        populations=populations,
        fairness=Fairness(groups=("pupil_premium", "sen")),
        school=school,
        person=np.arange(pupils),
        as_of=np.zeros(pupils),
        about=ABOUT,
    )


def row(audit: Audit, group: str, measure: str, contender: str = "model", population: str = "everyone") -> AuditRow:
    """Return the one row of a group, whatever it is grouped by."""
    (found,) = [each for each in audit.rows if _is(each.key, group, measure, contender, population)]
    return found


def gap(audit: Audit, group: str, measure: str, contender: str = "model", population: str = "everyone") -> GapRow:
    """Return the one gap of a group."""
    (found,) = [each for each in audit.gaps if _is(each.key, group, measure, contender, population)]
    return found


def _is(key: Key, *wanted: str) -> bool:
    return (key.group, key.measure, key.contender, key.population) == wanted


def _listed(risk: NDArray[np.float64], school: NDArray[np.int64], rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    places = places_at_school(school, Places(), [rows])
    listed = np.zeros(len(risk))
    listed[rows] = listing(risk[rows], school[rows], places[rows])
    return listed


def _probability(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-odds))
