"""What the labels say, and when they say nothing."""

from collections.abc import Mapping
from datetime import date
from math import nan
from pathlib import Path

import pytest

from earlywarn.cohort import cohort
from earlywarn.config import Outcome
from earlywarn.errors import TooFewError
from earlywarn.labels import FEW_SESSIONS, NO_WINDOW, NOT_RECORDED, REASON_UNKNOWN, Labels, find_labels
from text_school import marks, pupils, school

AS_OF = date(2024, 9, 16)  # a Monday
LATER = date(2025, 7, 1)
TWO_WEEKS = Outcome(window="weeks", weeks=2)  # 20 sessions
PRESENT = "// // // // //"


def labels(
    folder: Path,
    outcome: Outcome,
    *,
    before: date = LATER,
    strip: bool = False,
    config: Mapping[str, object] | None = None,
    **tables: str,
) -> tuple[dict[str, float], Labels]:
    """Return the label of everyone at risk, by name, and the labels as they are."""
    with school(folder, config={"outcome": outcome, "data_to": LATER} | dict(config or {}), **tables) as sources:
        people = cohort(sources.store, sources.config, AS_OF)
        found = find_labels(
            sources.store, sources.register, sources.calendars, sources.config, people, before,
            without_own_decisions=strip,
        )  # fmt: skip
    return dict(zip(people["person_id"], found.outcome.tolist(), strict=True)), found


def weeks(text: str) -> dict[str, str]:
    """Return pupils and marks of lines like `ann // // ...`, from the as-of date on; dots are a week present."""
    lines = [line.replace("...", PRESENT).split(maxsplit=1) for line in text.strip().splitlines()]
    names = list(dict.fromkeys(name for name, _ in lines))
    return {
        "pupils": pupils("\n".join(f"{name} 100001 5 2023-09-04" for name in names)),
        "attendance": marks("\n".join(f"{name} 100001 {AS_OF} {words}" for name, words in lines)),
    }


def test_a_tenth_of_the_window_is_persistent(tmp_path: Path) -> None:
    tables = weeks("""
        ann  I/ // // // // ...
        ben  II // // // // ...
        cat  II I/ // // // ...
    """)
    assert labels(tmp_path, TWO_WEEKS, **tables)[0] == {"ann": 0, "ben": 1, "cat": 1}


def test_three_of_thirty_is_a_tenth_whatever_floating_point_says(tmp_path: Path) -> None:
    tables = weeks("ann  II I/ // // // ... ...\nben  II // // // // ... ...")
    assert labels(tmp_path, Outcome(window="weeks", weeks=3), **tables)[0] == {"ann": 1, "ben": 0}


def test_what_lies_before_and_after_the_window_does_not_count(tmp_path: Path) -> None:
    tables = weeks("ann  // // // // // ... II II II II II\nben  ... ... ...")
    tables["attendance"] += "ann,100001,2024-09-13,AM,I,2024-09-13\nann,100001,2024-09-13,PM,I,2024-09-13\n"
    assert labels(tmp_path, TWO_WEEKS, **tables)[0] == {"ann": 0, "ben": 0}


def test_a_leaver_is_judged_by_the_sessions_before_leaving(tmp_path: Path) -> None:
    """Of six weeks, ben stayed three; cat and dan two, in which dan missed a session for the school's sake: 19."""
    tables = {
        "pupils": pupils("""
            ann  100001  5  2023-09-04
            ben  100001  5  2023-09-04  2024-10-04
            cat  100001  5  2023-09-04  2024-09-27
            dan  100001  5  2023-09-04  2024-09-27
        """),
        "attendance": marks(f"""
            ann  100001  {AS_OF}  {" ".join([PRESENT] * 6)}
            ben  100001  {AS_OF}  II I/ // // // {PRESENT} {PRESENT}
            cat  100001  {AS_OF}  II // // // // {PRESENT}
            dan  100001  {AS_OF}  II #/ // // // {PRESENT}
        """),
    }
    outcome, found = labels(tmp_path, Outcome(window="weeks", weeks=6), **tables)
    assert outcome == pytest.approx({"ann": 0, "ben": 1, "cat": 1, "dan": nan}, nan_ok=True)
    assert found.counts() == {FEW_SESSIONS: 1}


def test_in_a_short_window_half_of_it_is_enough(tmp_path: Path) -> None:
    tables = weeks("""
        ann  // // // // //
        ben  // // I/ ## ##
        cat  // // ## ## ##
    """)
    outcome, _ = labels(tmp_path, Outcome(window="weeks", weeks=1), **tables)
    assert outcome == pytest.approx({"ann": 0, "ben": 1, "cat": nan}, nan_ok=True)


def test_days_at_a_second_school_do_not_make_the_window_longer(tmp_path: Path) -> None:
    """Beech is open on four days of the window; ben goes to Oak on all ten."""
    tables = {
        "pupils": pupils("ann 100001 5 2023-09-04\nben 100001 5 2023-09-04\nben 100002 5 2023-09-04"),
        "attendance": marks("""
            ann 100001 2024-09-16 // //
            ann 100001 2024-09-23 I/ //
            ben 100001 2024-09-16 // //
            ben 100001 2024-09-23 // //
            ben 100002 2024-09-16 // // // // // // // // // //
        """),
    }
    with school(tmp_path, config={"outcome": TWO_WEEKS, "data_to": LATER}, **tables) as sources:
        people = cohort(sources.store, sources.config, AS_OF)
        found = find_labels(sources.store, sources.register, sources.calendars, sources.config, people, LATER)
    at = people["person_id"].tolist().index("ann")
    assert found.outcome[at] == 1  # one of eight sessions


