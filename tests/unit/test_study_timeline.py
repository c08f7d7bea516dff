"""The year on one line: what stands in the tables of the data, in order, with what comes too late."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from earlywarn.config import AsOf, Config
from earlywarn.features.gather import Sources
from earlywarn.run.opening import instruments_beside, opened
from earlywarn.simulate import Plan, simulate
from earlywarn.study.timeline import timeline_tables

CONFIG = Config(name="study", as_of=AsOf(weeks_of_year=(6, 19)))


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sources]:
    folder = tmp_path_factory.mktemp("trust")
    simulate(Plan(schools=1, pupils=60, years=2, current_weeks=4), folder / "data")
    with opened(folder / "data", CONFIG, instruments_beside(None), folder / "private") as found:
        yield found


def rows(sources: Sources, config: Config, kind: str) -> list[Any]:
    timeline, _ = timeline_tables(sources, config)
    return [row for row in timeline.rows if row["kind"] == kind]


def test_it_holds_the_latest_two_school_years_in_order(sources: Sources) -> None:
    timeline, warnings = timeline_tables(sources, CONFIG)
    assert [timeline.name, warnings.name] == ["timeline", "timeline_warnings"]
    assert list(dict.fromkeys(row["school_year"] for row in timeline.rows)) == ["2025/26", "2026/27"]
    days = [str(row["starts"]) for row in timeline.rows]
    assert days == sorted(days)


def test_planned_lists_of_the_year_that_has_begun_are_there_though_it_is_not_over(sources: Sources) -> None:
    lists = rows(sources, CONFIG, "list")
    assert [row["school_year"] for row in lists] == ["2025/26"] * 2 + ["2026/27"] * 2


def test_surveys_and_half_terms_come_from_the_data(sources: Sources) -> None:
    asked = {str(row["what"]).split(": ")[1] for row in rows(sources, CONFIG, "survey")}
    assert {"asks pupils", "asks parents", "asks staff"} >= asked >= {"asks pupils"}
    assert len(rows(sources, CONFIG, "half-term")) >= 6


def test_a_list_that_is_made_while_a_survey_is_open_is_warned_of(sources: Sources) -> None:
    (first, *_) = [row for row in rows(sources, CONFIG, "survey") if "asks pupils" in str(row["what"])]
    during = CONFIG.model_copy(update={"as_of": AsOf(dates=(date.fromisoformat(str(first["ends"])),))})
    _, warnings = timeline_tables(sources, during)
    assert any("is open until" in str(row["warning"]) for row in warnings.rows)
    assert warnings.says[0] == warnings.rows[0]["warning"]
