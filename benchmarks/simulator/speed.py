"""How long `earlywarn simulate` takes and how much memory: each run in a process of its own.

    python -m benchmarks.simulator.speed

writes `benchmarks/results/simulate_speed.json`, from which docs/simulator.md takes its table.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TypedDict

from earlywarn.paths import shipped_configs

RESULTS = Path(__file__).parents[1] / "results" / "simulate_speed.json"
SIZES = (50_000, 100_000, 400_000)
WITH_TRUTH = 100_000
A_SCHOOL = 400  # pupils


class Timed(TypedDict):
    """One run: `marks` are rows of `attendance`, `memory` is the process's peak in GB."""

    pupils: int
    truth: bool
    marks: int
    seconds: float
    memory: float


def main() -> None:
    runs = [timed(pupils, truth=False) for pupils in SIZES] + [timed(WITH_TRUTH, truth=True)]
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "runs": runs}, indent=1) + "\n", encoding="utf-8")


def timed(pupils: int, truth: bool) -> Timed:
    """Return what one complete year of a trust takes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "trust"
        size = ["--pupils", str(pupils), "--schools", str(pupils // A_SCHOOL), "--years", "1", "--current-weeks", "0"]
        asked = ["--truth", str(shipped_configs() / "pupil-absence.yaml")] if truth else []
        command = [sys.executable, "-m", "earlywarn", "simulate", str(out), *size, *asked, "--json"]
        began = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            answer = process.stdout.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with exit code {process.returncode}")
    marks = int(json.loads(answer)["rows"]["attendance"])
    return Timed(pupils=pupils, truth=truth, marks=marks, seconds=seconds, memory=used.ru_maxrss / 1024**2)


def speed_table(results: Path = RESULTS) -> str:
    """Return the table of the runs that were timed last."""
    found = json.loads(results.read_text(encoding="utf-8"))
    lines = [f"One complete year, measured on {found['machine']}:", ""]
    lines += ["| pupils | marks | seconds | peak memory, GB |", "|---|---|---|---|"]
    for run in found["runs"]:
        with_truth = ", with `--truth`" if run["truth"] else ""
        lines.append(
            f"| {run['pupils']:,}{with_truth} | {run['marks']:,} | {run['seconds']:.0f} | {run['memory']:.2f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