def test_a_correction_counts_once_it_was_known(tmp_path: Path) -> None:
    tables = weeks("ann  NN // // // // ...\nben  ... ...")
    tables["attendance"] += "ann,100001,2024-09-16,AM,/,2024-10-14\n"
    assert labels(tmp_path / "then", TWO_WEEKS, before=date(2024, 10, 14), **tables)[0]["ann"] == 1
    assert labels(tmp_path / "now", TWO_WEEKS, before=date(2024, 10, 15), **tables)[0]["ann"] == 0


def test_the_total_of_the_year_counts_from_its_start(tmp_path: Path) -> None:
    """Ann missed the first week and nothing since: 10 of 30 sessions of the year, none of the window."""
    tables = {
        "pupils": pupils("ann 100001 5 2023-09-04\nben 100001 5 2023-09-04"),
        "attendance": marks(f"""
            ann  100001  2024-09-09  II II II II II {PRESENT} {PRESENT}
            ben  100001  2024-09-09  {PRESENT} {PRESENT} I/ // // // //
        """),
    }
    assert labels(tmp_path / "window", Outcome(), **tables)[0] == {"ann": 0, "ben": 0}
    assert labels(tmp_path / "year", Outcome(label="year_total"), **tables)[0] == {"ann": 1, "ben": 0}


def test_without_the_schools_own_decisions(tmp_path: Path) -> None:
    """Suspensions, part-time timetables and study leave leave absent and possible sessions alike."""
    tables = weeks("""
        ann  EE // // // // ...
        ben  II // // // // ...
        cat  SS I/ // // // ...
    """)
    tables["attendance"] += "dan,100001,2024-09-16,AM,C2,2024-09-16\n"
    tables["pupils"] += "dan,100001,5,2023-09-04,,,2023-09-04\n"
    tables["attendance"] += marks(f"dan 100001 2024-09-17 // I/ // // {PRESENT}").split("\n", 1)[1]
    assert labels(tmp_path / "all", TWO_WEEKS, **tables)[0] == {"ann": 1, "ben": 1, "cat": 1, "dan": 1}
    assert labels(tmp_path / "without", TWO_WEEKS, strip=True, **tables)[0] == {"ann": 0, "ben": 1, "cat": 0, "dan": 0}


def test_a_window_beyond_the_calendar_has_no_label(tmp_path: Path) -> None:
    _, found = labels(tmp_path, Outcome(window="weeks", weeks=3), **weeks("ann  ... ..."))
    assert found.counts() == {NO_WINDOW: 1}


LEAVES = Outcome(kind="leaves", window="weeks", weeks=2)
TERMS = {"population": "staff", "terms": ({"name": "autumn", "starts": "2024-09-02", "ends": "2024-12-20"},)}
LEAVERS = "person_id,resigned_on,reason\n"


def posts(left: Mapping[str, str]) -> str:
    rows = [f"{name},100001,teacher,permanent,2020-09-01,{day}" for name, day in left.items()]
    return "\n".join(["person_id,school_id,role,contract,joined_on,left_on", *rows, ""])


def test_only_a_resignation_in_the_window_counts(tmp_path: Path) -> None:
    gone = {"ann": "", "ben": "2024-12-31", "cat": "2024-12-31", "dan": "2024-09-27", "eve": "2024-12-31"}
    notice = LEAVERS + (
        "ben,2024-09-16,resigned\ncat,2024-09-20,retired\ndan,2024-09-27,fixed-term-end\neve,2024-09-30,resigned\n"
    )
    outcome, _ = labels(tmp_path, LEAVES, staff=posts(gone), leavers=notice, config=TERMS)
    assert outcome == {"ann": 0, "ben": 1, "cat": 0, "dan": 0, "eve": 0}


def test_who_gave_notice_before_the_date_is_not_at_risk(tmp_path: Path) -> None:
    notice = LEAVERS + "ann,2024-09-15,resigned\n"
    assert list(labels(tmp_path, LEAVES, staff=posts({"ann": "", "ben": ""}), leavers=notice, config=TERMS)[0]) == [
        "ben"
    ]


def test_who_left_for_no_known_reason_has_no_label(tmp_path: Path) -> None:
    gone = {"ann": "", "ben": "2024-09-20"}
    notice = LEAVERS + "ann,2024-09-17,resigned\n"
    outcome, found = labels(tmp_path, LEAVES, staff=posts(gone), leavers=notice, config=TERMS)
    assert outcome == pytest.approx({"ann": 1, "ben": nan}, nan_ok=True)
    assert found.counts() == {REASON_UNKNOWN: 1}


def test_many_who_left_for_no_known_reason_are_refused(tmp_path: Path) -> None:
    gone = {f"t{number}": "2024-09-20" for number in range(8)}
    notice = LEAVERS + "".join(f"t{number},2024-09-17,resigned\n" for number in range(2))
    with pytest.raises(TooFewError, match="6 of 8 people who left have no row in leavers"):
        labels(tmp_path, LEAVES, staff=posts(gone), leavers=notice, config=TERMS)


def test_an_outcome_that_someone_else_recorded(tmp_path: Path) -> None:
    recorded = Outcome(kind="recorded", recorded="resit", window="weeks", weeks=2)
    tables = weeks("ann  ... ...\nben  ... ...\ncat  ... ...")
    rows = """\
person_id,population,outcome,date,value
ann,pupils,resit,2024-09-16,1
ben,pupils,resit,2024-09-29,0
cat,pupils,resit,2024-09-30,1
cat,pupils,other,2024-09-20,1
"""
    outcome, found = labels(tmp_path, recorded, outcomes=rows, **tables)
    assert outcome == pytest.approx({"ann": 1, "ben": 0, "cat": nan}, nan_ok=True)
    assert found.counts() == {NOT_RECORDED: 1}
