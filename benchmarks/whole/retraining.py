"""How long a term's retraining takes, the first time and when nothing has changed since.

    python -m benchmarks.whole.retraining [FOLDER]

In:  made-up trusts of 8,000 and of 100,000 pupils with three complete years; FOLDER keeps them for the next run.
Out: `results/whole_retraining.json`: of `earlywarn retrain` with 40 trials, and of the same again.

The model in use knows the first two years; the three dates of the third have closed since. It was made with one trial,
for how good it is costs nothing. No year is kept back as history, so that three years are enough for both.
"""

from datetime import date
from pathlib import Path

from ..models.recipes import RESULTS
from .measure import CONFIG, Measured, config_in, main, run, trust

NOW = CONFIG | {"history": "none"}
BEFORE = NOW | {"model": {"trials": 1, "seed": 1}, "data_to": date(2025, 10, 1)}


def retraining(folder: Path, pupils: int) -> Measured:
    """Retrain with a year more, and again with nothing new."""
    data, work = trust(folder, pupils), folder / f"retrain-{pupils}"
    before = config_in(work, "before", BEFORE)
    kept = ("--models", work / "models", "--mlruns", work / "mlruns")
    run("train", before, "--data", data, "--private", work / "private", "--out", *kept[1:])
    run("promote", "pupil-absence", 1, "--by", "a benchmark", "--because", "the first", *kept)
    words = ("retrain", config_in(work, "now", NOW), "--data", data, "--out", work / "retrain")
    return {name: run(*words, "--private", work / "private", *kept) for name in ("a term", "nothing new")}


if __name__ == "__main__":
    main(retraining, RESULTS / "whole_retraining.json", __doc__)
