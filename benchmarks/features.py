"""How long the features of attendance take, and how much memory, beside DuckDB's scan, Polars and pandas.

    python benchmarks/features.py [FOLDER]

Made-up marks of 100,000 pupils, a year of them, at three as-of dates. Every measurement has a process of its
own, and a peer's features are checked against ours. FOLDER keeps the made-up trusts for the next run. Polars
comes with `pip install earlywarn[bench]`; without it, its row says so.

All stand side by side in every round: whatever else the machine does befalls all of them, and the ratios hold.
"""

import importlib
import importlib.util
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from contenders import ours
from contenders.days import codes_of, days_held, school_days
from contenders.trust import AS_OF, make_trust, make_unsorted, marks_of, open_trust, unsorted

from earlywarn.register import calendars_of

PUPILS = 100_000
GROWTH = (10_000, 25_000, 100_000, 400_000)
ROUNDS = 3
AGREE = 1e-4

OURS = {
    "scan": "DuckDB scans four columns and hands them over",
    "scan_inside": "DuckDB scans four columns and hands nothing over",
    "from_parquet": "**earlywarn**, sorted Parquet to features",
    "from_register": "**earlywarn**, packed register to features",
    "from_unsorted": "**earlywarn**, Parquet in no order to features",
}
PEERS = {"polars": "Polars' expressions", "pandas": "plain pandas"}
Run = dict[str, float]


def main() -> None:
    if len(sys.argv) == 3:  # a process of `apart`
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
    elif len(sys.argv) == 2:
        report(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            report(Path(folder))


def report(folder: Path) -> None:
    """Print the tables that the documentation shows."""
    data = made(folder, PUPILS)
    print_machine(data)
    contenders = [*OURS, *filter(importlib.util.find_spec, PEERS)]
    rounds = [{name: apart(name, data) for name in contenders} for _ in range(ROUNDS)]
    print_contenders(rounds)
    print_growth(folder)


def made(folder: Path, pupils: int) -> Path:
    """Make a trust in a process of its own: this one hands its peak memory on to those it starts."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        data = pool.submit(make_trust, folder, pupils).result()
        if pupils == PUPILS:
            pool.submit(make_unsorted, data).result()
    return data


def apart(name: str, data: Path) -> Run:
    """Measure in a process of its own."""
    said = subprocess.run([sys.executable, __file__, name, str(data)], stdout=subprocess.PIPE, text=True, check=True)
    found: Run = json.loads(said.stdout.splitlines()[-1])
    print(f"{data.name} {name}: {found}", file=sys.stderr)
    return found


def measure(name: str, data: Path) -> Run:
    """Return the seconds and the peak memory of one contender, and how many features of a peer equal ours."""
    run = contender(name, data)
    began, busy = time.perf_counter(), time.process_time()
    result = run()
    seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    equal = agreeing(result, data) if name in PEERS else 0
    return {"seconds": seconds, "cpu": cpu, "gigabytes": peak, "agreeing": equal}


def contender(name: str, data: Path) -> Callable[[], Any]:
    """Return what is timed."""
    if name == "from_parquet":
        return lambda: used(ours.from_parquet(data))
    if name == "from_register":
        register = ours.packed(data)
        return lambda: used(ours.from_register(register))
    if name == "from_unsorted":
        return lambda: used(ours.from_parquet(unsorted(data)))
    if name in OURS:
        return lambda: getattr(ours, name)(data)
    peer = importlib.import_module(f"contenders.with_{name}")
    return lambda: of_peer(peer.features, data)


def used(blocks: Iterable[tuple[pd.Index, np.ndarray]]) -> int:
    """Take the features school by school, as someone does who writes them to a file."""
    return sum(values.nbytes for _, values in blocks)


def of_peer(features: Callable[..., pd.DataFrame], data: Path) -> list[pd.DataFrame]:
    """Return a peer's features, a table for each date."""
    with open_trust(data) as store:
        calendars = calendars_of(store)
    return [
        features(data, school_days(days_held(data, as_of), calendars, as_of), codes_of(as_of), as_of) for as_of in AS_OF
    ]


def agreeing(found: list[pd.DataFrame], data: Path) -> int:
    """Return how many features equal ours, on every date, of people with marks at one school; an error if one differs.

    Someone who moved has a row at each school of ours; the peers know one row a person.
    """
    one_school = duckdb.sql(f"SELECT person_id FROM {marks_of(data)} GROUP BY 1 HAVING min(school_id) = max(school_id)")
    settled = pd.Index(one_school.df()["person_id"].astype(object))
    for theirs, mine in zip(found, ours.tables(list(ours.from_parquet(data))), strict=True):
        theirs.index = theirs.index.astype(object)
        mine = mine[mine.index.isin(theirs.index.intersection(settled))]
        for name in theirs:
            same = np.isclose(theirs.loc[mine.index, name], mine[name], rtol=AGREE, atol=AGREE, equal_nan=True)
            if not same.all():
                raise SystemExit(f"{name} differs for {(~same).sum():,} of {len(same):,} people")
    return len(found[0].columns)


def print_machine(data: Path) -> None:
    ((marks,),) = duckdb.sql(f"SELECT count(*) FROM {marks_of(data)}").fetchall()
    print(
        f"{marks:,} marks of {PUPILS:,} pupils, {len(AS_OF)} as-of dates, {len(ours.ATTENDANCE)} features; "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}, "
        f"NumPy {np.__version__}, pandas {pd.__version__}. Medians of {ROUNDS} rounds.\n"
    )


def print_contenders(rounds: list[dict[str, Run]]) -> None:
    """Print seconds on the clock and of the processors, memory, and how many times the scan each took."""
    median = {
        name: {what: statistics.median(run[name][what] for run in rounds) for what in rounds[0][name]}
        for name in rounds[0]
    }
    print("| | seconds | times the scan | of processors | times the scan | peak memory | features equal to ours |")
    print("|---|---|---|---|---|---|---|")
    for name, words in (OURS | PEERS).items():
        if name not in median:
            print(f"| {words} | not installed: `pip install earlywarn[bench]` | | | | | |")
            continue
        run, scan = median[name], median["scan"]
        clock = f"{run['seconds']:.2f} | {run['seconds'] / scan['seconds']:.1f}"
        cpu = f"{run['cpu']:.2f} | {run['cpu'] / scan['cpu']:.1f}"
        equal = f"{run['agreeing']:.0f} of {len(ours.ATTENDANCE)}" if name in PEERS else ""
        print(f"| {words} | {clock} | {cpu} | {run['gigabytes']:.2f} GB | {equal} |")
    print()


def print_growth(folder: Path) -> None:
    """Print seconds and memory of the way from sorted Parquet to features, by number of pupils."""
    print("| pupils | seconds | of processors | of processors, per 10,000 pupils | peak memory |")
    print("|---|---|---|---|---|")
    for pupils in GROWTH:
        run = apart("from_parquet", made(folder, pupils))
        each = run["cpu"] * 10_000 / pupils
        print(f"| {pupils:,} | {run['seconds']:.2f} | {run['cpu']:.2f} | {each:.2f} | {run['gigabytes']:.2f} GB |")


if __name__ == "__main__":
    main()
