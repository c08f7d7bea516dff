"""What changed since an earlier list, in words that a tutor can use."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from earlywarn.errors import ConfigError
from earlywarn.report.contents import PackContents, read_contents
from earlywarn.report.earlier import held_against, read_earlier
from earlywarn.score.since import Changes
from made_up_facts import pupil
from small_scores import contents, earlier_folder

Held = tuple[PackContents, Changes]


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return held_against(contents(), read_earlier(earlier_folder(tmp_path), "pupil-absence", date(2026, 11, 9)))


def _since(held: Held, person: str) -> list[str]:
    scores = held[0].scores
    return list(scores.loc[scores["person_id"] == person, "since"].iloc[0])


def _why(held: Held) -> dict[str, str]:
    left = held[0].left
    return dict(zip(left["person_id"], left["why"], strict=True))


def test_who_stayed_reads_both_places_the_band_and_who_saw_them(held: Held) -> None:
    assert _since(held, "P0000") == [
        "On the list of 12 October too, then at place 4; now 1.",
        "Likelihood high then, very high now.",
        "Seen on 14 October, followed up.",
    ]
    assert _since(held, "P0001") == ["On the list of 12 October too, at place 1 then and now.", "Seen on 15 October."]


def test_who_is_new_reads_where_they_were_then(held: Held) -> None:
    assert _since(held, "P0002") == ["New on this list: looked at on 12 October, and not listed."]
    assert _since(held, "P0003") == ["New on this list: on 12 October at place 9 of the list “May cross the line”."]
    assert _since(held, "P0004") == ["New on this list: not looked at here on 12 October."]


def test_who_is_not_listed_is_neither_new_nor_told_anything(held: Held) -> None:
    scores = held[0].scores.set_index("person_id")
    assert scores.loc["P0009", "since"] == []
    assert pd.isna(scores.loc["P0009", "new"])
    assert scores.loc[["P0000", "P0002"], "new"].tolist() == [False, True]


def test_who_left_is_told_with_a_reason_and_the_place_then(held: Held) -> None:
    assert _why(held) == {
        "P0003": "belongs to the list “Already at or above the line” now, at place 2",
        "P0008": "others come before them now",
        "P0070": "no longer on roll here, or no longer looked at",
    }
    assert held[0].left["place_then"].tolist() == [2, 3, 9]
    assert set(held[0].left["school_id"]) == {"900001"}


def test_the_numbers_add_up(held: Held) -> None:
    changes = held[1]
    listed = int(held[0].scores["listed"].sum())
    assert (changes.kept, changes.new, changes.gone) == (2, listed - 2, 3)
    assert changes.overlap == 2 / (listed + 3)
    assert changes.other_model == "2"
    assert held[0].about.earlier == date(2026, 10, 12)


def test_who_asked_to_be_left_out_is_not_told_as_having_left(tmp_path: Path) -> None:
    earlier = read_earlier(earlier_folder(tmp_path), "pupil-absence", date(2026, 11, 9))
    found, changes = held_against(contents(), earlier, {"P0070"})
    assert "P0070" not in set(found.left["person_id"])
    assert changes.gone == 2


def test_who_moved_between_schools_is_new_at_the_one_and_left_the_other(tmp_path: Path) -> None:
    earlier = read_earlier(earlier_folder(tmp_path), "pupil-absence", date(2026, 11, 9))
    found, _ = held_against(contents(pupil(0, "900002")), earlier)
    assert found.scores["since"].iloc[0] == ["New on this list: not looked at here on 12 October."]
    assert ("900001", "P0000") in set(zip(found.left["school_id"], found.left["person_id"], strict=True))


def test_a_list_of_another_year_is_told_with_its_year(tmp_path: Path) -> None:
    earlier = read_earlier(earlier_folder(tmp_path), "pupil-absence", date(2026, 11, 9))
    later = contents(pupil(2, as_of=date(2027, 1, 11)), as_of=date(2027, 1, 11))
    (said,) = held_against(later, earlier)[0].scores["since"].iloc[0]
    assert said == "New on this list: looked at on 12 October 2026, and not listed."


def test_the_same_list_again_says_that_nothing_changed(tmp_path: Path) -> None:
    earlier = read_earlier(earlier_folder(tmp_path), "pupil-absence", date(2026, 11, 9))
    again = replace(read_contents(tmp_path), about=contents().about)
    found, changes = held_against(again, earlier)
    assert (changes.new, changes.gone, changes.overlap) == (0, 0, 1.0)
    assert len(found.left) == 0


@pytest.mark.parametrize(
    ("name", "as_of", "says"),
    [
        ("another-model", date(2026, 11, 9), "of the model pupil-absence, these of another-model"),
        ("pupil-absence", date(2026, 10, 12), "of 2026-10-12, these of 2026-10-12"),
        ("pupil-absence", date(2026, 9, 14), "of 2026-10-12, these of 2026-09-14"),
    ],
)
def test_another_model_or_a_later_list_is_refused(tmp_path: Path, name: str, as_of: date, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        read_earlier(earlier_folder(tmp_path), name, as_of)
