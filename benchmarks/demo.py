"""How long the demo takes, stage by stage, and how much memory: one run in a process of its own.

python benchmarks/demo.py > docs/demo-times.md
"""

import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STAGE = re.compile(r"^(?P<stage>[A-Z].*?): (?:(?P<count>[\d,]+) done, )?(?P<seconds>[\d.]+) s$")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        command = [sys.executable, "-m", "earlywarn", "demo", "--out", str(Path(folder) / "demo")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    print(f"`earlywarn demo`, 20 schools and 8,000 pupils, Python {platform.python_version()}: ", end="")
    print(f"**{seconds:.0f} s**, peak memory **{peak:.1f} GB**.\n")
    print("| stage | seconds |\n|---|---|")
    for line in done.stderr.splitlines():
        if found := STAGE.match(line.strip()):
            print(f"| {found['stage']} | {found['seconds']} |")
        elif line.strip() in ("pupil-absence", "staff-resignation"):
            print(f"| **{line.strip()}** | |")


if __name__ == "__main__":
    main()
