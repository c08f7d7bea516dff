"""The register: which sessions a school's block has, whose marks fill them, and what was known when."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from earlywarn.codes.attendance import load_codes
from earlywarn.features.gather import Sources
from earlywarn.register import Block, stream_blocks
from text_school import marks, pupils, school

ROLL = pupils("""
    ann  100001  5  2023-09-04
    ben  100001  6  2023-09-04  2024-09-11
    ben  100002  7  2024-09-12
    cat  100002  7  2024-09-02
    dan  100001  5  2024-09-02
    dan  100002  5  2024-09-02
""")
REGISTER = marks("""
    ann  100001  2024-09-09  // /I // //
    ann  100001  2024-09-10  PM  M  known  2024-09-16
    ann  100001  2024-09-10  PM  G  known  2024-09-18
    ben  100001  2024-09-09  II L/ //
    ben  100002  2024-09-12  // UU
    cat  100002  2024-09-10  // // // //
    dan  100001  2024-09-09  // DD // //
    dan  100002  2024-09-10  II DD
    dan  100002  2024-09-11  AM  /  known  2024-09-13
""")
LATER = date(2024, 9, 30)


def letters(block: Block, before: date, *, anywhere: bool = False) -> dict[str, str]:
    """Return each pupil's row as text: a letter a session, `.` where there is no mark."""
    known = block.as_known(before, anywhere=anywhere)
    code = {row.number: row.code for row in load_codes().rows} | {0: "."}
    return {who: "".join(code[mark] for mark in row) for who, row in zip(block.people, known.marks, strict=True)}


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Sources]:
    with school(tmp_path, pupils=ROLL, attendance=REGISTER) as found:
        yield found


def test_a_block_has_one_column_a_session_that_its_school_held(sources: Sources) -> None:
    beech = sources.register.blocks["100001"]
    assert beech.days.astype(str).tolist() == [f"2024-09-{day:02}" for day in (9, 10, 11, 12, 13) for _ in range(2)]
    assert beech.session.tolist() == [0, 1] * 5
    assert beech.marks.shape == (3, 10)


def test_days_between_marks_have_no_column(tmp_path: Path) -> None:
    """Not even where a mark came late: its session has one, but stays empty until the mark is known."""
    register = marks("""
        ann  100001  2024-09-09  //
        ann  100001  2024-09-16  PM  I  known  2024-09-18
        ann  100001  2024-09-20  //
    """)
    with school(tmp_path, pupils=pupils("ann 100001 5 2023-09-04"), attendance=register) as sources:
        block = sources.register.blocks["100001"]
    assert block.days.astype(str).tolist() == [f"2024-09-{day}" for day in ("09", "09", "16", "20", "20")]
    assert block.session.tolist() == [0, 1, 1, 0, 1]
    days = [date(2024, 9, day) for day in (9, 10, 18, 19, 30)]
    assert [letters(block, day)["ann"] for day in days] == ["", "//", "//.", "//I", "//I//"]


def test_joiners_and_leavers_have_marks_from_joining_to_leaving(sources: Sources) -> None:
    beech, oak = (letters(sources.register.blocks[name], LATER) for name in ("100001", "100002"))
    assert beech == {"ann": "///G////..", "ben": "IIL///....", "dan": "//DD////.."}
    assert oak == {"ben": "......//UU", "cat": "..////////", "dan": "..II/D...."}


def test_history_follows_a_mover_and_a_pupil_of_two_schools(sources: Sources) -> None:
    beech, oak = (letters(sources.register.blocks[name], LATER, anywhere=True) for name in ("100001", "100002"))
    assert beech["dan"] == oak["dan"] == "//II////.."
    assert oak["ben"] == "IIL/////UU"
    assert beech["ann"] == "///G////.."


def test_each_correction_counts_from_the_day_after_it_was_known(sources: Sources) -> None:
    beech, oak = sources.register.blocks["100001"], sources.register.blocks["100002"]
    days = [date(2024, 9, day) for day in (16, 17, 18, 19)]
    assert [letters(beech, day)["ann"][3] for day in days] == ["I", "M", "M", "G"]
    assert [letters(oak, date(2024, 9, day))["dan"][4] for day in (12, 13, 14)] == ["D", "D", "/"]


def test_the_order_of_the_marks_makes_no_difference(sources: Sources, tmp_path: Path) -> None:
    header, *rows = REGISTER.splitlines()
    mixed = "\n".join([header, *np.random.default_rng(1).permutation(rows)]) + "\n"
    with school(tmp_path / "mixed", pupils=ROLL, attendance=mixed) as unsorted:
        for block in stream_blocks(unsorted.store):
            same = sources.register.blocks[block.school_id]
            assert np.array_equal(block.marks, same.marks)
            assert list(block.people) == list(same.people)
            for before in (date(2024, 9, 13), date(2024, 9, 17), LATER):
                assert letters(block, before, anywhere=True) == letters(same, before, anywhere=True)


def test_blocks_come_one_by_one_while_the_store_answers_other_questions(sources: Sources) -> None:
    asked = {
        block.school_id: sources.store.db.execute(
            "SELECT count(DISTINCT person_id) FROM attendance WHERE school_id = ?", [block.school_id]
        ).fetchone()
        for block in stream_blocks(sources.store)
    }
    assert asked == {"100001": (3,), "100002": (3,)}


def test_a_school_without_a_mark_has_a_block_without_sessions(tmp_path: Path) -> None:
    roll = pupils("ann 100001 5 2023-09-04\ncat 100002 7 2023-09-04")
    with school(tmp_path, pupils=roll, attendance=marks("ann 100001 2024-09-09 //")) as sources:
        assert sources.register.blocks["100002"].marks.shape == (1, 0)
        assert not len(sources.register.calendars["100002"].days)
