"""How long a whole training takes, from the tables to the bundle, and how much memory.

    python -m benchmarks.whole.training [FOLDER]

In:  made-up trusts of 8,000 and of 100,000 pupils with three complete years; FOLDER keeps them for the next run.
Out: `results/whole_training.json`, of `earlywarn train` with three dates a year and 40 trials.
"""

from pathlib import Path

from ..models.recipes import RESULTS
from .measure import CONFIG, Measured, config_in, main, run, trust


def training(folder: Path, pupils: int) -> Measured:
    """Train once, from nothing."""
    data, work = trust(folder, pupils), folder / f"train-{pupils}"
    config = config_in(work, "pupil-absence", CONFIG)
    kept = ("--out", work / "models", "--private", work / "private", "--mlruns", work / "mlruns")
    return run("train", config, "--data", data, *kept)


if __name__ == "__main__":
    main(training, RESULTS / "whole_training.json", __doc__)
