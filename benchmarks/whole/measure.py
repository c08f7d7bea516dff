"""What one command takes: seconds on the clock and of the processors, memory, the seconds of each of its steps.

In:  the words of a command.
Out: a mapping for a line of JSON. Trusts are made once in a folder, and taken from there the next time.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from earlywarn.paths import shipped_instruments

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

Measured = dict[str, Any]


def main(measured: Callable[[Path, int], Measured], results: Path, about: str | None) -> None:
    """Measure each trust, in the folder that was given or in one that is not kept; keep and print what was found."""
    match sys.argv[1:]:
        case []:
            with tempfile.TemporaryDirectory() as folder:
                _report(measured, results, Path(folder))
        case [folder]:
            Path(folder).mkdir(parents=True, exist_ok=True)
            _report(measured, results, Path(folder))
        case _:
            sys.exit(about)


def _report(measured: Callable[[Path, int], Measured], results: Path, folder: Path) -> None:
    found = {str(pupils): measured(folder, pupils) for pupils in TRUSTS}
    results.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(results.read_text(encoding="utf-8"))


def trust(folder: Path, pupils: int) -> Path:
    """Return the data folder of a made-up trust, making it where it is missing."""
    data = folder / f"data-{pupils}"
    if not data.exists():
        run("simulate", data, "--pupils", pupils, "--schools", TRUSTS[pupils], "--years", 3)
    return data


def config_in(folder: Path, name: str, said: dict[str, Any]) -> Path:
    """Write a config, the shipped questionnaires beside it."""
    folder.mkdir(exist_ok=True)
    config = folder / f"{name}.yaml"
    config.write_text(yaml.safe_dump(said), encoding="utf-8")
    if not (folder / "instruments").exists():
        (folder / "instruments").symlink_to(shipped_instruments().resolve())
    return config


def run(*words: object) -> Measured:
    """Run a command of earlywarn in a process of its own; whoever reads the result wants it to have succeeded."""
    words = (sys.executable, "-m", "earlywarn", *words)
    with tempfile.TemporaryFile("w+") as news:
        began, load = time.monotonic(), os.getloadavg()[0]
        process = subprocess.Popen([*map(str, words)], stdout=subprocess.DEVNULL, stderr=news)
        _, status, used = os.wait4(process.pid, 0)  # of this process alone, which getrusage does not tell
        process.returncode = os.waitstatus_to_exitcode(status)
        news.seek(0)
        told = news.read()
    if process.returncode:
        sys.exit(f"earlywarn {words[3]} failed:\n{told}")
    return {
        "seconds": round(time.monotonic() - began, 1),
        "processors": round(used.ru_utime + used.ru_stime, 1),
        "peak_gb": round(used.ru_maxrss / 1e6, 2),
        "load": round(load, 1),
        "steps": steps(told),
    }


def steps(news: str) -> dict[str, float]:
    r"""Return the seconds of each step, as a command tells them on standard error.

    >>> steps("Packing the register: 0.8 s\rTuning: 40 done, 22.1 s\n")
    {'Packing the register': 0.8, 'Tuning': 22.1}
    """
    return {found["step"]: float(found["seconds"]) for found in STEP.finditer(news.replace("\r", "\n"))}
