"""The service as a school's program meets it: over HTTP, from a process of its own that may be killed."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import earlywarn
from command_line import Ran, earlywarn_here
from demo_folder import Demo
from earlywarn.report.contents import PackContents, read_contents, table_of
from earlywarn.serve.loopback import HOST, take_port

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")

SAME = ("risk", "band", "list", "listed", "rank_in_school", "reasons", "going_well", "not_known", "model_version")
UNTIL = date(2099, 7, 31)


@dataclass(frozen=True)
class School:
    """A school as the command line has it: its token, and the rows of its people by id."""

    secret: str
    rows: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Running:
    """A service in a process of its own."""

    process: "subprocess.Popen[str]"
    port: int

    def ask(self, address: str, secret: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        connection.request("GET", address, headers={"Authorization": f"Bearer {secret}", "Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def stop(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGTERM)
        told, _ = self.process.communicate(timeout=60)
        return self.process.returncode, told


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for tokens and the private files."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def scores(demo: Demo) -> PackContents:
    """What the command line wrote."""
    return read_contents(demo.scores)


@pytest.fixture(scope="module")
def schools(scores: PackContents, folder: Path) -> list[School]:
    rows = table_of(scores.scores).to_pylist()
    return [
        School(_token(folder, school), {row["person_id"]: row for row in rows if row["school_id"] == school})
        for school in sorted({row["school_id"] for row in rows})
    ]


def _token(folder: Path, school: str) -> str:
    named = ("--for", f"office of {school}", "--until", UNTIL, "--tokens", folder / "tokens.yaml", "--json")
    return str(json.loads(earlywarn_here("serve-token", school, *named).out)["token"])


def _words(bundle: Path, demo: Demo, as_of: date, folder: Path, port: int) -> list[str]:
    where = ("--tokens", folder / "tokens.yaml", "--private", folder / "private", "--port", port)
    return [str(word) for word in ("serve", bundle, demo.data, "--as-of", as_of, *where, "--rate", 1_000_000)]


@contextmanager
def started(words: list[str]) -> Iterator[Running]:
    """Start the service on a free port, and wait until it says where it answers."""
    env = {**os.environ, "PYTHONPATH": str(Path(earlywarn.__file__).parents[1])}
    command = [sys.executable, "-m", "earlywarn", *words]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            said = (re.search(rf"http://{re.escape(HOST)}:(\d+)", line) for line in process.stdout)
            yield Running(process, int(next(found for found in said if found)[1]))
        finally:
            process.kill()


def _addresses(school: School) -> list[str]:
    lists = [f"/lists/{name}?size=100" for name in ("onset", "already")]
    return ["/about", *lists, *(f"/people/{person}" for person in list(school.rows)[:10])]


def _answers(running: Running, schools: list[School]) -> list[tuple[int, bytes]]:
    return [running.ask(address, school.secret) for school in schools for address in _addresses(school)]


def test_killed_while_answering_it_restarts_to_the_answers_of_the_command_line(
    demo: Demo, scores: PackContents, schools: list[School], folder: Path
) -> None:
    words = _words(demo.bundle, demo, scores.about.as_of, folder, 0)
    with started(words) as running:
        before = _answers(running, schools)
        _kill_while_answering(running, schools[0])
    with started(words) as running:
        assert _answers(running, schools) == before
        for school in schools:
            _is_told_as_scored(running, school)
        _sees_nobody_of(running, schools[0], schools[1:])
        code, told = running.stop()
    assert (code, told) == (0, "Stopped.\n")
    assert not [*(folder / "private").glob("store-*")]
    log = (folder / "private" / "access.jsonl").read_text(encoding="utf-8")
    assert not [person for school in schools for person in school.rows if person in log]
    assert not [school for school in schools if school.secret in log]


def _kill_while_answering(running: Running, school: School) -> None:
    """Kill the service while eight callers ask, and see that each noticed."""
    answered, noticed = threading.Semaphore(0), list[str]()

    def ask() -> None:
        try:
            while running.ask("/lists/onset", school.secret)[0] == 200:
                answered.release()
        except (OSError, http.client.HTTPException) as error:
            noticed.append(type(error).__name__)

    callers = [threading.Thread(target=ask) for _ in range(8)]
    for caller in callers:
        caller.start()
    for _ in range(40):
        answered.acquire()
    running.process.send_signal(signal.SIGKILL)
    for caller in callers:
        caller.join()
    assert len(noticed) == len(callers)


def _is_told_as_scored(running: Running, school: School) -> None:
    """Assert that lists hold who is listed, in order, and each as in `scores.parquet`, to the last digit."""
    told = [
        json.loads(running.ask(f"/lists/{name}?size=100", school.secret)[1])["people"] for name in ("onset", "already")
    ]
    for people in told:
        assert [one["rank_in_school"] for one in people] == sorted(one["rank_in_school"] for one in people)
    everyone = [one for people in told for one in people]
    assert {one["person_id"] for one in everyone} == {name for name, row in school.rows.items() if row["listed"]}
    unlisted = [person for person, row in school.rows.items() if not row["listed"]][:10]
    everyone += [json.loads(running.ask(f"/people/{person}", school.secret)[1]) for person in unlisted]
    for one in everyone:
        row = school.rows[one["person_id"]]
        assert {name: one[name] for name in SAME} == {name: row[name] for name in SAME}


def _sees_nobody_of(running: Running, school: School, others: list[School]) -> None:
    nobody = running.ask("/people/nobody", school.secret)
    assert nobody[0] == 404
    for other in others:
        for person in [*other.rows][:8]:
            assert running.ask(f"/people/{person}", school.secret) == nobody


def test_a_port_in_use_is_refused_before_anything_is_computed(
    demo: Demo, scores: PackContents, schools: list[School], folder: Path
) -> None:
    with take_port(0) as taken:
        taken.listen()
        ran = _served_here(demo.bundle, demo, scores.about.as_of, folder, taken.getsockname()[1])
    assert (ran.code, ran.err.count("fix:")) == (10, 1)
    assert "--port" in ran.err and "Reading" not in ran.err


def test_a_date_that_the_data_do_not_reach_is_refused(
    demo: Demo, scores: PackContents, schools: list[School], folder: Path
) -> None:
    ran = _served_here(demo.bundle, demo, scores.about.as_of + timedelta(days=300), folder, 0)
    assert ran.code == 10
    assert "as_of" in ran.err


def test_staff_are_not_served_by_person(demo: Demo, scores: PackContents, schools: list[School], folder: Path) -> None:
    ran = _served_here(demo.staff_bundle, demo, scores.about.as_of, folder, 0)
    assert ran.code == 10
    assert "staff.html" in ran.err


def test_without_tokens_nothing_is_served(demo: Demo, scores: PackContents, tmp_path: Path) -> None:
    ran = _served_here(demo.bundle, demo, scores.about.as_of, tmp_path, 0)
    assert ran.code == 10
    assert "serve-token" in ran.err


def _served_here(bundle: Path, demo: Demo, as_of: date, folder: Path, port: int) -> Ran:
    return earlywarn_here(*_words(bundle, demo, as_of, folder, port))
