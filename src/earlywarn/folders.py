"""A folder of results is written whole or not at all."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from earlywarn.errors import ConfigError


@contextmanager
def written_whole(target: Path, sign: str) -> Iterator[Path]:
    """Lend a draft folder beside `target` that takes its place when all went well.

    What an earlier run wrote there (it holds the file `sign`) is replaced; anything else that
    is not empty is refused, before any work is done.
    """
    _refuse_strangers(target, sign)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.parent / f".draft-{secrets.token_hex(6)}"
    draft.mkdir()
    try:
        yield draft
        if target.exists():
            shutil.rmtree(target)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def clear_folder(target: Path, sign: str) -> None:
    """Make `target` an empty folder; only what an earlier run wrote there (it holds `sign`) is removed."""
    _refuse_strangers(target, sign)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)


def _refuse_strangers(target: Path, sign: str) -> None:
    if target.exists() and not (target.is_dir() and ((target / sign).exists() or not any(target.iterdir()))):
        raise ConfigError(f"{target}: exists and was not written by this command", fix="name another folder with --out")
