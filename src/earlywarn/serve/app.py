"""The routes: is it up, what stands behind the lists, a list, a person.

In:  what is held, and the rules for who may ask.
Out: an ASGI app. Its description is at /openapi.json; there is no page of documentation, which would load from
     elsewhere.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from earlywarn import __version__
from earlywarn.serve.access import Note
from earlywarn.serve.answers import About, Health, ListName, ListPage, Person
from earlywarn.serve.guard import Rules, guarded
from earlywarn.serve.held import Held, School, page_of
from earlywarn.serve.refusals import declared, refusal

LONGEST_PAGE = 100
_SAYS = "Lists and people of one school, for its token. Read-only. A list is advice to a person, never a decision."
_ALWAYS = (400, 405, 413, 414, 429, 431, 500)

# Describes the token in the OpenAPI document; `guard` has looked at it by then.
_bearer = HTTPBearer(auto_error=False, description="The token that the trust made for the school.")
routes = APIRouter()


async def _own_school(request: Request) -> School:
    """Return the school of the token."""
    if request.state.caller is None:
        raise HTTPException(401)
    held: Held = request.app.state.held
    return held.school(request.state.caller.school_id)


OwnSchool = Annotated[School, Depends(_own_school)]
Page = Annotated[int, Query(ge=1, le=100_000, description="From 1; after the last, nobody is on it.")]
Size = Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="People on a page.")]


@routes.get("/health", responses=declared(*_ALWAYS))
async def health() -> Health:
    """Say that the service is up; no token is needed."""
    return Health(status="ok")


@routes.get("/about", dependencies=[Depends(_bearer)], responses=declared(401, *_ALWAYS))
async def about(school: OwnSchool) -> About:
    """Say which model made the lists, as of when, how sure it is, and where a worry goes first."""
    return school.about


@routes.get("/lists/{name}", dependencies=[Depends(_bearer)], responses=declared(401, 404, 422, *_ALWAYS))
async def list_page(name: ListName, school: OwnSchool, page: Page = 1, size: Size = 50) -> ListPage:
    """Show who is on a list, in the order of their places; /about names the lists that there are."""
    found = page_of(school, name, page, size)
    if found is None:
        raise HTTPException(404)
    return found


# An id may hold a slash, so that the rest of the path is one.
@routes.get("/people/{person_id:path}", dependencies=[Depends(_bearer)], responses=declared(401, 404, 422, *_ALWAYS))
async def person(person_id: str, school: OwnSchool) -> Person:
    """Show one person: risk, reasons, what goes well, what is not known."""
    found = school.people.get(person_id)
    if found is None:
        raise HTTPException(404)
    return found


def make_app(held: Held, rules: Rules, note: Note) -> ASGIApp:
    """Return the service of what is held; `note` writes its access log."""
    app = FastAPI(
        title="earlywarn", version=__version__, description=_SAYS, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    app.state.held = held
    app.include_router(routes)
    app.add_exception_handler(HTTPException, _http_refusal)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(Exception, _went_wrong)
    return guarded(app, rules, note)


async def _http_refusal(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refusal(status, {"WWW-Authenticate": "Bearer"} if status == 401 else None)


async def _not_understood(request: Request, error: Exception) -> JSONResponse:
    return refusal(422)


async def _went_wrong(request: Request, error: Exception) -> JSONResponse:
    return refusal(500)
