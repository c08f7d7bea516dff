"""What every request passes before a route sees it, and what every answer carries.

In order: the host's name, the method, the size, who asks, how often. An answer is noted in the access log before it is
sent; an error of ours is told by its kind and place, never by its words, which may hold a person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import ceil
from traceback import extract_tb

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from earlywarn.progress import say
from earlywarn.serve.access import Note
from earlywarn.serve.rate import rate_limit
from earlywarn.serve.refusals import refusal
from earlywarn.serve.tokens import Token, caller_of

OTHER = "other"  # in the log: refused before a route was looked for, or none that shows people
LONGEST_ADDRESS = 2_000  # bytes of path and query
LONGEST_HEADERS = 16 * 1024  # bytes of all names and values
CARRIED = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_CARRIED = [(name.encode(), value.encode()) for name, value in CARRIED.items()]


@dataclass(frozen=True)
class Rules:
    """Who may ask, by which names of the host, how often a minute.

    today : asked at each request, for a token's last day.
    """

    tokens: tuple[Token, ...]
    hosts: frozenset[str]
    a_minute: int
    today: Callable[[], date] = date.today


def guarded(app: ASGIApp, rules: Rules, note: Note) -> ASGIApp:
    """Return the app behind its guard."""
    wait = rate_limit(rules.a_minute)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        caller = caller_of(rules.tokens, _secret(Headers(scope=scope)), rules.today())
        who = caller.who if caller else None
        # HEAD is answered as GET is: the server leaves the body out.
        asked = {**scope, "method": "GET", "state": {"caller": caller}}
        refused = _refused(scope, rules) or _too_often(wait(who or ""))
        try:
            await (refused or app)(asked, receive, _noted(asked, who, note, send))
        except Exception as error:
            say(f"an answer failed: {_kind_and_place(error)}")

    return answer


def _refused(scope: Scope, rules: Rules) -> JSONResponse | None:
    """Return why a request goes no further, whoever asks."""
    headers = Headers(scope=scope)
    if _host(headers.get("host", "")) not in rules.hosts:
        return refusal(400)
    if scope["method"] not in ("GET", "HEAD"):
        return refusal(405, {"Allow": "GET, HEAD"})
    if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
        return refusal(413)
    if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        return refusal(414)
    if sum(len(name) + len(value) for name, value in headers.raw) > LONGEST_HEADERS:
        return refusal(431)
    return None


def _too_often(wait: float) -> JSONResponse | None:
    return refusal(429, {"Retry-After": str(ceil(wait))}) if wait else None


def _host(header: str) -> str:
    """Return a host's name without its port.

    >>> _host("LocalHost:8707")
    'localhost'
    """
    name, colon, port = header.lower().rpartition(":")
    return name if colon and port.isdecimal() else header.lower()


def _secret(headers: Headers) -> str:
    kind, _, secret = headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _noted(scope: Scope, who: str | None, note: Note, send: Send) -> Send:
    """Return a `send` that writes the line of the log, then sends the answer with what every answer carries."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            route = getattr(scope.get("route"), "path_format", OTHER)
            note(who, route, message["status"])
            message = {**message, "headers": [*message["headers"], *_CARRIED]}
        await send(message)

    return sending


def _kind_and_place(error: Exception) -> str:
    places = extract_tb(error.__traceback__)
    return f"{type(error).__name__} in {places[-1].filename}, line {places[-1].lineno}" if places else ""
