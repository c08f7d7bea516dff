"""A term's run of the absence model: check the tables, train, score the rolls, write the packs.

    .venv/bin/python pipelines/pupil_absence.py DATA AS_OF

e.g. `pipelines/pupil_absence.py data 2026-11-09`. Copy this file and change what your trust does otherwise.
"""

import sys
from datetime import date
from pathlib import Path

from earlywarn import run
from earlywarn.errors import EarlyWarnError

CONFIG = Path("configs/pupil-absence.yaml")


def main(data: Path, as_of: date) -> None:
    """Go from tables to packs."""
    checked = run.check(data, CONFIG)
    if checked.stops:
        raise SystemExit("The tables break rules: see `earlywarn check`.")
    trained = run.train(CONFIG, data)
    print("\n".join(trained.headline))
    print(trained.reading[0])
    scored = run.score(trained.bundle, data, as_of, Path("scores") / f"pupil-absence-{as_of}")
    print(f"{scored.listed:,} of {scored.people:,} pupils are listed; {scored.packs} packs lie in {scored.folder}.")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
    except EarlyWarnError as error:
        sys.exit(f"{type(error).__name__}: {error}")
