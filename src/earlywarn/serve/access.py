"""The access log: a line of JSON for each answer, and nobody in it but the token's holder.

It holds the route's template in place of the path: `/people/{person_id}` says that a person was looked at, not whom.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from earlywarn.errors import ConfigError

Note = Callable[[str | None, str, int], None]  # who, route, status


@contextmanager
def access_log(path: Path) -> Iterator[Note]:
    """Lend a function that adds a line to the log."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a", encoding="utf-8", buffering=1)
    except OSError:
        raise ConfigError(f"{path}: the access log cannot be written there", fix="name another with --log") from None
    with file:

        def note(who: str | None, route: str, status: int) -> None:
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            file.write(json.dumps({"at": at, "who": who, "route": route, "status": status}) + "\n")

        yield note
