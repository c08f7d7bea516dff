"""The service: score once, then answer until it is stopped; and the tokens that open it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from earlywarn.bundle.read import Bundle, read_bundle
from earlywarn.errors import ConfigError
from earlywarn.progress import step
from earlywarn.report.contents import PackContents
from earlywarn.report.earlier import read_earlier
from earlywarn.report.scores import contents_of
from earlywarn.run.opening import PRIVATE, config_of, instruments_of, opened
from earlywarn.run.scoring import ScoringChoice
from earlywarn.score.people import score_people

if TYPE_CHECKING:
    from socket import socket

    from starlette.types import ASGIApp

    from earlywarn.serve.access import Note
    from earlywarn.serve.guard import Rules
    from earlywarn.serve.held import Held


@dataclass(frozen=True)
class Door:
    """Who may come in, and how.

    tokens   : the file of tokens.
    port     : on 127.0.0.1; 0 takes any that is free.
    names    : names of the host beside 127.0.0.1 and localhost.
    a_minute : how often a token may ask.
    log      : the access log, by default `access.jsonl` in the private folder.
    """

    tokens: Path
    port: int = 8707
    names: tuple[str, ...] = ()
    a_minute: int = 600
    log: Path | None = None


@dataclass(frozen=True)
class Service:
    """A service that is ready to answer, and what to say of it.

    nobody : who holds a token of a school of which nobody was scored.
    past   : whose token opens nothing, because its last day is past.
    """

    address: str
    name: str
    model_version: str
    as_of: date
    delete_by: date
    schools: int
    people: int
    tokens: int
    nobody: tuple[str, ...]
    past: tuple[str, ...]
    log: Path
    app: "ASGIApp"
    port: "socket"


@contextmanager
def service(
    bundle_path: Path, data: Path, as_of: date, door: Door, choice: ScoringChoice, private: Path = PRIVATE
) -> Iterator[Service]:
    """Score everyone on roll on a morning, and lend a service of their lists; what it shows is in memory only."""
    # These bring FastAPI, which no other command needs.
    from earlywarn.serve.access import access_log
    from earlywarn.serve.guard import Rules
    from earlywarn.serve.held import held
    from earlywarn.serve.loopback import HOST, take_port
    from earlywarn.serve.tokens import read_tokens

    names = frozenset({HOST, "localhost", *map(str.lower, door.names)})
    rules, log = Rules(read_tokens(door.tokens), names, door.a_minute), door.log or private / "access.jsonl"
    with closing(take_port(door.port)) as port, access_log(log) as note:
        shown = held(_scored(bundle_path, data, as_of, private, choice))
        port.listen()  # from here on who asks waits for an answer; before, nobody is kept waiting for the scores
        yield _ready(shown, rules, port, log, note)


def _ready(shown: "Held", rules: "Rules", port: "socket", log: Path, note: "Note") -> Service:
    from earlywarn.serve.app import make_app

    host, number = port.getsockname()
    return Service(
        address=f"http://{host}:{number}",
        name=shown.about.name,
        model_version=shown.about.model_version,
        as_of=shown.about.as_of,
        delete_by=shown.about.delete_by,
        schools=len(shown.schools),
        people=sum(len(school.people) for school in shown.schools.values()),
        tokens=len(rules.tokens),
        nobody=tuple(token.who for token in rules.tokens if token.school_id not in shown.schools),
        past=tuple(token.who for token in rules.tokens if token.until < rules.today()),
        log=log,
        app=make_app(shown, rules, note),
        port=port,
    )


def serve(found: Service) -> None:
    """Answer until Ctrl-C or SIGTERM."""
    from earlywarn.serve.loopback import answer_until_stopped

    answer_until_stopped(found.app, found.port)


def add_token(tokens: Path, school_id: str, who: str, until: date) -> str:
    """Add a token to a file, and return it; the file keeps its SHA-256 sum only."""
    from earlywarn.serve import tokens as file

    return file.add_token(tokens, school_id, who, until)


def _scored(bundle_path: Path, data: Path, as_of: date, private: Path, choice: ScoringChoice) -> PackContents:
    """Score as `earlywarn score` does."""
    bundle = read_bundle(bundle_path)
    _refuse_staff_by_person(bundle)
    earlier = read_earlier(choice.previous, bundle.manifest.name, as_of) if choice.previous else None
    config = config_of(bundle).model_copy(update={"exclude": choice.exclude})
    with opened(data, config, instruments_of(bundle), private) as sources, step("Scoring"):
        scored = score_people(bundle, sources, as_of, choice.wording)
        contents, _ = contents_of(scored, bundle, sources, earlier)
    return contents


def _refuse_staff_by_person(bundle: Bundle) -> None:
    config = config_of(bundle)
    if config.population == "staff" and not config.report.staff_by_person:
        raise ConfigError(
            f"{config.name} is of staff, and its config asks for no list by person: there is nothing to serve",
            fix="open staff.html, which `earlywarn score` writes by school and role",
        )
