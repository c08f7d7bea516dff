"""A file of people: one person_id a line, as `exclude` in the config names it, and `forget` adds to it."""

from collections.abc import Collection
from pathlib import Path

from duckdb import DuckDBPyConnection

from earlywarn.errors import ConfigError
from earlywarn.folders import half_made


def read_people(path: Path, option: str) -> list[str]:
    """Return the person_ids of a file; `option` is what named it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            f"{option}: {path} cannot be read", fix="give a UTF-8 text file with one person_id a line"
        ) from None
    return [person for line in text.splitlines() if (person := line.strip())]


def left_out(db: DuckDBPyConnection, population: str) -> int:
    """Return how many people of the pupils or staff table an exclude file left out of an open store."""
    found = db.execute(f"SELECT count(DISTINCT person_id) FROM read_{population} WHERE person_id IN (FROM excluded)")
    row = found.fetchone()
    return int(row[0]) if row else 0


def add_people(path: Path, people: Collection[str], option: str) -> int:
    """Add those who are not there yet, and return how many; a new file is for its owner's eyes only."""
    known = read_people(path, option) if path.exists() else []
    new = sorted(set(people) - set(known))
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = half_made(path.parent, ".exclude")
        draft.touch(mode=path.stat().st_mode & 0o777 if path.exists() else 0o600)
        draft.write_text("".join(f"{person}\n" for person in (*known, *new)), encoding="utf-8", newline="\n")
        draft.replace(path)
    return len(new)
