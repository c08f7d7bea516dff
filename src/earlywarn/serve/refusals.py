"""What is said where there is no other answer: one text for each status, the same for everybody.

A pupil of another school and one who does not exist are one case here, and so are no token, a wrong one and one
whose day is past.
"""

from collections.abc import Mapping
from typing import Any

from fastapi.responses import JSONResponse

from earlywarn.serve.answers import Problem

_SAID = {
    400: ("This name is not the service's.", "Ask 127.0.0.1 or localhost, or a name given with --host-name."),
    401: (
        "There is no token, or it is not known here, or its last day is past.",
        "Send `Authorization: Bearer TOKEN`; the trust makes tokens with `earlywarn serve-token`.",
    ),
    404: (
        "There is nothing here for this token.",
        "/openapi.json has the routes, /about the school's lists; a token opens its own school.",
    ),
    405: ("The service only shows.", "Use GET or HEAD."),
    413: ("The service takes no body.", "Ask by path and query alone."),
    414: ("The address is too long.", "Ask for one person, or one page of a list."),
    422: ("A part of the address is not understood.", "/openapi.json says what each may be."),
    429: ("This token has asked too often.", "Wait as long as Retry-After says."),
    431: ("The headers are too long.", "Send the token and what HTTP needs, 16 kB in all."),
    500: ("Something went wrong here, and was noted.", "Tell who runs the service; nothing was changed."),
}


def refusal(status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the answer that refuses."""
    problem, fix = _SAID[status]
    return JSONResponse(Problem(problem=problem, fix=fix).model_dump(), status, dict(headers or {}))


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return refusals as the OpenAPI document declares them."""
    return {status: {"model": Problem, "description": _SAID[status][0]} for status in statuses}
