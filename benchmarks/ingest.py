"""How long reading and checking a year of marks takes, and how much memory, beside DuckDB's own typed read.

    python benchmarks/ingest.py [FOLDER]

Made-up marks of 100,000 pupils as one CSV file, and the same as Parquet. Ours ends with the marks typed,
checked by every rule and kept with file and line; DuckDB's ends with the same columns in a table of a
database file, unchecked. Every measurement has a process of its own, and all must hold the same number of
marks. FOLDER keeps the made-up trust for the next run.
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from earlywarn.simulate import Plan, simulate
from earlywarn.tables.database import MEMORY, THREADS
from earlywarn.tables.store import open_store

PLAN = Plan(schools=340, pupils=100_000, years=1, current_weeks=0)
ROUNDS = 3
BESIDE = ("schools.csv", "pupils.csv", "calendar.csv")

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
    """Print the table that the documentation shows."""
    apart("make", folder)  # a process hands its peak memory on to those it starts, so this one stays small
    # Side by side: whatever else the machine does befalls all of them.
    rounds = [{name: apart(name, folder) for name in CONTENDERS} for _ in range(ROUNDS)]
    size = marks_csv(folder).stat().st_size / 1e9
    print(f"{rounds[0]['table']['marks']:,.0f} marks, one CSV file of {size:.2f} GB, {THREADS} threads of ", end="")
    print(f"{os.cpu_count()} processors; DuckDB {duckdb.__version__}, Python {platform.python_version()}; ", end="")
    print(f"medians of {ROUNDS} rounds.\n")
    print("| what | seconds | processor seconds | times the typed read | peak memory (GB) |\n|---|---|---|---|---|")
    for name, (what, _) in CONTENDERS.items():
        seconds, busy, peak = (statistics.median(each[name][key] for each in rounds) for key in ("s", "busy", "peak"))
        ratio = statistics.median(each[name]["s"] / each["table"]["s"] for each in rounds)
        print(f"| {what} | {seconds:.1f} | {busy:.1f} | {ratio:.2f} | {peak:.2f} |")
    if len({each[name]["marks"] for each in rounds for name in CONTENDERS}) > 1:
        sys.exit("the contenders hold different numbers of marks")


def make_folders(folder: Path) -> int:
    """Make the trust, unless it is there: a folder with its marks as Parquet, and one with them as CSV."""
    if not (folder / "made").exists():
        made = simulate(PLAN, folder / "made").folder
        for kind in ("parquet", "csv"):
            (folder / kind).mkdir(exist_ok=True)
            for name in BESIDE:
                (folder / kind / name).write_bytes((made / name).read_bytes())
        (made / "attendance.parquet").rename(folder / "parquet" / "attendance.parquet")
    if not marks_csv(folder).exists():
        with connect() as db:
            return count(db, f"COPY (FROM '{folder}/parquet/attendance.parquet') TO '{marks_csv(folder)}'")
    return 0


def marks_csv(folder: Path) -> Path:
    return folder / "csv" / "attendance.csv"


def apart(name: str, folder: Path) -> Run:
    """Measure in a process of its own."""
    said = subprocess.run([sys.executable, __file__, name, str(folder)], stdout=subprocess.PIPE, text=True, check=True)
    found: Run = json.loads(said.stdout.splitlines()[-1])
    return found


def measure(name: str, folder: Path) -> Run:
    """Return the seconds, the processor's seconds and the peak memory of one contender, and how many marks it holds."""
    run = make_folders if name == "make" else CONTENDERS[name][1]
    began, busy = time.perf_counter(), time.process_time()
    marks = run(folder)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"s": seconds, "busy": busy, "peak": peak, "marks": marks}


def scan(folder: Path) -> int:
    with connect() as db:
        return count(db, f"SELECT count(COLUMNS(*)) FROM {typed_csv(folder)}")


def create_table(folder: Path) -> int:
    path = folder / "table.duckdb"
    with connect(path) as db:
        db.execute(f"CREATE TABLE marks AS FROM {typed_csv(folder)}")
        marks = count(db, "SELECT count(*) FROM marks")
    path.unlink()
    return marks


def connect(path: Path | str = ":memory:") -> duckdb.DuckDBPyConnection:
    """Connect to DuckDB with the threads and the memory that earlywarn allows itself."""
    db = duckdb.connect(str(path))
    db.execute(f"SET memory_limit = '{MEMORY}'; SET threads = {THREADS}; SET enable_progress_bar = false")
    return db


def typed_csv(folder: Path) -> str:
    return f"""read_csv('{marks_csv(folder)}', header = true, auto_detect = false, delim = ',',
        quote = '"', escape = '"',
        columns = {{person_id: 'VARCHAR', school_id: 'VARCHAR', date: 'DATE', session: 'VARCHAR', code: 'VARCHAR',
                    minutes_late: 'SMALLINT', known_on: 'DATE'}})"""


def ours_csv(folder: Path) -> int:
    return ours(folder, "csv")


def ours_parquet(folder: Path) -> int:
    return ours(folder, "parquet")


def ours(folder: Path, kind: str) -> int:
    with open_store(folder / kind, private=folder / "private") as store:
        return count(store.db, "SELECT count(*) FROM attendance")


def count(db: duckdb.DuckDBPyConnection, query: str) -> int:
    row = db.execute(query).fetchone()
    assert row is not None  # an aggregate always gives a row
    return int(row[0])


CONTENDERS: dict[str, tuple[str, Callable[[Path], int]]] = {
    "scan": ("DuckDB reads the CSV and keeps nothing", scan),
    "table": ("DuckDB's typed `CREATE TABLE AS` from the CSV", create_table),
    "csv": ("**earlywarn** reads the CSV, checks it and keeps it with file and line", ours_csv),
    "parquet": ("**earlywarn** reads the same from Parquet", ours_parquet),
}


if __name__ == "__main__":
    main()
