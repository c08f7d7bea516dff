"""What the features of marks mean, on registers that can be read at a glance."""

from datetime import date
from pathlib import Path

import pandas as pd
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


def test_a_day_that_only_the_school_before_held_is_no_day_of_this_school(tmp_path: Path) -> None:
    """Oak was closed in the week of 9 September, in which ben was still at Beech: for ann it is a break."""
    roll = pupils("""
        ann  100002  7  2023-09-04
        ben  100001  6  2023-09-04  2024-09-13
        ben  100002  7  2024-09-16
    """)
    register = marks("""
        ann  100002  2024-09-02  // // // // II
        ann  100002  2024-09-16  // // // // //
        ben  100001  2024-09-09  // // // // //
        ben  100002  2024-09-16  // // // // //
    """)
    with school(tmp_path, pupils=roll, attendance=register) as sources:
        found = features(sources, AS_OF)
    assert found.loc["ann", "absence_beside_breaks"] == pytest.approx(0.5)  # Friday 6 and Monday 16 September
    assert found.loc["ann", "absence_rate_2w"] == pytest.approx(0.1)  # the two weeks that Oak held


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


def test_weeks_before_joining_are_not_weeks_attended_in_full(tmp_path: Path) -> None:
    roll = pupils("""
        ann  100001  5  2024-09-02
        ben  100001  5  2024-09-16
    """)
    register = marks("""
        ann  100001  2024-09-02  // // // // // // // // I/ // // // // // //
        ben  100001  2024-09-16  // // // // //
    """)
    with school(tmp_path, pupils=roll, attendance=register) as sources:
        found = features(sources, AS_OF)
    assert found["full_weeks_running"].to_dict() == {"ann": 1, "ben": 1}
    assert found["longest_full_weeks"].to_dict() == {"ann": 1, "ben": 1}
    assert found["full_weeks_share"].to_dict() == pytest.approx({"ann": 2 / 3, "ben": 1})


def test_the_last_absence_may_lie_in_last_year(tmp_path: Path) -> None:
    register = marks("""
        ann  100001  2024-07-15  II // // // //
        ann  100001  2024-09-16  // // // // //
        ben  100001  2024-09-16  // // // // /U
    """)
    with school(tmp_path, pupils=ANN_AND_BEN, attendance=register) as sources:
        found = features(sources, AS_OF)
    assert found["days_since_absence"].to_dict() == {"ann": 70, "ben": 3}
    assert found["sessions_since_absence"].to_dict() == {"ann": 10, "ben": 0}


def test_sessions_without_leave_count_over_ten_school_weeks(tmp_path: Path) -> None:
    """The summer lies between the ten, and does not count."""
    register = marks(
        "ann 100001 2024-06-03 GG GG // // //"
        + "".join(f"\nann 100001 {monday} GG // // // //" for monday in ("2024-06-10", "2024-06-17", "2024-06-24"))
        + "".join(f"\nann 100001 2024-07-{day:02} // // // // //" for day in (1, 8, 15))
        + "\nann 100001 2024-09-02 // // // // // // // // // // OO N/ I/ // //"
    )
    with school(tmp_path, pupils=pupils("ann 100001 5 2023-09-04"), attendance=register) as sources:
        assert features(sources, AS_OF).loc["ann", "unauthorised_sessions_10w"] == 4 + 6 + 3


def plan(first: str, last: str) -> str:
    """Return a calendar of every weekday of a term, as published before it."""
    days = pd.bdate_range(first, last).strftime("%Y-%m-%d")
    rows = [f"100001,{day},2,autumn,autumn 1,2024-06-01" for day in days]
    return "\n".join(["school_id,date,sessions,term,half_term,known_on", *rows]) + "\n"


@pytest.mark.parametrize(
    ("last", "words", "needed", "sure", "cannot"),
    [
        ("2024-09-27", "II // // // //", 0, 1, 0),  # 20 sessions, 2 missed: sure to end at 10%
        ("2024-09-27", "I/ // // // //", 0.1, 0, 0),
        ("2024-09-30", "// // // // //", 0.1 * 22 / 12, 0, 0),
        ("2024-09-20", "/I // // // //", float("nan"), 1, 0),  # the year is over
        ("2024-09-20", "// // // // //", float("nan"), 0, 1),
    ],
)
def test_what_the_rest_of_the_year_can_still_change(
    tmp_path: Path, last: str, words: str, needed: float, sure: int, cannot: int
) -> None:
    tables = {"calendar": plan("2024-09-16", last), "attendance": marks(f"ann 100001 2024-09-16 {words}")}
    with school(tmp_path, pupils=pupils("ann 100001 5 2023-09-04"), **tables) as sources:
        ann = features(sources, AS_OF).loc["ann"]
    assert ann["needed_to_cross_10"] == pytest.approx(needed, nan_ok=True)
    assert (ann["sure_to_cross_10"], ann["safe_below_10"]) == (sure, cannot)


def test_the_half_term_that_runs_is_held_against_the_year_before_it(tmp_path: Path) -> None:
    """Half-terms are called 1 and 2 in every term."""
    held = {"2024-09-02": "2,1", "2024-09-03": "2,2", "2024-09-04": "2,2", "2024-09-05": "2,1", "2024-09-06": "2,1"}
    calendar = "school_id,date,sessions,half_term\n" + "".join(f"100001,{day},{cells}\n" for day, cells in held.items())
    tables = {"calendar": calendar, "attendance": marks("ann 100001 2024-09-02 I/ // // II I/")}
    with school(tmp_path, pupils=pupils("ann 100001 5 2023-09-04"), **tables) as sources:
        ann = features(sources, date(2024, 9, 9)).loc["ann"]
    assert ann["absence_rate_half_term"] == pytest.approx(3 / 4)
    assert ann["absence_change_half_term"] == pytest.approx(3 / 4 - 1 / 6)


def test_without_a_plan_nothing_is_said_of_what_is_to_come(tmp_path: Path) -> None:
    with school(tmp_path, pupils=ANN_AND_BEN, attendance=marks(THIS_YEAR)) as sources:
        found = features(sources, AS_OF)
    names = ["year_still_to_come", "needed_to_cross_10", "sure_to_cross_10", "safe_below_10"]
    assert found[names].isna().all(axis=None)


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
    assert found.loc["ann", "gap_to_school"] == pytest.approx(0.1 - 0.4)
    assert found.loc["ann", "gap_to_form"] == pytest.approx(0.1 - 0.2)
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


def test_a_summary_stands_in_for_a_previous_school_this_year(tmp_path: Path) -> None:
    rows = "person_id,from_on,to_on,possible,absent\nann,2024-09-02,2024-09-13,20,5\n"
    with school(tmp_path, pupils=ANN_AND_BEN, attendance=marks(THIS_YEAR), attendance_summary=rows) as sources:
        found = features(sources, AS_OF)
    assert found["absence_rate_this_year"].to_dict() == pytest.approx({"ann": 5 / 30, "ben": 0})
    assert found["possible_sessions_this_year"].to_dict() == {"ann": 30, "ben": 10}
