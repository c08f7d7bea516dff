"""New lists from a model that is kept: no training, today's tables in, a pack for each school out.

    .venv/bin/python pipelines/score_and_pack.py BUNDLE DATA AS_OF

e.g. `pipelines/score_and_pack.py models/pupil-absence/1 data 2026-11-09`.
"""

import sys
from datetime import date
from pathlib import Path

from earlywarn import run
from earlywarn.errors import EarlyWarnError


def main(bundle: Path, data: Path, as_of: date) -> None:
    """Score everyone on roll and write what each school opens."""
    scored = run.score(bundle, data, as_of, Path("scores") / f"{bundle.parent.name}-{as_of}")
    print(f"{scored.listed:,} of {scored.people:,} people are listed.")
    print(f"Open {scored.folder / ('packs' if scored.packs else 'staff.html')}.")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]))
    except EarlyWarnError as error:
        sys.exit(f"{type(error).__name__}: {error}")
