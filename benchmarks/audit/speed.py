"""How long an audit of 100,000 scored pupils takes, beside Fairlearn's own bootstrap.

    python -m benchmarks.audit.speed [PUPILS]

In:  made-up scores of pupils in schools of 400, who stand on two as-of dates; 12 groups and pairs.
Out: `results/audit_speed.json`: seconds of one core, and peak memory, of the whole audit (a jackknife over schools with
     20,000 draws for the family), of 2,000 bootstrap resamples of schools through the same sums, and of
     `MetricFrame(n_boot=...)`, which resamples pupils one by one; it runs 20 for one group and list, and what
     2,000 for all 12 on three lists would take is reckoned from them.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pandas as pd
from fairlearn.metrics import MetricFrame, selection_rate
from numpy.typing import NDArray
from sklearn.metrics import precision_score, recall_score

from earlywarn.audit.audit import Audit, audit
from earlywarn.audit.groups import group_columns
from earlywarn.audit.reading import About
from earlywarn.config import Fairness, Places
from earlywarn.evaluate.intervals import clusters_of
from earlywarn.evaluate.places import listing, places_at_school
from earlywarn.evaluate.prepared import count_listed

RESULTS = Path(__file__).parents[1] / "results" / "audit_speed.json"
RESAMPLES, TRIED = 2000, 20
GROUPS = ("pupil_premium", "sen", "any_sen", "sex", "eal", "year_group", "ethnicity", "phase")
PAIRS = (("pupil_premium", "sen"), ("pupil_premium", "sex"), ("pupil_premium", "ethnicity"), ("any_sen", "sex"))
FAIRNESS = Fairness(groups=GROUPS, intersections=PAIRS)
LISTS = ("onset", "already", "everyone")

Floats = NDArray[np.float64]


def main(pupils: int) -> None:
    people, score, populations, listed = made_up(pupils)
    _, ours = timed(lambda: audited(people, score, populations, listed))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    _, resampled = timed(lambda: bootstrap(people, listed))
    _, tried = timed(lambda: fairlearn(people, listed["everyone"]))
    found = {
        "pupils": pupils,
        "rows": len(people),
        "groups_and_pairs": len(GROUPS) + len(PAIRS),
        "audit_seconds": round(ours, 1),
        "audit_peak_gb": round(peak, 2),
        "bootstrap_of_schools_seconds": round(resampled, 1),
        "fairlearn_seconds_reckoned": round(tried / TRIED * RESAMPLES * (len(GROUPS) + len(PAIRS)) * len(LISTS)),
        "load_average": round(os.getloadavg()[0], 1),
    }
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(json.dumps(found, indent=1))


def made_up(pupils: int) -> tuple[pd.DataFrame, Floats, dict[str, NDArray[np.bool_]], dict[str, Floats]]:
    """Return people of two dates with their outcome, their scores, the lists' people and who stands on them."""
    random = np.random.default_rng(1)
    number = np.tile(np.arange(pupils), 2)
    school = number // 400
    odds = random.normal(0, 1.3, pupils)[number] + random.normal(0, 0.4, pupils // 400 + 1)[school] - 1.6
    already = odds + random.normal(0, 0.5, len(odds)) > 0
    people = pd.DataFrame({
        "pupil_premium": (random.random(pupils) < 0.25)[number],
        "sen": random.choice(["N", "K", "E"], pupils, p=[0.82, 0.13, 0.05])[number],
        "sex": random.choice(["F", "M"], pupils)[number],
        "eal": (random.random(pupils) < 0.2)[number],
        "year_group": random.integers(1, 12, pupils)[number],
        "ethnicity": random.choice(list("ABCDEFGH"), pupils)[number],
        "phase": np.where(school % 3 == 0, "secondary", "primary"),
        "school_id": school,
        "person_id": number,
        "as_of": np.repeat([1, 2], pupils),
        "outcome": random.random(2 * pupils) < 1 / (1 + np.exp(-odds)),
    })  # fmt: skip
    populations = {"onset": ~already, "already": already, "everyone": np.ones(len(odds), dtype=np.bool_)}
    score = odds + random.normal(0, 0.5, len(odds))
    unit = people.groupby(["as_of", "school_id"]).ngroup().to_numpy()
    return people, score, populations, {name: on_list(score, unit, populations, name) for name in LISTS}


def on_list(score: Floats, unit: NDArray[np.int64], populations: dict[str, NDArray[np.bool_]], name: str) -> Floats:
    rows = populations[name]
    lists = [populations["onset"], populations["already"]] if name == "everyone" else [rows]
    places = places_at_school(unit, Places(), lists)
    listed = np.zeros(len(score))
    listed[rows] = listing(score[rows], unit[rows], places[rows])
    return listed


def audited(
    people: pd.DataFrame, score: Floats, populations: dict[str, NDArray[np.bool_]], listed: dict[str, Floats]
) -> Audit:
    """Audit the model's lists with everything an audit has: AUC and calibration too."""
    return audit(
        people,
        outcome=people["outcome"].to_numpy(),
        listed={"model": listed},
        risk={"model": 1 / (1 + np.exp(-score))},
        populations=populations,
        fairness=FAIRNESS,
        school=people["school_id"].to_numpy(),
        person=people["person_id"].to_numpy(),
        as_of=people["as_of"].to_numpy(),
        about=About("speed", "were persistently absent"),
    )


def bootstrap(people: pd.DataFrame, listed: dict[str, Floats]) -> list[dict[str, Floats]]:
    """Resample schools 2,000 times through the sums by school on which the audit rests: every group, every list."""
    clusters = clusters_of(people["school_id"].to_numpy(), people["person_id"].to_numpy())
    even = np.full(clusters.count, 1 / clusters.count)
    weights = np.random.default_rng(1).multinomial(clusters.count, even, RESAMPLES).astype(np.float64)
    outcome, found = people["outcome"].to_numpy(), []
    for labels, shares in product(group_columns(people, FAIRNESS).labels.values(), listed.values()):
        for group in np.unique(labels):
            rows = labels == group
            here = replace(clusters, codes=clusters.codes[rows])
            found.append(count_listed(outcome[rows], shares[rows], here).measures(weights))
    return found


def fairlearn(people: pd.DataFrame, listed: Floats) -> MetricFrame:
    """Resample the pupils of one list and grouping as Fairlearn does."""
    return MetricFrame(
        metrics={"recall": recall_score, "precision": precision_score, "selection": selection_rate},
        y_true=people["outcome"].to_numpy(),
        y_pred=listed >= 0.5,
        sensitive_features=people["sen"],
        n_boot=TRIED,
        ci_quantiles=[0.025, 0.975],
        random_state=1,
    )


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = process_time()
    return work(), process_time() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
