"""What the features of other records mean: schools attended, events, judgements, help, posts."""

from datetime import date
from math import nan
from pathlib import Path

import pytest

from earlywarn.config import AsOf, Outcome
from earlywarn.features.catalogue import absent_blocks, catalogue
from earlywarn.features.kinds import Kinds, find_kinds
from earlywarn.features.people import amount_features, event_features
from text_school import features, marks, pupils, school

AS_OF = date(2024, 10, 7)
PEOPLE = ("ann", "ben", "cat", "dan", "eve")
ROLL = pupils("\n".join(f"{who}  100001  {5 + (who == 'eve')}  2023-09-04" for who in PEOPLE))
REGISTER = marks("\n".join(f"{who}  100001  2024-09-30  // // // // //" for who in PEOPLE))


def table(columns: str, text: str) -> str:
    """Return a table of lines of words; `-` is an empty cell."""
    lines = [",".join("" if word == "-" else word for word in line.split()) for line in text.strip().splitlines()]
    return "\n".join([columns.replace(" ", ","), *lines]) + "\n"


def told(folder: Path, as_of: date = AS_OF, **tables: str) -> dict[str, dict[str, float]]:
    with school(folder, **({"pupils": ROLL, "attendance": REGISTER} | tables)) as sources:
        return features(sources, as_of).to_dict()


def judged(text: str) -> str:
    everyone = "\n".join(f"{who} art 2024-06-10 attitude 3" for who in PEOPLE)
    return table("person_id subject collected_on measure value", f"{everyone}\n{text}")


def helped(text: str) -> str:
    everyone = "\n".join(f"{who} mentoring 2024-01-08 2024-03-01" for who in PEOPLE)
    return table("person_id kind starts_on ends_on", f"{everyone}\n{text}")


def happened(text: str) -> str:
    everyone = "\n".join(f"{who} merit 2024-01-08 2" for who in PEOPLE)
    return table("person_id kind date amount", f"{everyone}\n{text}")


def test_judgements_are_the_mean_over_subjects_of_the_latest_in_each(tmp_path: Path) -> None:
    found = told(tmp_path, assessments=judged("""
        ann  art    2024-09-20  attitude  5
        ann  maths  2024-03-01  attitude  2
        ann  maths  2022-03-01  attitude  1
        ben  maths  2024-10-06  attitude  4
        cat  maths  2024-10-07  attitude  5
    """))  # fmt: skip
    assert found["judged_attitude"] == {"ann": 3.5, "ben": 3.5, "cat": 3, "dan": 3, "eve": 3}
    nothing_before = {"ben": nan, "cat": nan, "dan": nan, "eve": nan}
    assert found["judged_attitude_change"] == pytest.approx({"ann": 2, **nothing_before}, nan_ok=True)
    assert found["judged_attitude_gap_peers"]["dan"] == pytest.approx(3 - 10 / 3)
    assert found["judged_attitude_gap_peers"]["eve"] == pytest.approx(nan, nan_ok=True)  # alone in the year group


def test_a_judgement_in_words_is_no_number(tmp_path: Path) -> None:
    words = "\n".join(f"{who} maths 2024-09-20 effort good" for who in PEOPLE)
    found = told(tmp_path, assessments=judged(f"ann art 2024-09-21 attitude secure\n{words}"))
    assert found["judged_attitude"]["ann"] == 3
    assert not [name for name in found if "effort" in name]


def test_help_counts_from_its_first_day_and_goes_on_until_its_end_is_past(tmp_path: Path) -> None:
    found = told(tmp_path, interventions=helped("""
        ann  mentoring  2024-09-16  2024-10-06
        ben  mentoring  2024-09-16  2024-10-07
        cat  mentoring  2024-09-16  -
        dan  mentoring  2024-10-07  -
    """))  # fmt: skip
    assert found["help_mentoring_year"] == {"ann": 2, "ben": 2, "cat": 2, "dan": 1, "eve": 1}
    assert found["help_mentoring_now"] == {"ann": 0, "ben": 1, "cat": 1, "dan": 0, "eve": 0}


def test_help_long_ago_says_never(tmp_path: Path) -> None:
    found = told(tmp_path, date(2025, 6, 2), interventions=helped(""))
    assert set(found["help_mentoring_year"].values()) == {0}


def test_events_are_counted_and_their_amounts_added_up_by_kind(tmp_path: Path) -> None:
    found = told(tmp_path, events=happened("""
        ann  merit  2024-09-20  3
        ann  merit  2024-08-01  4
        ben  merit  2024-09-20  -
        cat  call   2024-09-20  1
    """))  # fmt: skip
    assert found["merit_events_6w"] == {"ann": 1, "ben": 1, "cat": 0, "dan": 0, "eve": 0}
    assert found["merit_amount_6w"] == {"ann": 3, "ben": 0, "cat": 0, "dan": 0, "eve": 0}
    assert found["merit_amount_year"] == {"ann": 9, "ben": 2, "cat": 2, "dan": 2, "eve": 2}
    assert not [name for name in found if "call" in name]  # one person's kind of event would name that person


