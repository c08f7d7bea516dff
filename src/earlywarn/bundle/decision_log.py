"""The log of decisions about a model: `models/<name>/decisions.jsonl`, one line a decision, only ever added to.

In:  a decision.
Out: the decisions so far, oldest first, or a `BundleError` that names the line which is not as it was written.

Each line holds the SHA-256 of the line before, so that an edited, moved or missing line is noticed. The hash of
the last line, the *seal*, also lies in `decisions.seal`, so that a log cut short is noticed as well. Whoever may
write both files can still write another history: the seal that a decision prints belongs in the minutes.

A line is added under a lock, and the file replaced in one step: a crash leaves the log as it was or with the new
line, never with half of one. Locks end with the process that holds them.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from earlywarn.errors import BundleError
from earlywarn.folders import half_made

LOG, SEAL = "decisions.jsonl", "decisions.seal"
_HASH_LENGTH = 64

Action = Literal["trained", "promoted", "rolled back"]


class Decision(BaseModel):
    """One line of the log."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    on: date = Field(description="The day it was made.")
    action: Action
    version: Annotated[int, Field(ge=1, description="What was trained, promoted, or gone back to.")]
    by: str = Field("", description="Who decided; nobody decides about a training.")
    because: str = ""
    override: str = Field("", description="Why limits that are not met were set aside.")
    not_met: tuple[str, ...] = Field((), description="Those limits, in words.")
    before: str = Field("", description="SHA-256 of the line before; empty on the first.")


@dataclass(frozen=True)
class Recorded:
    """The log as a decision left it: the decision is the last; `seal` is the hash of its line."""

    log: tuple[Decision, ...]
    seal: str


class _EarlierLine(BaseModel):
    """A line of before November 2026: no format number, not bound to the line before."""

    model_config = ConfigDict(extra="forbid")

    version: int
    decision: Literal["trained", "promoted"]
    by: str
    because: str
    made_on: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT")]


def decisions(root: Path, name: str) -> tuple[Decision, ...]:
    """Return every decision about a model, oldest first; none where nothing was decided yet."""
    return _decisions(_lines(root / name), root / name)


def add_decision(root: Path, name: str, decide: Callable[[tuple[Decision, ...]], Decision]) -> Recorded:
    """Add what `decide` makes of the decisions so far; nobody else decides meanwhile."""
    folder = root / name
    with one_at_a_time(folder) as sealed:
        lines = _lines(folder)
        made = _decisions(lines, folder)
        decided = decide(made).model_copy(update={"before": _hash_above(lines)})
        lines.append(json.dumps(decided.model_dump(mode="json"), ensure_ascii=False).encode())
        _replace(folder / LOG, b"".join(line + b"\n" for line in lines))
        sealed.truncate(0)
        sealed.write((seal := _hash_above(lines)).encode())
    return Recorded((*made, decided), seal)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[IO[bytes]]:
    """Wait until no other process decides about the model in `folder`; lend the file with the seal."""
    with (folder / SEAL).open("ab") as file:
        _lock(file)
        yield file


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(1 << 30)  # beyond what is written: there a locked byte keeps nobody from reading
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)


def _lines(folder: Path) -> list[bytes]:
    """Return the lines of a log of which nothing was cut off."""
    sealed = _content(folder / SEAL).decode(errors="replace")  # read first: the log may grow meanwhile
    content = _content(folder / LOG)
    if content and not content.endswith(b"\n"):
        raise _damaged(folder, "its last line is cut off")
    lines = content.split(b"\n")[:-1]
    # A seal that a crash left half written says nothing; one that is whole is that of a line.
    if len(sealed) == _HASH_LENGTH and sealed not in map(_hash, lines):
        raise _damaged(folder, "lines at its end are missing, or were changed")
    return lines


def _decisions(lines: list[bytes], folder: Path) -> tuple[Decision, ...]:
    """Read the lines, each held against the hash that it keeps of the one before."""
    found = []
    for number, line in enumerate(lines, 1):
        above = _hash_above(lines[: number - 1])
        try:
            decided = _decision(line, above)
        except ValueError:  # pydantic's error is one
            raise _damaged(folder, f"line {number} is not a decision that this earlywarn can read") from None
        if decided.before != above:
            raise _damaged(folder, f"line {number} does not follow on the line before: one of the two was changed")
        found.append(decided)
    return tuple(found)


def _decision(line: bytes, above: str) -> Decision:
    try:
        old = _EarlierLine.model_validate_json(line)
    except ValidationError:
        return Decision.model_validate_json(line)
    on = date.fromisoformat(old.made_on[:10])
    return Decision(on=on, action=old.decision, version=old.version, by=old.by, because=old.because, before=above)


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _hash_above(lines: list[bytes]) -> str:
    return _hash(lines[-1]) if lines else ""


def _damaged(folder: Path, what: str) -> BundleError:
    return BundleError(f"{folder / LOG}: {what}", fix="restore the file from a copy; it is never edited")


def _replace(path: Path, content: bytes) -> None:
    """Put new content in a file's place in one step, and see it onto the disk."""
    draft = half_made(path.parent, ".decisions")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
