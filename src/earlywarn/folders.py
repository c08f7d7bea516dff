"""A folder of results is written whole or not at all.

What is half made bears the name of the process that makes it. A process that is killed cannot tidy
up: the next one to write in the same place removes what it left there.
"""

import os
import platform
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from earlywarn.errors import ConfigError

_HALF_MADE = re.compile(r"\.?[a-z]+-(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-[0-9a-f]{8}(\.[a-z]+)*")


@contextmanager
def written_whole(target: Path, sign: str) -> Iterator[Path]:
    """Lend a draft folder beside `target` that takes its place when all went well.

    What an earlier run wrote there (it holds the file `sign`) is replaced; anything else that
    is not empty is refused, before any work is done.
    """
    _refuse_strangers(target, sign)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = half_made(target.parent, ".draft")
    draft.mkdir()
    try:
        yield draft
        if target.exists():
            shutil.rmtree(target)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def half_made(folder: Path, kind: str) -> Path:
    """Return a new path in `folder` for something half made; what killed processes left of its kind is removed.

    Its name says which process of which machine is at work there.
    """
    for left in folder.glob(f"{kind}-{_machine()}-*"):
        if not _is_running(left.name.removeprefix(f"{kind}-{_machine()}-").split("-")[0]):
            _remove(left)
    return folder / f"{kind}-{_machine()}-{os.getpid()}-{secrets.token_hex(4)}"


def is_half_made(path: Path) -> bool:
    """Tell by its name whether something is half made, by a process of any machine."""
    return _HALF_MADE.fullmatch(path.name) is not None


def is_at_work(path: Path) -> bool:
    """Tell whether the process that makes something half made may still be at work; another machine's may."""
    found = _HALF_MADE.fullmatch(path.name)
    return found is not None and (found["machine"] != _machine() or _is_running(found["process"]))


def _machine() -> str:
    """Return a sign for this machine: on a disk that is shared, another's process numbers mean nothing here."""
    return blake2b(platform.node().encode(), digest_size=4).hexdigest()


def _is_running(number: str) -> bool:
    """Tell whether a process of this machine is at work; where that cannot be asked for, say that it is."""
    if sys.platform == "win32" or not number.isdecimal():
        return True
    try:
        os.kill(int(number), 0)  # signal 0 reaches nobody
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True


def _remove(left: Path) -> None:
    if left.is_dir():
        shutil.rmtree(left, ignore_errors=True)
    else:
        left.unlink(missing_ok=True)


def clear_folder(target: Path, sign: str) -> None:
    """Make `target` an empty folder; only what an earlier run wrote there (it holds `sign`) is removed."""
    _refuse_strangers(target, sign)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)


def _refuse_strangers(target: Path, sign: str) -> None:
    if target.exists() and not (target.is_dir() and ((target / sign).exists() or not any(target.iterdir()))):
        raise ConfigError(f"{target}: exists and was not written by this command", fix="name another folder with --out")
