"""How long it takes from features to scores with reasons, and to write the packs, beside others.

    python -m benchmarks.score [FOLDER]

In:  made-up numbers: 100,000 pupils in 200 schools, 100 features, 400 trees of 31 leaves. FOLDER keeps the trees for
     the next run. Without shap, shap is left out: `pip install --target PEERS shap`, then
     `PYTHONPATH=PEERS python -m benchmarks.score`.
Out: `results/score_speed.json`, and its tables as the documentation shows them.

Every measurement has a process of its own with one thread for LightGBM, which on a busy machine would spend seconds of
the second in waiting. Seconds of the processors are what is compared.
"""

import importlib.util
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .scoring.packs import packs
from .scoring.pupils import made
from .scoring.reasons import CONTENDERS, Measured

RESULTS = Path(__file__).parent / "results" / "score_speed.json"
PARTS = {**CONTENDERS, "packs": packs}
BUSY = "all, of processors"
WORDS = {
    "ours": "**earlywarn**: scores, lists, all contributions, reasons of the listed",
    "lightgbm": "LightGBM's `pred_contrib` alone",
    "shap": "`shap.TreeExplainer`, along the trees' paths (it asks LightGBM)",
    "shap_beside_others": "`shap.TreeExplainer`, beside 100 pupils (its own loop)",
}


def main() -> None:
    match sys.argv[1:]:
        case [part, folder]:  # a process of `apart`
            print(json.dumps(PARTS[part](Path(folder)) | {"peak memory": _peak()}))
        case [folder]:
            report(Path(folder))
        case _:
            with tempfile.TemporaryDirectory() as folder:
                report(Path(folder))


def report(folder: Path) -> None:
    """Measure everything, keep it and print it."""
    folder.mkdir(parents=True, exist_ok=True)
    made(folder)  # fits the trees, which no measurement should
    found = {"machine": machine(), **{part: apart(part, folder) for part in PARTS if installed(part)}}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")
    print("\n".join(tables(found)))


def apart(part: str, folder: Path) -> Measured:
    """Measure in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.score", part, str(folder)]
    alone = os.environ | {"OMP_THREAD_LIMIT": "1"}
    said = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, env=alone).stdout
    found: Measured = json.loads(said.splitlines()[-1])
    print(f"{part}: {found}", file=sys.stderr, flush=True)
    return found


def _peak() -> float:
    """Return the most memory that this process held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def installed(part: str) -> bool:
    return not part.startswith("shap") or importlib.util.find_spec("shap") is not None


def machine() -> dict[str, Any]:
    """Return what was measured with, and how busy the machine was before."""
    peers = {name: version(name) for name in ("lightgbm", "numpy", "shap") if installed(name)}
    return {"cores": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[1], 1), **peers}


def tables(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the tables in the documentation."""
    yield "| from features to reasons, 100,000 pupils | of processors, s | times LightGBM's | peak memory |"
    yield "|---|---|---|---|"
    for part, words in WORDS.items():
        if part in found:
            one, theirs = found[part], found["lightgbm"][BUSY]
            reckoned = f", reckoned from {int(one['rows']):,} rows" if "rows" in one else ""
            times = one[BUSY] / theirs
            yield f"| {words}{reckoned} | {one[BUSY]:,.0f} | {times:.3f} | {one['peak memory']:.2f} GB |"
    yield ""
    one = found["packs"]
    yield (
        f"{int(one['packs'])} packs of {int(one['pupils'])} pupils, {int(one['listed']):,} of them listed: "
        f"{one['all']:.0f} s on the clock, {one[BUSY]:.0f} s of processors, {one['peak memory']:.2f} GB."
    )


if __name__ == "__main__":
    main()
