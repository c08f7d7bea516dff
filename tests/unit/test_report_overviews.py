"""The overviews: schools and staff side by side, and nobody to be found in them."""

from pathlib import Path

from earlywarn.report.staff_overview import shown_cells, write_staff_overview
from earlywarn.report.trust_overview import write_trust_overview
from made_up_facts import about, pupil, scores, staff_scores
from page_reader import read_page


def _trust(folder: Path, *rows: dict[str, object]) -> str:
    write_trust_overview(scores(*rows), about(), folder / "trust.html")
    return read_page((folder / "trust.html").read_text(encoding="utf-8")).text


def _staff(folder: Path) -> str:
    write_staff_overview(staff_scores(), about(), folder / "staff.html")
    return read_page((folder / "staff.html").read_text(encoding="utf-8")).text


def _school(school_id: str, first: int, size: int, listed: int) -> list[dict[str, object]]:
    return [
        pupil(first + 2 * i, school_id, listed=i < listed, risk=0.5, band="high", list="onset", rank_in_school=i + 1)
        for i in range(size)
    ]


def test_counts_from_five_up_are_shown_beside_their_totals(tmp_path: Path) -> None:
    text = _trust(tmp_path, *_school("900001", 0, 40, 8), *_school("900002", 100, 20, 5))
    assert "Beck Lane Primary School 40 8 20" in text
    assert "Fellside High School 20 5 10" in text
    assert "All schools 60 13 30" in text


def test_a_small_count_is_hidden_and_cannot_be_taken_from_the_total(tmp_path: Path) -> None:
    text = _trust(tmp_path, *_school("900001", 0, 40, 8), *_school("900002", 100, 20, 4))
    assert "Beck Lane Primary School 40 c 20" in text
    assert "Fellside High School 20 c 10" in text


def test_a_share_is_not_drawn_where_its_counts_are_hidden(tmp_path: Path) -> None:
    text = _trust(tmp_path)  # 14 pupils and 3: the small school hides the other
    assert "Beck Lane Primary School c" in text
    assert "%" not in text.partition("Expected share")[2].partition("How sure")[0]


def test_no_overview_names_a_person(tmp_path: Path) -> None:
    trust, staff = _trust(tmp_path), _staff(tmp_path)
    assert not any(person in trust for person in scores()["person_id"])
    assert not any(person in staff for person in staff_scores()["person_id"])


def test_a_role_with_one_person_is_joined_with_others(tmp_path: Path) -> None:
    text = _staff(tmp_path)
    assert "lerk" not in text.partition("By school")[2].replace("clerical", "")
    assert "Other roles together 15 15% about 2" in text
    assert "Teacher 52 10% about 5" in text


def test_a_cell_that_would_give_a_small_rest_away_is_not_shown() -> None:
    sizes = {("A", "teacher"): 30, ("A", "head"): 3, ("B", "teacher"): 22, ("B", "clerk"): 11}
    assert shown_cells(sizes, set(), set()) == {("B", "clerk"), ("B", "teacher")}


def test_two_schools_of_one_name_stay_two_schools(tmp_path: Path) -> None:
    same = about(school_names={"900001": "St Mary's", "900002": "St Mary's"})
    write_staff_overview(staff_scores(), same, tmp_path / "staff.html")
    text = read_page((tmp_path / "staff.html").read_text(encoding="utf-8")).text
    assert "St Mary's 45" in text
    assert "St Mary's 22" in text
