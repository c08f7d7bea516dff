"""What was decided about each version of a model: `models/<name>/decisions.jsonl`.

One line a decision, only ever added. The champion is the version promoted last;
training a version promotes nothing.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from earlywarn.errors import BundleError

DECISIONS = "decisions.jsonl"

Decision = Literal["trained", "promoted"]


def record_decision(root: Path, name: str, version: int, decision: Decision, by: str = "", because: str = "") -> None:
    """Add one line and see it onto the disk; a line that short is written whole or not at all."""
    made_on = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    line = {"version": version, "decision": decision, "by": by, "because": because, "made_on": made_on}
    file = os.open(root / name / DECISIONS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(file, f"{json.dumps(line, ensure_ascii=False)}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)


def decisions(root: Path, name: str) -> list[dict[str, Any]]:
    """Return every decision, oldest first; none where nothing was decided yet."""
    path = root / name / DECISIONS
    if not path.exists():
        return []
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except ValueError:
        raise BundleError(
            f"{path}: a line is not JSON", fix="restore the file from a copy; it is never edited"
        ) from None


def champion(root: Path, name: str) -> int | None:
    """Return the version in use, or None while none was promoted."""
    promoted = [each["version"] for each in decisions(root, name) if each["decision"] == "promoted"]
    return promoted[-1] if promoted else None


def challenger(root: Path, name: str) -> int | None:
    """Return the newest version trained since the champion was promoted, or None while there is none."""
    made = decisions(root, name)
    promoted = [place for place, each in enumerate(made) if each["decision"] == "promoted"]
    since = made[promoted[-1] + 1 :] if promoted else made
    trained = [each["version"] for each in since if each["decision"] == "trained"]
    return trained[-1] if trained else None
