"""The service: a token sees its own school, as the scores have it, and nothing else; and nobody is in the log."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from asked import Answered, ask
from earlywarn.serve.access import Note, access_log
from earlywarn.serve.app import make_app
from earlywarn.serve.guard import CARRIED, Rules
from earlywarn.serve.held import held
from earlywarn.serve.tokens import Token
from made_up_facts import pupil
from small_scores import contents

TODAY = date(2026, 11, 10)
PUPILS = [pupil(number) for number in range(14)] + [pupil(20 + number, "900002", listed=True) for number in range(3)]
FIRST, SECOND, PAST, EMPTY = "first", "second", "past", "empty"  # secrets
SCHOOLS = {FIRST: "900001", SECOND: "900002", PAST: "900001", EMPTY: "900009"}


def token(secret: str, until: date = date(2027, 7, 31)) -> Token:
    return Token(
        who=f"{secret} office", school_id=SCHOOLS[secret], sha256=sha256(secret.encode()).hexdigest(), until=until
    )


TOKENS = (token(FIRST), token(SECOND, TODAY), token(PAST, date(2026, 11, 9)), token(EMPTY))
RULES = Rules(TOKENS, frozenset({"127.0.0.1", "localhost"}), a_minute=1_000, today=lambda: TODAY)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "private" / "access.jsonl"


@pytest.fixture
def note(log: Path) -> Iterator[Note]:
    with access_log(log) as found:
        yield found


@pytest.fixture
def app(note: Note) -> ASGIApp:
    return make_app(held(contents(*PUPILS)), RULES, note)


def lines(log: Path) -> list[tuple[str | None, str, int]]:
    found = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return [(line["who"], line["route"], line["status"]) for line in found]


def ids(answered: Answered) -> list[str]:
    return [person["person_id"] for person in answered.json["people"]]


def test_a_list_stands_in_the_order_of_its_places(app: ASGIApp) -> None:
    found = ask(app, "/lists/onset", FIRST)
    assert found.status == 200
    assert ids(found) == ["P0000", "P0002", "P0004", "P0006"]
    assert {name: found.json[name] for name in ("title", "listed", "page", "pages", "as_of", "delete_by")} == {
        "title": "May cross the line",
        "listed": 4,
        "page": 1,
        "pages": 1,
        "as_of": "2026-11-09",
        "delete_by": "2027-05-08",
    }


def test_pages_of_a_list_are_the_list(app: ASGIApp) -> None:
    pages = [ids(ask(app, f"/lists/already?page={page}&size=3", FIRST)) for page in (1, 2, 3)]
    assert pages == [["P0001", "P0003", "P0005"], ["P0007"], []]
    assert ask(app, "/lists/already?size=3", FIRST).json["pages"] == 2


def test_a_person_is_told_as_they_were_scored(app: ASGIApp) -> None:
    found = ask(app, "/people/P0004", FIRST).json
    row = PUPILS[4]
    for name in ("risk", "band", "list", "listed", "rank_in_school", "reasons", "going_well", "not_known", "form"):
        assert found[name] == row[name], name
    assert found["unlike_training"] is True
    assert "raw_score" not in found


def test_a_person_who_is_not_listed_is_told_without_place_on_a_list(app: ASGIApp) -> None:
    found = ask(app, "/people/P0012", FIRST).json
    assert (found["listed"], found["band"]) == (False, "usual")
    assert all("P0012" not in ids(ask(app, f"/lists/{name}", FIRST)) for name in ("onset", "already"))


def test_a_token_sees_everybody_of_its_school_and_nobody_else(app: ASGIApp) -> None:
    for secret in (FIRST, SECOND):
        seen = {row["person_id"] for row in PUPILS if ask(app, f"/people/{row['person_id']}", secret).status == 200}
        assert seen == {row["person_id"] for row in PUPILS if row["school_id"] == SCHOOLS[secret]}
        listed = {person for name in ("onset", "already") for person in ids(ask(app, f"/lists/{name}", secret))}
        assert listed == {person for person in seen if _row(person)["listed"]}


def _row(person: str) -> dict[str, object]:
    return next(row for row in PUPILS if row["person_id"] == person)


def test_a_pupil_of_another_school_and_one_who_does_not_exist_get_the_same_answer(app: ASGIApp) -> None:
    theirs, nobodys = ask(app, "/people/P0020", FIRST), ask(app, "/people/P9999", FIRST)
    assert theirs.status == 404
    assert theirs == nobodys


def test_a_pupil_at_two_schools_is_told_to_each_as_scored_there(note: Note) -> None:
    app = make_app(held(contents(pupil(1), pupil(1, "900002", risk=0.11))), RULES, note)
    assert [ask(app, "/people/P0001", secret).json["risk"] for secret in (FIRST, SECOND)] == [0.78, 0.11]


def test_an_id_may_hold_anything(note: Note) -> None:
    app = make_app(held(contents(pupil(1, person_id="7/ä b?"), pupil(2))), RULES, note)
    assert ask(app, "/people/7%2F%C3%A4%20b%3F", FIRST).json["person_id"] == "7/ä b?"


def test_about_says_where_a_worry_goes_first_and_when_the_lists_end(app: ASGIApp) -> None:
    found = ask(app, "/about", FIRST).json
    assert "designated safeguarding lead" in found["safeguarding"]
    assert (found["model_version"], found["delete_by"], found["school"]) == (
        "3",
        "2027-05-08",
        "Beck Lane Primary School",
    )
    assert found["lists"] == [
        {"name": "onset", "title": "May cross the line", "listed": 4, "scored": 7},
        {"name": "already", "title": "Already at or above the line", "listed": 4, "scored": 7},
    ]


def test_a_school_of_which_nobody_was_scored_has_empty_lists(app: ASGIApp) -> None:
    assert [ask(app, f"/lists/{name}", EMPTY).json["people"] for name in ("onset", "already")] == [[], []]
    assert ask(app, "/about", EMPTY).json["school"] == "School 900009"


def test_a_model_with_one_list_serves_that_one(note: Note) -> None:
    staff = pupil(1, list="everyone") | {"role": "teacher", "subject": "maths"}
    staff = {name: value for name, value in staff.items() if name not in ("year_group", "form")}
    app = make_app(held(contents(staff)), RULES, note)
    assert ask(app, "/lists/everyone", FIRST).json["people"][0]["role"] == "teacher"
    assert ask(app, "/lists/onset", FIRST).status == 404


def test_a_list_that_the_model_does_not_keep_is_not_there(app: ASGIApp) -> None:
    assert ask(app, "/lists/everyone", FIRST).status == 404


@pytest.mark.parametrize("path", ["/about", "/lists/onset", "/people/P0001", "/people/P9999"])
@pytest.mark.parametrize("secret", ["", "wrong", PAST])
def test_without_a_token_that_holds_there_is_one_answer(app: ASGIApp, path: str, secret: str) -> None:
    found = ask(app, path, secret)
    assert found.status == 401
    assert found.headers["www-authenticate"] == "Bearer"
    assert found.body == ask(app, "/about").body


def test_a_token_holds_on_its_last_day(app: ASGIApp) -> None:
    assert ask(app, "/about", SECOND).status == 200


def test_another_way_of_signing_in_is_not_known(app: ASGIApp) -> None:
    assert ask(app, "/about", authorization=f"Basic {FIRST}").status == 401


def test_health_needs_no_token(app: ASGIApp) -> None:
    assert ask(app, "/health").json == {"status": "ok"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1@evil.example:8707"])
def test_another_name_of_the_host_is_refused(app: ASGIApp, host: str) -> None:
    assert ask(app, "/about", FIRST, host=host).status == 400


def test_a_name_that_was_given_is_answered(note: Note) -> None:
    app = make_app(held(contents(*PUPILS)), replace(RULES, hosts=frozenset({"lists.trust.example"})), note)
    assert ask(app, "/about", FIRST, host="Lists.Trust.Example:443").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_nothing_but_looking_is_allowed(app: ASGIApp, method: str) -> None:
    found = ask(app, "/people/P0001", FIRST, method)
    assert (found.status, found.headers["allow"]) == (405, "GET, HEAD")


def test_head_is_answered_as_get_is(app: ASGIApp) -> None:
    assert ask(app, "/lists/onset", FIRST, "HEAD").headers == ask(app, "/lists/onset", FIRST).headers


def test_a_body_and_an_endless_address_are_refused(app: ASGIApp) -> None:
    assert ask(app, "/about", FIRST, content_length="1").status == 413
    assert ask(app, "/about", FIRST, transfer_encoding="chunked").status == 413
    assert ask(app, "/about", FIRST, content_length="0").status == 200
    assert ask(app, f"/people/{'9' * 2_000}", FIRST).status == 414


def test_endless_headers_are_refused(app: ASGIApp) -> None:
    assert ask(app, "/about", FIRST, x_mine="9" * 17_000).status == 431
    assert ask(app, "/about", FIRST, x_mine="9" * 15_000).status == 200


@pytest.mark.parametrize(
    "address", ["/lists/mine", "/lists/onset?page=0", "/lists/onset?page=P0001", "/lists/onset?size=101"]
)
def test_what_is_not_understood_is_not_said_again(app: ASGIApp, address: str) -> None:
    found = ask(app, address, FIRST)
    assert found.status == 422
    assert set(found.json) == {"problem", "fix"}
    assert b"P0001" not in found.body and b"mine" not in found.body


def test_who_asks_too_often_waits_and_the_others_do_not(note: Note) -> None:
    app = make_app(held(contents(*PUPILS)), replace(RULES, a_minute=2), note)
    found = [ask(app, "/about", FIRST) for _ in range(3)]
    assert [one.status for one in found] == [200, 200, 429]
    assert 1 <= int(found[-1].headers["retry-after"]) <= 30
    assert ask(app, "/about", SECOND).status == 200


@pytest.mark.parametrize(
    "address", ["/health", "/about", "/people/P0001", "/people/P9999", "/nothing", "/docs", "/openapi.json"]
)
def test_no_answer_is_kept_framed_or_shared(app: ASGIApp, address: str) -> None:
    found = ask(app, address, FIRST, origin="https://evil.example")
    assert CARRIED.items() <= found.headers.items()
    assert found.headers["cache-control"] == "no-store"
    assert not [name for name in found.headers if name.startswith("access-control")]


def test_the_log_says_who_looked_at_what_kind_of_thing_and_at_nobody(app: ASGIApp, log: Path) -> None:
    for address, secret in (
        ("/people/P0001", FIRST),
        ("/people/P0020?x=P0003", FIRST),
        ("/lists/onset?page=1", SECOND),
        ("/P0001", FIRST),
        ("/about", "P0001"),
        ("/health", ""),
    ):
        ask(app, address, secret)
    assert lines(log) == [
        ("first office", "/people/{person_id}", 200),
        ("first office", "/people/{person_id}", 404),
        ("second office", "/lists/{name}", 200),
        ("first office", "other", 404),
        (None, "/about", 401),
        (None, "/health", 200),
    ]
    assert "P00" not in log.read_text(encoding="utf-8")


def test_an_error_of_ours_is_told_without_its_words(
    note: Note, log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*given: object) -> None:
        raise KeyError("P0001")

    monkeypatch.setattr("earlywarn.serve.app.page_of", broken)
    told: list[str] = []
    monkeypatch.setattr("earlywarn.serve.guard.say", told.append)
    found = ask(make_app(held(contents(*PUPILS)), RULES, note), "/lists/onset", FIRST)
    assert (found.status, set(found.json)) == (500, {"problem", "fix"})
    assert lines(log) == [("first office", "/lists/{name}", 500)]
    assert [line.startswith("an answer failed: KeyError in ") for line in told] == [True]
    assert "P0001" not in "".join(told) + found.body.decode() + "".join(capsys.readouterr())


def test_every_answer_is_declared(app: ASGIApp) -> None:
    document = ask(app, "/openapi.json").json
    declared = {path: set(found["get"]["responses"]) for path, found in document["paths"].items()}
    always = {"200", "400", "405", "413", "414", "429", "431", "500"}
    assert declared == {
        "/health": always,
        "/about": always | {"401"},
        "/lists/{name}": always | {"401", "404", "422"},
        "/people/{person_id}": always | {"401", "404", "422"},
    }
    assert all(set(found) == {"get"} for found in document["paths"].values())
    assert [path for path, found in document["paths"].items() if "security" not in found["get"]] == ["/health"]
