"""How long a whole study takes, from the tables to its page, and how much memory.

    python -m benchmarks.whole.study [FOLDER]

In:  made-up trusts of 8,000 and of 100,000 pupils with three complete years and three waves of pupils in each; FOLDER
     keeps them for the next run.
Out: `results/whole_study.json`, of `earlywarn study` with the shipped config.
"""

from pathlib import Path

from earlywarn.paths import shipped_configs

from ..models.recipes import RESULTS
from .measure import Measured, main, run, trust


def study(folder: Path, pupils: int) -> Measured:
    """Study once, from nothing."""
    data, work = trust(folder, pupils), folder / f"study-{pupils}"
    config = shipped_configs() / "lead-indicators.yaml"
    return run("study", config, "--data", data, "--out", work / "study", "--private", work / "private")


if __name__ == "__main__":
    main(study, RESULTS / "whole_study.json", __doc__)
