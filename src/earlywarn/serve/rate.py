"""How often somebody may ask: a bucket for each, which fills as time passes."""

import time
from collections.abc import Callable


def rate_limit(a_minute: int, clock: Callable[[], float] = time.monotonic) -> Callable[[str], float]:
    """Return a function that lets somebody ask `a_minute` times a minute, all at once or spread.

    It is called with who asks, and returns 0, or the seconds until they may ask again.

    >>> wait = rate_limit(2, clock=lambda: 0.0)
    >>> [wait("office"), wait("office"), wait("office"), wait("another")]
    [0.0, 0.0, 30.0, 0.0]
    """
    buckets: dict[str, tuple[float, float]] = {}

    def wait(who: str) -> float:
        now = clock()
        left, then = buckets.get(who, (float(a_minute), now))
        left = min(float(a_minute), left + (now - then) * a_minute / 60)
        allowed = left >= 1
        buckets[who] = (left - allowed, now)
        return 0.0 if allowed else (1 - left) * 60 / a_minute

    return wait
