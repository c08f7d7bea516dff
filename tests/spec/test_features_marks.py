"""What the features of marks mean, on registers that can be read at a glance."""

from datetime import date
from pathlib import Path

import pytest

from text_school import features, marks, pupils, school

AS_OF = date(2024, 9, 23)  # a Monday
ANN_AND_BEN = pupils("""
    ann  100001  5  2023-09-04
    ben  100001  5  2023-09-04
""")


def test_sessions_that_were_not_possible_do_not_dilute_absence(tmp_path: Path) -> None:
    register = marks("""
        ann  100001  2024-09-16  I/ XX YY
        ben  100001  2024-09-16  // // //
    """).replace(",Y,", ",Y4,")
    with school(tmp_path, pupils=ANN_AND_BEN, attendance=register) as sources:
        found = features(sources, AS_OF)
    assert found["absence_rate_this_year"].to_dict() == {"ann": 0.5, "ben": 0.0}
    assert found["possible_sessions_this_year"].to_dict() == {"ann": 2, "ben": 6}


def test_a_reason_that_came_later_is_not_known_yet(tmp_path: Path) -> None:
    register = marks("""
        ann  100001  2024-09-16  N/ // // // //
        ann  100001  2024-09-16  AM  I  known  2024-09-23
        ben  100001  2024-09-16  N/ // // // //
        ben  100001  2024-09-16  AM  I  known  2024-09-20
    """)
    with school(tmp_path, pupils=ANN_AND_BEN, attendance=register) as sources:
        found, later = features(sources, AS_OF), features(sources, date(2024, 9, 24))
    assert found["no_reason_yet_rate_this_year"].to_dict() == pytest.approx({"ann": 0.1, "ben": 0})
    assert found["illness_rate_this_year"].to_dict() == pytest.approx({"ann": 0, "ben": 0.1})
    assert later["illness_rate_this_year"].to_dict() == pytest.approx({"ann": 0.1, "ben": 0.1})


def test_history_follows_the_pupil_from_school_to_school(tmp_path: Path) -> None:
    roll = pupils("""
        ann  100002  7  2023-09-04
        ben  100001  6  2023-09-04  2024-09-17
        ben  100002  7  2024-09-18
    """)
    register = marks("""
        ann  100002  2024-09-16  // // // // //
        ben  100001  2024-09-16  II //
        ben  100002  2024-09-18  // I/ //
    """)
    with school(tmp_path, pupils=roll, attendance=register) as sources:
        found = features(sources, AS_OF)
    assert list(found.index) == ["ann", "ben"]
    assert found["possible_sessions_this_year"].to_dict() == {"ann": 10, "ben": 10}
    assert found["absence_rate_this_year"].to_dict() == pytest.approx({"ann": 0, "ben": 0.3})


def test_a_week_of_which_nothing_was_known_yet_is_no_school_week(tmp_path: Path) -> None:
    """The server was down all week: the marks were typed in afterwards."""
    register = marks("""
        ann  100001  2024-09-09  // // // // //
        ann  100001  2024-09-18  AM  I  known  2024-09-25
        ben  100001  2024-09-09  // // // // I/
    """)
    with school(tmp_path, pupils=ANN_AND_BEN, attendance=register) as sources:
        found = features(sources, AS_OF)
    assert found["full_weeks_running"].to_dict() == {"ann": 1, "ben": 0}
    assert found["absence_rate_2w"].to_dict() == pytest.approx({"ann": 0, "ben": 0.1})


def test_a_weekend_or_a_closure_does_not_break_a_spell(tmp_path: Path) -> None:
    register = marks("""
        ann  100001  2024-09-12  /I II ## II /I
        ben  100001  2024-09-12  // // ## // //
    """)
    with school(tmp_path, pupils=ANN_AND_BEN, attendance=register) as sources:
        ann = features(sources, AS_OF).loc["ann"]
    assert (ann["spells_this_year"], ann["longest_spell"], ann["current_spell"]) == (2, 5, 1)
    assert ann["mean_spell"] == 3


SUMMARIES = """\
person_id,from_on,to_on,possible,absent
ann,2023-09-04,2024-07-19,380,38
ben,2023-09-04,2023-12-20,140,70
ben,2024-01-08,2024-07-19,240,0
"""
THIS_YEAR = """
    ann  100001  2024-09-16  // // // // //
    ben  100001  2024-09-16  // // // // //
"""


def test_a_summary_stands_in_for_last_year(tmp_path: Path) -> None:
    with school(tmp_path, pupils=ANN_AND_BEN, attendance=marks(THIS_YEAR), attendance_summary=SUMMARIES) as sources:
        found = features(sources, AS_OF)
    assert found["absence_rate_last_year"].to_dict() == pytest.approx({"ann": 0.1, "ben": 70 / 380})
    assert found["absence_rate_same_time_last_year"].isna().all()


