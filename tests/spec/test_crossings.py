"""When someone crossed the line, as a school would say it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from earlywarn.cohort import cohort
from earlywarn.config import Outcome
from earlywarn.crossings import find_crossings
from text_school import marks, pupils, school

MONDAY = date(2024, 9, 30)
LATER = date(2025, 7, 1)
WEEK = "// // // // //"


def crossings(folder: Path, text: str, before: date = LATER, **config: object) -> Mapping[str, tuple[str, float, bool]]:
    """Return day, weeks and `already` by name; lines are marks from 2 September on, dots are a week present."""
    lines = [line.replace("...", WEEK).split(maxsplit=1) for line in text.strip().splitlines()]
    names = list(dict.fromkeys(name for name, _ in lines))
    tables = {
        "pupils": pupils("\n".join(f"{name} 100001 5 2023-09-04" for name in names)),
        "attendance": marks("\n".join(f"{name} 100001 2024-09-02 {words}" for name, words in lines)),
    }
    said = {"outcome": Outcome(window="weeks", weeks=3), "data_to": LATER} | config
    with school(folder, config=said, **tables) as sources:
        people = cohort(sources.store, sources.config, MONDAY)
        assert sources.register is not None
        found = find_crossings(sources.register, sources.calendars, sources.config, people, before)
    values = zip(np.datetime_as_string(found.day), found.weeks.tolist(), found.already.tolist(), strict=True)
    return dict(zip(people["person_id"], ((str(day), weeks, bool(yes)) for day, weeks, yes in values), strict=True))


def test_the_line_is_crossed_on_the_day_on_which_the_whole_year_so_far_reaches_it(tmp_path: Path) -> None:
    """After four weeks present, 5 of 50 sessions are a tenth: at the end of the fifth week; a week later it takes 6."""
    found = crossings(tmp_path, """
        ann  ... ... ... ... // // II II I/ ... ...
        ben  ... ... ... ... // // // II II // I/ I/ // // ...
        cat  ... ... ... ... ... ... ...
    """)  # fmt: skip
    assert found["ann"] == ("2024-10-04", 0, False)
    assert found["ben"] == ("2024-10-09", 1, False)
    assert found["cat"][0] == "NaT"
    assert np.isnan(found["cat"][1])


def test_who_stands_over_the_line_already_does_not_cross_it(tmp_path: Path) -> None:
    found = crossings(tmp_path, "ann  II II // // // ... ... ... II II II II II ... ...")
    assert found["ann"][0] == "NaT"
    assert found["ann"][2]


def test_a_rate_over_too_few_sessions_says_nothing_yet(tmp_path: Path) -> None:
    text = "ann  XX XX XX XX XX XX XX XX XX XX XX XX XX XX XX XX XX XX XX XX I/ // // // // ... ..."
    assert crossings(tmp_path, text)["ann"][0] == "NaT"  # 1 of 20 by the time it counts
    assert crossings(tmp_path / "early", text, onset_min_sessions=2)["ann"] == ("2024-09-30", 0, False)


def test_what_happens_after_the_window_is_not_asked(tmp_path: Path) -> None:
    found = crossings(tmp_path, "ann  ... ... ... ... ... ... ... II II II II II\nben  ... ... ... ... ... ... ... ...")
    assert found["ann"][0] == "NaT"


def test_a_mark_that_was_not_known_yet_does_not_count(tmp_path: Path) -> None:
    text = "ann  ... ... ... ... II II I/ // // ... ..."
    assert crossings(tmp_path, text)["ann"][0] == "2024-10-02"
    assert crossings(tmp_path / "before", text, before=date(2024, 10, 1))["ann"][0] == "NaT"