def test_amounts_that_are_always_one_say_no_more_than_the_count(tmp_path: Path) -> None:
    calls = "\n".join(f"{who} call 2024-09-20 1" for who in PEOPLE)
    found = told(tmp_path, events=happened(calls))
    assert "call_events_6w" in found
    assert "call_amount_6w" not in found


def test_only_kinds_that_we_know_have_a_direction_of_risk() -> None:
    """More merits are no reason to worry; what a school calls its events is its own."""
    every = [*event_features(("behaviour", "merit")), *amount_features(("behaviour", "merit"))]
    assert {feature.name: feature.risk for feature in every if feature.name.endswith("_year")} == {
        "behaviour_events_year": 1, "merit_events_year": 0, "behaviour_amount_year": 1, "merit_amount_year": 0,
    }  # fmt: skip


def test_a_kind_in_odd_letters_makes_a_name_that_every_library_reads(tmp_path: Path) -> None:
    with school(tmp_path, pupils=ROLL, attendance=REGISTER, events=_odd()) as sources:
        kinds = find_kinds(sources.store, "pupils", AS_OF)
        assert kinds.events == ("late homework",)
        names = [feature.name for feature in catalogue(sources.config, (), {}, (), kinds, marks=False)]
        assert "late_homework_events_year" in names


def _odd() -> str:
    return "person_id,kind,date\n" + "".join(f"{who},late homework,2024-09-20\n" for who in PEOPLE)


def test_schools_attended_are_those_joined_before_the_date(tmp_path: Path) -> None:
    roll = ROLL + "".join(
        f"{row}\n"
        for row in (
            "fay,100001,5,2023-09-04,2024-07-19,,2023-09-04",
            "fay,100002,6,2024-09-02,,,2024-09-02",
            "ann,100002,5,2024-10-07,,,2024-10-01",
        )
    )
    found = told(tmp_path, pupils=roll)
    assert found["schools_attended"] == dict.fromkeys(PEOPLE, 1) | {"fay": 2}


def test_what_there_is_no_table_of_leaves_no_trace_and_is_named(tmp_path: Path) -> None:
    with school(tmp_path, pupils=ROLL, attendance=REGISTER) as sources:
        every = catalogue(sources.config, (), {}, (), find_kinds(sources.store, "pupils", AS_OF), marks=True)
        assert {feature.block for feature in every} == {"attendance", "context", "movement"}
        assert absent_blocks(every, sources.config) == (
            "events", "assessments", "interventions", "survey of pupils", "survey of parents",
        )  # fmt: skip


POSTS = table("person_id school_id role contract joined_on", """
    kit   100001  teacher  permanent  2020-09-01
    lou   100001  teacher  permanent  2020-09-01
    max   100001  teacher  permanent  2020-09-01
    nell  100001  teacher  permanent  2020-09-01
""")  # fmt: skip
STAFF = {"population": "staff", "outcome": Outcome(kind="leaves"), "as_of": AsOf(dates=(date(2024, 11, 4),))}


def test_turnover_is_of_the_last_year_and_of_this_one(tmp_path: Path) -> None:
    gone = table("person_id resigned_on reason", """
        lou   2024-03-01  resigned
        max   2024-10-25  resigned
        nell  2024-11-04  resigned
    """)  # fmt: skip
    tables = {"pupils": ROLL, "staff": POSTS, "leavers": gone}
    with school(tmp_path, config=STAFF, **tables) as sources:
        found = features(sources, date(2024, 11, 4)).to_dict()
    assert found["school_turnover"] == {"kit": 1, "nell": 1}  # two of the two still in post
    assert found["school_turnover_this_year"] == {"kit": 0.5, "nell": 0.5}
    assert found["days_to_notice_date"]["kit"] == (date(2025, 2, 28) - date(2024, 11, 4)).days


def test_without_records_of_staff_absence_there_are_no_features_of_them(tmp_path: Path) -> None:
    gone = table("person_id resigned_on reason", "max 2024-10-25 resigned")
    with school(tmp_path, config=STAFF, **{"pupils": ROLL, "staff": POSTS, "leavers": gone}) as sources:
        names = list(features(sources, date(2024, 11, 4)))
        assert not [name for name in names if name.startswith("absence_")]
        with_them = catalogue(sources.config, (), {}, (), Kinds(staff_absence=True), marks=False)
        assert "absence_spells_year" in {feature.name for feature in with_them}