def test_a_summary_does_not_count_where_there_are_marks(tmp_path: Path) -> None:
    register = marks(THIS_YEAR + "    ben  100001  2023-12-04  I/ // // // //\n")
    with school(tmp_path, pupils=ANN_AND_BEN, attendance=register, attendance_summary=SUMMARIES) as sources:
        found = features(sources, AS_OF)
    assert found.loc["ben", "absence_rate_last_year"] == pytest.approx(1 / 250)


def test_a_corrected_summary_counts_once(tmp_path: Path) -> None:
    rows = """\
person_id,from_on,to_on,possible,absent,known_on
ann,2023-09-04,2023-12-20,140,70,2024-01-05
ann,2023-09-04,2023-12-20,140,14,2024-02-01
ann,2023-09-04,2023-12-20,140,0,2024-09-23
ann,2024-01-08,2024-07-19,240,24,2024-07-19
"""
    with school(tmp_path, pupils=ANN_AND_BEN, attendance=marks(THIS_YEAR), attendance_summary=rows) as sources:
        found = features(sources, AS_OF)
    assert found.loc["ann", "absence_rate_last_year"] == pytest.approx(38 / 380)


def test_a_summary_that_straddles_the_date_or_was_known_later_is_not_used(tmp_path: Path) -> None:
    as_of = date(2024, 7, 8)
    rows = """\
person_id,from_on,to_on,possible,absent,known_on
ann,2022-09-05,2023-07-21,380,38,2023-07-21
ann,2023-09-04,2024-07-19,380,380,2024-07-01
ben,2022-09-05,2023-07-21,380,38,2024-07-08
"""
    register = marks("""
        ann  100001  2024-06-03  // // // // //
        ben  100001  2024-06-03  // // // // //
    """)
    roll = pupils("ann 100001 5 2022-09-05\nben 100001 5 2022-09-05")
    with school(tmp_path, pupils=roll, attendance=register, attendance_summary=rows) as sources:
        found = features(sources, as_of)
    assert found["absence_rate_last_year"].to_dict() == pytest.approx({"ann": 0.1, "ben": float("nan")}, nan_ok=True)
    assert found["absence_rate_this_year"].to_dict() == {"ann": 0, "ben": 0}


def test_the_others_mean_leaves_the_pupil_out(tmp_path: Path) -> None:
    roll = pupils("""
        ann  100001  5  2023-09-04  -  oak
        ben  100001  5  2023-09-04  -  oak
        cat  100001  5  2023-09-04  -  elm
        dan  100001  6  2023-09-04  -  oak
    """)
    register = marks("""
        ann  100001  2024-09-16  I/ // // // //
        ben  100001  2024-09-16  II // // // //
        cat  100001  2024-09-16  II II // // //
        dan  100001  2024-09-16  II II II // //
    """)
    with school(tmp_path, pupils=roll, attendance=register) as sources:
        found = features(sources, AS_OF)
    assert found["school_absence_rate"].to_dict() == pytest.approx(
        {"ann": 0.4, "ben": 1.1 / 3, "cat": 0.3, "dan": 0.7 / 3}
    )
    assert found["year_group_absence_rate"].to_dict() == pytest.approx(
        {"ann": 0.3, "ben": 0.25, "cat": 0.15, "dan": float("nan")}, nan_ok=True
    )
    assert found["form_absence_rate"].to_dict() == pytest.approx(
        {"ann": 0.2, "ben": 0.1, "cat": float("nan"), "dan": float("nan")}, nan_ok=True
    )
    assert found.loc["ann", "gap_to_year_group"] == pytest.approx(0.1 - 0.3)
    assert found.loc["cat", "percentile_in_year_group"] == pytest.approx(2.5 / 3)


def test_the_year_group_of_an_undated_row_does_not_depend_on_leaving(tmp_path: Path) -> None:
    """An export of today knows who has left since; the year group on the day is the same for both."""
    roll = """\
person_id,school_id,year_group,joined_on,left_on
ann,100001,6,2022-09-05,
ben,100001,6,2022-09-05,2024-03-28
"""
    register = marks("""
        ann  100001  2023-10-02  // //
        ben  100001  2023-10-02  // //
    """)
    said = {"data_to": date(2024, 10, 1)}
    with school(tmp_path, pupils=roll, attendance=register, config=said) as sources:
        found = features(sources, date(2023, 11, 6))
    assert found["year_group"].to_dict() == {"ann": 5, "ben": 5}
