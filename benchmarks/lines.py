"""What a study has found so far: a file with a line of JSON for everything it tells.

In:  mappings.
Out: lines added at the end; all lines that are there. A study that was stopped goes on after them.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

DECIMALS = 6


def rows_of(file: Path) -> list[Any]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def keep(rows: Sequence[Mapping[str, Any]], file: Path) -> None:
    """Add what belongs together at once: a stopped study leaves nothing half told, and two may run side by side."""
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8", newline="\n") as kept:
        kept.write("".join(json.dumps(row) + "\n" for row in rows))


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
