"""How long a whole training takes, from the tables to the bundle, and how much memory.

    python -m benchmarks.whole_training [FOLDER]

In:  made-up trusts of 8,000 and of 100,000 pupils with three complete years; FOLDER keeps them for the next run.
Out: `results/whole_training.json`: for each trust the seconds on the clock and of the processors, the peak of memory
     and the seconds of each step, of `earlywarn train` with three dates a year and 40 trials, in a process of its own.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from earlywarn.paths import shipped_instruments

RESULTS = Path(__file__).parent / "results" / "whole_training.json"
TRUSTS = {8_000: 20, 100_000: 250}  # pupils: schools
CONFIG = {
    "name": "pupil-absence",
    "population": "pupils",
    "as_of": {"weeks_of_year": [6, 14, 22]},
    "outcome": {"kind": "absence_rate", "label": "window_rate", "threshold": 0.10, "window": "rest_of_year"},
    "model": {"trials": 40, "seed": 1},
    "fairness": {"groups": ["pupil_premium", "sen"], "intersections": [["pupil_premium", "sen"]]},
}
STEP = re.compile(r"^(?P<step>[A-Z][\w ]+): (?:\d+ done, )?(?P<seconds>[\d.]+) s$", re.MULTILINE)


def main() -> None:
    match sys.argv[1:]:
        case [folder]:
            report(Path(folder))
        case _:
            with tempfile.TemporaryDirectory() as folder:
                report(Path(folder))


def report(folder: Path) -> None:
    """Train on each trust, and keep and print what it took."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {str(pupils): training(trust(folder, pupils), folder / f"run-{pupils}") for pupils in TRUSTS}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def trust(folder: Path, pupils: int) -> Path:
    """Return the data folder of a made-up trust, making it where it is missing."""
    data = folder / f"data-{pupils}"
    if not data.exists():
        size = ("--pupils", pupils, "--schools", TRUSTS[pupils], "--years", 3)
        subprocess.run(earlywarn("simulate", data, *size), check=True, stdout=subprocess.DEVNULL)
    return data


def training(data: Path, work: Path) -> dict[str, Any]:
    """Train once, from nothing."""
    work.mkdir()
    config = work / "pupil-absence.yaml"
    config.write_text(yaml.safe_dump(CONFIG), encoding="utf-8")
    (work / "instruments").symlink_to(shipped_instruments().resolve())
    kept = ("--out", work / "models", "--private", work / "private", "--mlruns", work / "mlruns")
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run(earlywarn("train", config, "--data", data, *kept), check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": round(time.monotonic() - began, 1),
        "processors": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "peak_gb": round(after.ru_maxrss / 1e6, 2),
        "load": round(os.getloadavg()[0], 1),
        "steps": steps(ran.stderr),
    }


def steps(news: str) -> dict[str, float]:
    r"""Return the seconds of each step, as a training tells them on standard error.

    >>> steps("Packing the register: 0.8 s\rTuning: 40 done, 22.1 s\n")
    {'Packing the register': 0.8, 'Tuning': 22.1}
    """
    return {found["step"]: float(found["seconds"]) for found in STEP.finditer(news.replace("\r", "\n"))}


def earlywarn(*words: object) -> list[str]:
    return [sys.executable, "-m", "earlywarn", *map(str, words)]


if __name__ == "__main__":
    main()
