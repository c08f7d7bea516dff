"""A term's run of the resignation model: train, and write the overview by school and role.

    .venv/bin/python pipelines/staff_resignation.py DATA AS_OF

Scores by person stay in `private/`: what may be shared is the overview of groups of ten or more.
"""

import sys
from datetime import date
from pathlib import Path

from earlywarn import run
from earlywarn.errors import EarlyWarnError

CONFIG = Path("configs/staff-resignation.yaml")


def main(data: Path, as_of: date) -> None:
    """Go from tables to the overview."""
    trained = run.train(CONFIG, data)
    print("\n".join(trained.headline))
    scored = run.score(trained.bundle, data, as_of, Path("scores") / f"staff-resignation-{as_of}")
    print(f"{scored.people:,} people in post; the overview is {scored.folder / 'staff.html'}.")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
    except EarlyWarnError as error:
        sys.exit(f"{type(error).__name__}: {error}")
