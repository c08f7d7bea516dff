"""The list log: what a school wrote is kept, and comes back."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from earlywarn.errors import TableError
from earlywarn.score.list_log import Entry, Log, log_of, merge, new_log, read_log, write_log
from small_scores import frame

_EMPTY = Entry("900001", "P0001", "already", date(2026, 11, 9))
_SEEN = replace(_EMPTY, seen_on=date(2026, 11, 12), by="Tutor")


def _one(log: Log) -> Entry:
    (entry,) = log.values()
    return entry


def test_everybody_who_is_listed_has_an_entry_and_nobody_else() -> None:
    scores = frame()
    log = new_log(scores)
    assert {person for _, person in log} == set(scores.loc[scores["listed"], "person_id"])
    assert all(not entry.said and entry.decision == "none yet" for entry in log.values())


def test_a_log_comes_back_as_it_was_written(tmp_path: Path) -> None:
    nasty = '=HYPERLINK("x")\r\n<script>"a",b</script>\n' + "x" * 10_000
    log = log_of([replace(_SEEN, why=nasty, by="'@SUM(1)", decision="overruled"), replace(_EMPTY, person_id="-1")])
    write_log(tmp_path / "list_log.csv", log)
    assert read_log(tmp_path / "list_log.csv") == log
    assert list(tmp_path.iterdir()) == [tmp_path / "list_log.csv"]


def test_no_cell_of_the_log_is_taken_for_a_formula(tmp_path: Path) -> None:
    write_log(tmp_path / "log.csv", log_of([replace(_SEEN, why="=1+1", by="@me")]))
    assert "'@me,'=1+1" in (tmp_path / "log.csv").read_text(encoding="utf-8-sig")


def test_only_what_a_school_has_written_replaces_anything() -> None:
    merged = merge(log_of([_SEEN]), [replace(_EMPTY, decision="followed up")])
    assert _one(merged.log) == replace(_SEEN, decision="followed up")
    assert (merged.changed, merged.replaced) == (1, 0)


def test_a_later_sheet_has_the_last_word_and_that_is_counted() -> None:
    merged = merge(log_of([_SEEN]), [replace(_SEEN, by="Head of year")])
    assert _one(merged.log).by == "Head of year"
    assert (merged.changed, merged.replaced) == (1, 1)


def test_the_same_sheet_twice_changes_nothing() -> None:
    merged = merge(log_of([_SEEN]), [_SEEN])
    assert (_one(merged.log), merged.changed, merged.replaced) == (_SEEN, 0, 0)


_HEADER = "school_id,person_id,list,listed_on,seen_on,decision,by,why\n"


@pytest.mark.parametrize(
    "text",
    [
        "school_id,person_id\n900001,P0001\n",
        "\x00\x01",
        _HEADER + "900001,P0001,already,2026-11-09,,maybe,,\n",
        _HEADER + "900001,P0001,already\n",
    ],
)
def test_a_damaged_log_is_refused_without_a_persons_id(tmp_path: Path, text: str) -> None:
    (tmp_path / "list_log.csv").write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match="damaged") as refused:
        read_log(tmp_path / "list_log.csv")
    assert "P0001" not in str(refused.value)
