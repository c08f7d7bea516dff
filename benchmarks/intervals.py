"""How long intervals take: 2,000 resamples of schools of 300,000 rows, beside scikit-learn in a plain loop.

    python benchmarks/intervals.py [RESULTS.json]

One contender on one date: AUC, AUC within schools, average precision, Brier score with its parts, calibration and
the lists. Ours adds up by school once and then weighs schools; the loop takes every measure again on weighted rows
(for AUC within schools, school by school), 20 times, and is extrapolated to 2,000. Seconds are of the processor, one
thread, so that other work on the machine does not count as ours (it slows both). Every measure of some resamples
is held against its plain version, and against scikit-learn where that has it.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from earlywarn.evaluate import calibration, measures, places
from earlywarn.evaluate.intervals import Clusters, leave_one_out
from earlywarn.evaluate.prepared import calibrate, count_listed, rank

ROWS, SCHOOLS, RESAMPLES, LOOPED, CHECKED = 300_000, 250, 2_000, 20, 5
RESULTS = Path(__file__).parent / "results" / "intervals.json"
AGREE = 1e-9

Values = Mapping[str, np.ndarray]


def main(out: Path) -> None:
    outcome, risk, school = trust()
    listed = places.listing(risk, school, np.full(ROWS, 60))
    resamples = np.random.default_rng(2).multinomial(SCHOOLS, np.full(SCHOOLS, 1 / SCHOOLS), RESAMPLES).astype(float)
    prepared, preparing = timed(lambda: prepare(outcome, risk, school, listed))
    found, weighing = timed(lambda: weigh(prepared, resamples))
    _, jackknife = timed(lambda: weigh(prepared, leave_one_out(SCHOOLS)))
    looped, loop = timed(lambda: [one_by_one(outcome, risk, school, listed, each) for each in resamples[:LOOPED]])
    result = {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}",
        "rows": ROWS, "schools": SCHOOLS, "resamples": RESAMPLES, "looped": LOOPED,
        "seconds": {
            "ours, adding up by school": preparing, "ours, 2,000 resamples": weighing,
            "ours, leaving out each school": jackknife,
            "scikit-learn in a loop, extrapolated": loop / LOOPED * RESAMPLES,
        },
        "largest_difference": disagreement(found, looped, outcome, risk, school, listed, resamples),
    }  # fmt: skip
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def trust() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw 300,000 pupils in schools of unequal size and level, with honest probabilities."""
    random = np.random.default_rng(1)
    school = np.sort(random.choice(SCHOOLS, ROWS, p=random.dirichlet(np.full(SCHOOLS, 4.0))))
    risk = 1 / (1 + np.exp(1.7 - random.normal(0, 0.4, SCHOOLS)[school] - 1.3 * random.normal(size=ROWS)))
    return random.random(ROWS) < risk, risk, school


def prepare(outcome: np.ndarray, risk: np.ndarray, school: np.ndarray, listed: np.ndarray) -> tuple:
    clusters = Clusters(school, SCHOOLS, "schools")
    return (
        rank(outcome, risk, clusters, school),
        calibrate(outcome, risk, clusters),
        count_listed(outcome, listed, clusters),
    )


def weigh(prepared: tuple, weights: np.ndarray) -> Values:
    return {name: each for part in prepared for name, each in part.measures(weights).items()}


def one_by_one(
    outcome: np.ndarray, risk: np.ndarray, school: np.ndarray, listed: np.ndarray, drawn: np.ndarray
) -> dict:
    """Take each measure with scikit-learn on one resample: a school drawn twice weighs twice."""
    weight = drawn[school]
    kept = weight > 0
    y, p, w, s, on = outcome[kept], risk[kept], weight[kept], school[kept], listed[kept]
    odds = np.log(p / (1 - p))[:, None]
    return {
        "auc": roc_auc_score(y, p, sample_weight=w),
        "average_precision": average_precision_score(y, p, sample_weight=w),
        "brier": brier_score_loss(y, p, sample_weight=w),
        "within_school_auc": within_schools(y, p, s, drawn),
        "calibration_slope": LogisticRegression(C=np.inf).fit(odds, y, sample_weight=w).coef_[0, 0],
        "precision": (w * on * y).sum() / (w * on).sum(),
        "recall": (w * on * y).sum() / (w * y).sum(),
    }


def within_schools(y: np.ndarray, p: np.ndarray, school: np.ndarray, drawn: np.ndarray) -> float:
    edges = np.searchsorted(school, np.arange(SCHOOLS + 1))
    right = pairs = 0.0
    for each in np.flatnonzero(drawn):
        rows = slice(edges[each], edges[each + 1])
        yes = y[rows].sum()
        between = float(yes) * (len(y[rows]) - yes) * drawn[each] ** 2
        if between:
            right += between * roc_auc_score(y[rows], p[rows])
            pairs += between
    return right / pairs


def plain_values(outcome: np.ndarray, risk: np.ndarray, listed: np.ndarray, weight: np.ndarray) -> dict[str, float]:
    return {
        "auc": measures.auc(outcome, risk, weight),
        "average_precision": measures.average_precision(outcome, risk, weight),
        "brier": measures.brier(outcome, risk, weight),
        "observed_over_expected": calibration.observed_over_expected(outcome, risk, weight),
        "precision": places.precision_at_places(outcome, listed, weight),
        "recall": places.recall_at_places(outcome, listed, weight),
        "false_reassurance": places.false_reassurance(outcome, listed, weight),
    }


def disagreement(found: Values, looped: list, outcome, risk, school, listed, resamples) -> dict[str, float]:
    """Return the largest difference from the plain versions and scikit-learn, by measure; the slope's is one step's."""
    against = [(at, one) for at, one in enumerate(looped)]
    against += [(at, plain_values(outcome, risk, listed, resamples[at][school])) for at in range(CHECKED)]
    worst: dict[str, float] = {}
    for at, one in against:
        for name, value in one.items():
            worst[name] = max(worst.get(name, 0.0), abs(float(found[name][at]) - float(value)))
    wrong = {name: gap for name, gap in worst.items() if gap > AGREE and name != "calibration_slope"}
    if wrong:
        raise SystemExit(f"ours and theirs differ: {wrong}")
    worst["calibration_slope, spread over resamples"] = float(found["calibration_slope"].std())
    return worst


def timed(work: Callable[[], object]):
    began = time.process_time()
    result = work()
    return result, round(time.process_time() - began, 3)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else RESULTS)
