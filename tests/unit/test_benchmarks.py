"""Contextual benchmarks: like is compared with like, only what was known counts, and nobody can be found in them."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark_world import AS_OF, CALM, WAVES, Pupils, one_of, told
from earlywarn.benchmarks import benchmarks_of, read_benchmarks, write_benchmarks
from earlywarn.benchmarks.cells import hidden_cells
from earlywarn.benchmarks.divided import Division, few_joined
from earlywarn.benchmarks.likes import compare, likes_of
from earlywarn.config import Outcome
from earlywarn.errors import TableError
from text_school import BEECH, OAK, school

TWELVE = [4, 5] * 6  # a mean of 8.75 out of 10
LOW = [1, 2] * 6  # 1.25
WAVE_TWO = date(2024, 10, 20)


def test_a_school_is_held_against_pupils_like_its_own(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        Pupils(BEECH, 5, 12, {"two": TWELVE}),
        Pupils(OAK, 5, 12, {"two": [3, 4] * 6}),
        Pupils(OAK, 6, 12, {"two": LOW}),
    )
    beech = one_of(found, school_id=BEECH, group_by="everyone", measure="feelings.calm")
    assert (beech.value, beech.respondents, beech.asked) == (8.75, 12, 12)
    assert beech.expected == 6.25  # Oak's Year 5, whatever its Year 6 says
    assert beech.trust_value == 6.25
    assert beech.stands == "above"
    oak = one_of(found, school_id=OAK, group_by="year_group", group="6", measure="feelings.calm")
    assert (oak.value, oak.expected, oak.stands) == (1.25, None, None)  # nobody else has a Year 6


def test_pupils_who_are_absent_as_often_are_alike(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        Pupils(BEECH, 5, 12, {"two": LOW}, absent=8),
        Pupils(OAK, 5, 12, {"two": [1, 3] * 6}, absent=8, premium="true"),
        Pupils(OAK, 5, 12, {"two": TWELVE}, absent=0),
    )
    beech = one_of(found, school_id=BEECH, group_by="everyone", measure="feelings.calm")
    assert beech.expected == 2.5  # those absent as often; too few of them are without pupil premium
    assert beech.trust_value == pytest.approx(5.625)


def test_a_band_of_attendance_is_held_against_its_like_or_nobody(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        Pupils(BEECH, 5, 12, {"two": LOW}, absent=12),
        Pupils(OAK, 5, 12, {"two": [3, 4] * 6}, absent=6),
        Pupils(OAK, 5, 20, {"two": TWELVE}, absent=0),
    )
    beech = one_of(found, school_id=BEECH, group_by="everyone", measure="feelings.calm")
    assert beech.expected == 6.25  # nobody else is absent as often: those below 90% are nearest
    band = one_of(found, school_id=BEECH, group_by="attendance_band", measure="feelings.calm")
    assert (band.group, band.value, band.expected) == ("80% or less", 1.25, None)


def test_absence_is_not_compared_among_those_who_are_absent_as_often(tmp_path: Path) -> None:
    found = told(tmp_path, Pupils(BEECH, 5, 12, absent=8), Pupils(OAK, 5, 12, absent=2))
    beech = one_of(found, school_id=BEECH, group_by="everyone", measure="absence")
    assert (beech.value, beech.expected, beech.wave) == (0.2, 0.05, None)
    assert not [one for one in found if one.measure.name == "absence" and one.group_by == "attendance_band"]


def test_under_ten_answers_nothing_is_shown_nor_can_be_worked_out(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        Pupils(BEECH, 5, 9, {"two": [5] * 9}),
        Pupils(BEECH, 6, 12, {"two": TWELVE}),
        Pupils(BEECH, 7, 15, {"two": TWELVE + [3] * 3}),
    )
    years = {one.group: one for one in found if one.measure.name == "feelings.calm" and one.group_by == "year_group"}
    assert years["5"].status == years["6"].status == "suppressed"  # the next smallest is hidden with it
    assert (years["5"].value, years["5"].respondents, years["6"].value) == (None, None, None)
    assert years["7"].status == "ok"


def test_what_is_hidden_enters_no_other_number(tmp_path: Path) -> None:
    rest = (Pupils(BEECH, 5, 12, {"two": TWELVE}), Pupils(OAK, 6, 12, {"two": LOW}))
    calm, upset = (
        told(tmp_path / name, *rest, Pupils(OAK, 5, 9, {"two": [answer] * 9}))
        for name, answer in (("calm", 5), ("upset", 1))
    )
    assert [one for one in calm if one.school_id == BEECH] == [one for one in upset if one.school_id == BEECH]


def test_one_to_four_who_did_not_answer_are_not_counted(tmp_path: Path) -> None:
    few = told(tmp_path / "few", Pupils(BEECH, 5, 13, {"two": TWELVE}))
    many = told(tmp_path / "many", Pupils(BEECH, 5, 20, {"two": TWELVE}))
    asked = [one_of(found, group_by="everyone", measure="feelings.calm").asked for found in (few, many)]
    assert asked == [None, 20]


def test_a_wave_counts_from_the_day_after_it_closed(tmp_path: Path) -> None:
    pupils = Pupils(BEECH, 5, 12, {"one": LOW, "two": TWELVE})
    before = told(tmp_path / "before", pupils, as_of=WAVE_TWO)
    after = told(tmp_path / "after", pupils, as_of=date(2024, 10, 21))
    assert {one.wave for one in before if one.measure.name == "feelings.calm"} == {date(2024, 9, 29)}
    assert {one.wave for one in after if one.group_by == "everyone"} == {None, date(2024, 9, 29), WAVE_TWO}


def test_who_joined_after_a_wave_says_nothing_of_the_school(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        Pupils(BEECH, 5, 12, {"two": TWELVE}),
        Pupils(BEECH, 5, 12, {"two": LOW}, joined="2024-10-28"),
    )
    assert one_of(found, group_by="everyone", measure="feelings.calm").value == 8.75


def test_a_change_is_of_those_who_answered_both_waves(tmp_path: Path) -> None:
    found = told(tmp_path, Pupils(BEECH, 5, 24, {"one": TWELVE, "two": [3, 4] * 6 + [1] * 12}))
    latest = one_of(found, group_by="everyone", measure="feelings.calm", wave=WAVE_TWO)
    assert (latest.respondents, latest.change_respondents, latest.change) == (24, 12, -2.5)
    assert one_of(found, group_by="everyone", measure="feelings.calm", wave=date(2024, 9, 29)).change is None


def test_a_change_of_under_ten_is_not_told(tmp_path: Path) -> None:
    found = told(tmp_path, Pupils(BEECH, 5, 12, {"one": TWELVE[:9], "two": TWELVE}))
    latest = one_of(found, group_by="everyone", measure="feelings.calm", wave=WAVE_TWO)
    assert (latest.value, latest.change, latest.change_respondents) == (8.75, None, None)


def test_too_few_sessions_tell_no_absence(tmp_path: Path) -> None:
    pupils = Pupils(BEECH, 5, 12, absent=2)
    early = told(tmp_path / "early", pupils, as_of=date(2024, 9, 9))  # ten sessions
    later = told(tmp_path / "later", pupils, as_of=date(2024, 9, 16))
    assert not early
    assert one_of(later, group_by="everyone").value == 0.1


def test_no_benchmarks_without_waves_or_marks(tmp_path: Path) -> None:
    assert not [one for one in told(tmp_path, Pupils(BEECH, 5, 12)) if one.measure.name != "absence"]


def test_the_file_gives_back_what_was_written_and_names_nobody(tmp_path: Path) -> None:
    found = told(tmp_path, Pupils(BEECH, 5, 12, {"one": LOW, "two": TWELVE}), Pupils(OAK, 5, 9, {"two": LOW}))
    path = tmp_path / "benchmarks.json"
    write_benchmarks(path, found)
    assert read_benchmarks(path) == found
    assert f"p{BEECH}" not in path.read_text(encoding="utf-8")
    first = path.read_bytes()
    write_benchmarks(path, read_benchmarks(path))
    assert path.read_bytes() == first


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format":2}', '{"format":1,"measures":[],"benchmarks":[{}]}'])
def test_a_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "benchmarks.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match="missing, damaged"):
        read_benchmarks(path)


def test_nothing_to_tell_is_a_file_too(tmp_path: Path) -> None:
    write_benchmarks(tmp_path / "none.json", ())
    assert read_benchmarks(tmp_path / "none.json") == ()


def test_a_few_who_are_not_recorded_hide_no_large_group() -> None:
    labels = np.array(["yes"] * 3 + ["no"] * 5 + ["not recorded"] * 9 + ["yes"] * 2 + ["not recorded"] * 10)
    at = np.repeat([0, 1], [17, 12])
    joined = few_joined(labels, at)
    assert joined[:17].tolist() == ["yes"] * 3 + ["no"] * 14
    assert joined[17:].tolist() == labels[17:].tolist()  # ten are a group of their own
    assert few_joined(labels[8:17], at[:9]).tolist() == ["not recorded"] * 9


@given(st.lists(st.integers(0, 40), min_size=2, max_size=7))
def test_hidden_groups_hold_ten_people_or_all_there_are(sizes: list[int]) -> None:
    count = np.array([sizes])
    division = Division("form", tuple(f"g{i}" for i in range(len(sizes))), np.zeros(0, np.int64))
    hidden = hidden_cells(count, division, np.zeros(count.shape, np.bool_))
    assert not ((count > 0) & (count < 10) & ~hidden).any()
    if hidden.any() and not hidden.all():
        assert count[hidden].sum() >= 10
        assert hidden.sum() >= 2


def test_of_schools_that_do_not_differ_one_comparison_in_a_hundred_stands_apart() -> None:
    draw = np.random.default_rng(3)
    at = np.repeat(np.arange(100), 60)
    apart = []
    for _ in range(20):
        year = draw.integers(0, 3, 6000)
        values = (6 + year + draw.normal(0, 2, 6000)).astype(np.float32)
        compared = compare(values, likes_of(values, at, [year]), at, 100)
        apart.append(np.abs(compared.difference) > compared.margin)
    assert 0.005 < np.mean(apart) < 0.017


def test_a_school_that_is_most_of_the_trust_is_held_against_the_rest() -> None:
    values = np.array([8.0] * 100 + [5.0, 6.0] * 10, np.float32)
    at, alike = np.repeat([0, 1], [100, 20]), np.zeros(120, np.int64)
    likes = likes_of(values, at, [alike])
    assert likes.expected[0] == 5.5
    assert likes.expected[-1] == 8.0


def _posts(school_id: str, role: str, count: int) -> str:
    return "".join(f"{school_id}{role}{i},{school_id},{role},permanent,2020-09-01,\n" for i in range(count))


def _said(school_id: str, role: str, answers: list[int]) -> str:
    return "".join(f"two,{school_id}{role}{i},calm,{answer}\n" for i, answer in enumerate(answers))


def test_staff_are_told_by_school_and_over_the_shown_schools_by_role(tmp_path: Path) -> None:
    elm = "100003"
    with school(
        tmp_path,
        instruments={"feelings": CALM.model_copy(update={"audience": "staff"})},
        config={"population": "staff", "outcome": Outcome(kind="leaves")},
        schools=f"school_id,name,phase\n{BEECH},Beech,primary\n{OAK},Oak,primary\n{elm},Elm,primary\n",
        staff="person_id,school_id,role,contract,joined_on,left_on\n"
        + _posts(BEECH, "teacher", 12) + _posts(BEECH, "clerk", 3) + _posts(OAK, "teacher", 12)
        + _posts(elm, "teacher", 4) + _posts(OAK, "head", 1) + _posts(OAK, "assistant", 20),
        leavers=f"person_id,resigned_on,leaves_on,reason\n{elm}teacher0,2025-02-01,2025-04-30,resigned\n",
        waves=WAVES.replace("pupil", "staff"),
        responses="wave_id,person_id,item,answer\n"
        + _said(BEECH, "teacher", [5] * 12) + _said(BEECH, "clerk", [1] * 3) + _said(OAK, "teacher", [3] * 12)
        + _said(elm, "teacher", [1] * 4) + _said(OAK, "assistant", [2, 3] * 10),
    ) as sources:  # fmt: skip
        found = benchmarks_of(sources, AS_OF)
    schools = {one.school_id: one for one in found if one.group_by == "everyone"}
    roles = {one.group: one for one in found if one.group_by == "role"}
    assert (schools[BEECH].value, schools[BEECH].respondents) == (8.0, 15)
    assert schools[elm].status == "suppressed"
    assert (roles["teacher"].value, roles["teacher"].respondents) == (7.5, 24)  # without those of the hidden school
    assert roles["clerk"].status == roles["assistant"].status == "suppressed"  # the second hides the first
    assert (schools[""].respondents, roles["teacher"].expected) == (47, None)
