"""Who is champion: decided with a name and a reason, in a log that tells when it was tampered with."""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import earlywarn
from command_line import Ran, earlywarn_here, quick_config
from earlywarn import run
from earlywarn.bundle.decision_log import LOG, SEAL, decisions
from earlywarn.bundle.decisions import Said, challenger, champion, promote, record_training, roll_back
from earlywarn.bundle.listing import list_bundles
from earlywarn.bundle.write import write_bundle
from earlywarn.config import AsOf, Config, Fairness, Limit
from earlywarn.errors import BundleError, ConfigError, LimitError
from small_bundle import contents

NAME = "pupil-absence"
SAID = Said("A. Head", "ahead of the rule", date(2026, 11, 23))
LIMIT = Limit(group_by="pupil_premium", group="yes", at_most=0.1)
WORDS = "Of 100 pupils with pupil premium at most 10 more may be missed. Found: 20 more. The limit is not met."


def train(models: Path, verdict: str = "") -> Path:
    """Keep a small bundle as a training does; with a verdict, its config sets a limit, and the audit has judged it."""
    fairness = Fairness(limits=(LIMIT,) if verdict else ())
    config = Config(name=NAME, as_of=AsOf(weeks_of_year=(7, 19)), fairness=fairness)
    judged = [{**LIMIT.model_dump(), "verdict": verdict, "words": WORDS}] if verdict not in ("", "none") else []
    path = write_bundle(models, contents(config=config, audit={"reading": ["-"], "rows": [], "limits": judged}))
    record_training(models, NAME, int(path.name))
    return path


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Two versions, neither decided about."""
    train(tmp_path / "models")
    train(tmp_path / "models")
    return tmp_path / "models"


def said(models: Path) -> list[tuple[str, int]]:
    return [(each.action, each.version) for each in decisions(models, NAME)]


def test_training_promotes_nothing_and_the_last_promotion_counts(models: Path) -> None:
    assert (champion(models, NAME), challenger(models, NAME)) == (None, 2)
    promote(models, NAME, 1, SAID)
    promote(models, NAME, 2, SAID)
    assert (champion(models, NAME), challenger(models, NAME)) == (2, None)
    train(models)
    assert (champion(models, NAME), challenger(models, NAME)) == (2, 3)
    assert said(models) == [("trained", 1), ("trained", 2), ("promoted", 1), ("promoted", 2), ("trained", 3)]


def test_going_back_follows_the_succession_and_not_the_lines(models: Path) -> None:
    third = int(train(models).name)
    for version in (1, 2):
        promote(models, NAME, version, SAID)
    assert roll_back(models, NAME, SAID).log[-1].version == 1
    promote(models, NAME, third, SAID)
    roll_back(models, NAME, SAID)
    assert champion(models, NAME) == 1  # not 2, from which somebody went back
    with pytest.raises(ConfigError, match="no earlier champion"):
        roll_back(models, NAME, SAID)


@pytest.mark.parametrize(("version", "error", "words"), [(7, ConfigError, "no version 7"), (1, ConfigError, "already")])
def test_what_cannot_be_promoted_is_refused(models: Path, version: int, error: type[Exception], words: str) -> None:
    promote(models, NAME, 1, SAID)
    with pytest.raises(error, match=words):
        promote(models, NAME, version, SAID)
    assert champion(models, NAME) == 1


def test_a_damaged_or_swapped_bundle_is_not_promoted(models: Path) -> None:
    (models / NAME / "2" / "metrics.json").write_text("{}")
    with pytest.raises(BundleError, match=r"metrics\.json"):
        promote(models, NAME, 2, SAID)
    (models / NAME / "1").rename(models / NAME / "3")
    with pytest.raises(BundleError, match="holds pupil-absence 1"):
        promote(models, NAME, 3, SAID)
    assert champion(models, NAME) is None


def test_going_back_to_a_champion_that_is_gone_is_refused(models: Path) -> None:
    promote(models, NAME, 1, SAID)
    promote(models, NAME, 2, SAID)
    (models / NAME / "1").rename(models / "elsewhere")
    with pytest.raises(ConfigError, match="no version 1"):
        roll_back(models, NAME, SAID)
    assert champion(models, NAME) == 2


@pytest.mark.parametrize("verdict", ["not met", "cannot be told", "none"])
def test_what_fails_a_limit_is_promoted_only_against_words_that_are_kept(tmp_path: Path, verdict: str) -> None:
    train(tmp_path, verdict)
    with pytest.raises(LimitError) as refused:
        promote(tmp_path, NAME, 1, SAID)
    assert refused.value.exit_code == 15
    assert (
        "sets 1 limit(s), and the audit in the bundle judges 0" if verdict == "none" else WORDS
    ) in refused.value.problem
    overridden = Said("A. Head", "no other is whole", SAID.on, override="governors agreed,\n 12 November")
    kept = promote(tmp_path, NAME, 1, overridden).log[-1]
    assert (kept.by, kept.override) == ("A. Head", "governors agreed, 12 November")
    assert len(kept.not_met) == 1
    assert decisions(tmp_path, NAME)[-1] == kept


def test_a_model_that_keeps_its_limits_needs_no_override(tmp_path: Path) -> None:
    train(tmp_path, "met")
    with pytest.raises(ConfigError, match="nothing to override"):
        promote(tmp_path, NAME, 1, Said("A. Head", "better", SAID.on, override="just in case"))
    assert promote(tmp_path, NAME, 1, SAID).log[-1].not_met == ()


@pytest.mark.parametrize(("by", "because"), [("", "better"), ("A. Head", "  "), ("A.\x1b[2J", "better")])
def test_a_decision_needs_a_name_and_a_reason_in_plain_text(models: Path, by: str, because: str) -> None:
    with pytest.raises(ConfigError):
        promote(models, NAME, 1, Said(by, because, SAID.on))


def test_a_name_and_a_reason_in_any_script_stay_on_one_line(models: Path) -> None:
    promote(models, NAME, 1, Said("Zoë Ó Brádaigh", 'she said: "besser"\u2028as 3 × 2 = 6', SAID.on))
    kept = decisions(models, NAME)[-1]
    assert (kept.by, kept.because) == ("Zoë Ó Brádaigh", 'she said: "besser" as 3 × 2 = 6')
    assert len((models / NAME / LOG).read_bytes().splitlines()) == 3


def edited(lines: list[str]) -> list[str]:
    return [lines[0], lines[1].replace('"version": 2', '"version": 1'), *lines[2:]]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (edited, "line 3 does not follow"),
        (lambda lines: [lines[0], lines[2], lines[3]], "line 2 does not follow"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], "line 1 does not follow"),
        (lambda lines: lines[1:], "line 1 does not follow"),
        (lambda lines: lines[:-1], "lines at its end are missing"),
        (lambda lines: [*lines[:-1], lines[-1].replace("A. Head", "B. Head")], "lines at its end are missing"),
        (lambda lines: [*lines[:-1], lines[-1][:-20]], "lines at its end are missing"),
        (lambda lines: [*lines, '{"version": 9}'], "line 5 is not a decision"),
        (lambda lines: [], "lines at its end are missing"),
    ],
)
def test_a_log_that_was_cut_or_edited_is_noticed_and_not_guessed_at(models: Path, damage: Any, words: str) -> None:
    promote(models, NAME, 1, SAID)
    promote(models, NAME, 2, SAID)
    log = models / NAME / LOG
    lines = log.read_text(encoding="utf-8").splitlines()
    log.write_text("".join(f"{line}\n" for line in damage(lines)), encoding="utf-8")
    with pytest.raises(BundleError, match=words):
        champion(models, NAME)
    with pytest.raises(BundleError, match=words):
        promote(models, NAME, 1, SAID)


def test_no_byte_of_the_log_changes_unnoticed(models: Path) -> None:
    promote(models, NAME, 1, SAID)
    log = models / NAME / LOG
    whole = log.read_bytes()
    for place, byte in enumerate(whole):
        log.write_bytes(whole[:place] + bytes([byte ^ 1]) + whole[place + 1 :])
        with pytest.raises(BundleError):
            champion(models, NAME)


def test_half_a_line_is_noticed(models: Path) -> None:
    log = models / NAME / LOG
    log.write_bytes(log.read_bytes()[:-1])
    with pytest.raises(BundleError, match="cut off"):
        champion(models, NAME)


def test_a_training_stops_at_a_damaged_log_before_it_begins(models: Path, tmp_path: Path) -> None:
    (models / NAME / LOG).write_bytes(b"")
    with pytest.raises(BundleError, match="missing"):
        run.train(quick_config(tmp_path, NAME), tmp_path / "no data", models, tmp_path / "private", tmp_path / "none")


def test_a_crash_between_the_log_and_its_seal_loses_nothing(models: Path) -> None:
    before = (models / NAME / SEAL).read_bytes()
    promote(models, NAME, 1, SAID)
    for left in (before, b"", before[:20]):
        (models / NAME / SEAL).write_bytes(left)
        assert champion(models, NAME) == 1
    promote(models, NAME, 2, SAID)
    assert champion(models, NAME) == 2


def test_lines_from_before_the_log_was_sealed_are_read_and_bound_by_the_next(tmp_path: Path) -> None:
    write_bundle(tmp_path, contents())
    old = {"version": 1, "decision": "trained", "by": "", "because": "", "made_on": "2026-11-09T08:00:00Z"}
    (tmp_path / NAME / LOG).write_text(json.dumps(old) + "\n")
    promote(tmp_path, NAME, 1, SAID)
    assert said(tmp_path) == [("trained", 1), ("promoted", 1)]
    log = tmp_path / NAME / LOG
    log.write_text(log.read_text().replace("2026-11-09", "2026-11-10"))
    with pytest.raises(BundleError, match="line 2 does not follow"):
        champion(tmp_path, NAME)


def test_a_champion_whose_folder_is_gone_stays_on_the_shelf_as_damaged(models: Path) -> None:
    promote(models, NAME, 1, SAID)
    (models / NAME / "1").rename(models / "elsewhere")
    first, second = list_bundles(models)
    assert (first.version, first.role, second.version) == (1, "champion", 2)
    assert "not a bundle" in first.damage


PROMOTE = """
import sys
from datetime import date
from pathlib import Path
from earlywarn.bundle.decisions import Said, promote
models, version = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
{before}
promote(models, "pupil-absence", version, Said(f"person {{version}}", "at once", date(2026, 11, 23)))
"""


def start(models: Path, version: int, before: str = "") -> subprocess.Popen[str]:
    """Start a process that promotes a version as soon as it is told to."""
    env = {**os.environ, "PYTHONPATH": str(Path(earlywarn.__file__).parents[1])}
    program = [sys.executable, "-c", PROMOTE.format(before=before), str(models), str(version)]
    pipe = subprocess.PIPE
    return subprocess.Popen(program, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=env)


def test_people_who_promote_at_once_leave_one_champion_and_one_log(models: Path) -> None:
    at_once = [start(models, version) for version in (1, 2, 2)]
    for process in at_once:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in at_once:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=60)[1] for process in at_once]
    promoted = [each for each in decisions(models, NAME) if each.action == "promoted"]
    # Whoever comes second to version 2 with nobody in between is told that it is the champion already.
    assert len(promoted) + sum("is the champion already" in error for error in errors) == 3
    assert champion(models, NAME) == promoted[-1].version
    assert [one.role for one in list_bundles(models)].count("champion") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("moment", ["pathlib.Path.replace", "os.fsync"])
def test_a_decision_that_is_killed_leaves_the_log_whole_and_the_lock_free(models: Path, moment: str) -> None:
    owner, call = moment.rsplit(".", 1)
    kill = f"import os, pathlib, signal; {owner}.{call} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
    process = start(models, 1, kill)
    assert process.communicate("go\n", timeout=60)[0] == "ready\n"
    assert process.returncode == -signal.SIGKILL
    assert champion(models, NAME) is None
    promote(models, NAME, 2, SAID)
    assert champion(models, NAME) == 2
    assert sorted(path.name for path in (models / NAME).iterdir()) == ["1", "2", LOG, SEAL]


def command(models: Path, *words: object) -> Ran:
    return earlywarn_here(*words, "--models", models, "--mlruns", models / "none")


def test_the_commands_say_who_is_in_use_and_where_it_is_written(models: Path) -> None:
    why = ("--by", "A. Head", "--because", "ahead of the rule", "--on", "2026-11-23")
    ran = command(models, "promote", NAME, 1, *why)
    assert ran.code == 0
    assert ran.out.startswith("Version 1 of pupil-absence is in use now; it is the first.\nWrote line 3 of ")
    assert "There is no MLflow store" in ran.out
    found = json.loads(command(models, "promote", NAME, 2, *why, "--json").out)
    assert (found["version"], found["before"], found["line"]) == (2, 1, 4)
    assert found["seal"] == (models / NAME / SEAL).read_text()
    assert (
        "Version 1 of pupil-absence is in use now; before it was version 2."
        in command(models, "rollback", NAME, *why).out
    )
    assert decisions(models, NAME)[-1].on == date(2026, 11, 23)


def test_the_command_refuses_with_its_own_exit_code(tmp_path: Path) -> None:
    train(tmp_path, "not met")
    ran = command(tmp_path, "promote", NAME, 1, "--by", "A. Head", "--because", "better")
    assert (ran.code, ran.out) == (15, "")
    assert ran.err.startswith(f"LimitError: pupil-absence 1 fails what its config asks of it:\n    {WORDS}\n  fix: ")
