"""The file of tokens: sums only, errors by line, nothing of it said again."""

import stat
import sys
from datetime import date
from pathlib import Path

import pytest

from earlywarn.errors import ConfigError
from earlywarn.serve.tokens import Token, add_token, caller_of, read_tokens

UNTIL = date(2027, 7, 31)
SUM = "0" * 64
ENTRY = f"- who: office\n  school_id: 0123\n  sha256: {SUM}\n  until: 2027-07-31\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tokens.yaml"


def test_a_token_that_was_made_opens_its_school(file: Path) -> None:
    secrets = {school: add_token(file, school, f"office of {school}", UNTIL) for school in ("900001", "900002")}
    tokens = read_tokens(file)
    for school, secret in secrets.items():
        caller = caller_of(tokens, secret, UNTIL)
        assert caller is not None
        assert (caller.school_id, caller.who, caller.until) == (school, f"office of {school}", UNTIL)
        assert secret not in file.read_text(encoding="utf-8")
        assert len(secret) >= 43  # 256 bits
    assert caller_of(tokens, "", UNTIL) is None
    assert caller_of(tokens, secrets["900001"], date(2027, 8, 1)) is None


def test_what_stands_in_the_file_stays_there(file: Path) -> None:
    file.write_text("# ours\n" + ENTRY.rstrip(), encoding="utf-8")
    add_token(file, "900001", "another", UNTIL)
    assert file.read_text(encoding="utf-8").startswith("# ours\n" + ENTRY)
    assert [token.who for token in read_tokens(file)] == ["office", "another"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such rights")
def test_only_its_owner_reads_the_file(file: Path) -> None:
    add_token(file, "900001", "office", UNTIL)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_id_of_digits_stays_as_it_is(file: Path) -> None:
    file.write_text(ENTRY, encoding="utf-8")
    assert read_tokens(file) == (Token(who="office", school_id="0123", sha256=SUM, until=UNTIL),)


def test_a_file_without_tokens_opens_nothing(file: Path) -> None:
    file.write_text("# nobody yet\n", encoding="utf-8")
    assert read_tokens(file) == ()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("- who: [\n", 2, "not YAML"),
        ("who: office\n", 1, "not a list"),
        (ENTRY + "- office\n", 5, "dictionary"),
        (ENTRY + ENTRY, 5, "same `who`"),
        (ENTRY + "- who: b\n  school_id: '1'\n  until: 2027-07-31\n", 5, "sha256: field required"),
        (ENTRY.replace(SUM, "a-token-pasted-here"), 1, "sha256: "),
        (ENTRY.replace("2027-07-31", "next summer"), 1, "until: "),
        (ENTRY + "  scope: all\n", 1, "scope: extra"),
        ("- who: \x00\n", 1, "not YAML"),
    ],
)
def test_an_error_names_the_line_and_says_nothing_of_what_stands_there(
    file: Path, text: str, line: int, says: str
) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=f"tokens.yaml, line {line}: .*{says}") as error:
        read_tokens(file)
    assert "pasted" not in str(error.value) and "summer" not in str(error.value)
    assert "serve-token" in error.value.fix or "name each" in error.value.fix


def test_a_missing_file_is_told_with_what_makes_it(file: Path) -> None:
    with pytest.raises(ConfigError, match="missing") as error:
        read_tokens(file)
    assert "serve-token" in error.value.fix


@pytest.mark.parametrize("who", ["", "x" * 101, "office"])
def test_a_token_is_for_somebody_of_its_own(file: Path, who: str) -> None:
    file.write_text(ENTRY, encoding="utf-8")
    with pytest.raises(ConfigError):
        add_token(file, "900001", who, UNTIL)
    assert file.read_text(encoding="utf-8") == ENTRY


def test_what_is_asked_for_wrongly_is_told_by_the_option_that_mends_it(file: Path) -> None:
    with pytest.raises(ConfigError) as error:
        add_token(file, "900001", "", UNTIL)
    assert "--for" in error.value.fix
    assert not file.exists()


def test_a_token_whose_last_day_is_past_is_not_made(file: Path) -> None:
    with pytest.raises(ConfigError, match="2026-11-09 is past") as error:
        add_token(file, "900001", "office", date(2026, 11, 9), today=date(2026, 11, 10))
    assert "--until" in error.value.fix
    assert not file.exists()
    assert add_token(file, "900001", "office", date(2026, 11, 10), today=date(2026, 11, 10))


def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").touch()
    with pytest.raises(ConfigError, match="cannot be written") as error:
        add_token(tmp_path / "in-the-way" / "tokens.yaml", "900001", "office", UNTIL)
    assert "--tokens" in error.value.fix


def test_a_file_that_cannot_be_read_is_not_replaced(file: Path) -> None:
    file.write_text("- who: [\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line"):
        add_token(file, "900001", "office", UNTIL)
    assert file.read_text(encoding="utf-8") == "- who: [\n"
