"""The papers about a model as they were agreed, for made-up runs."""

import pytest

from conftest import Golden
from earlywarn.record.answers import Answers
from earlywarn.record.papers import papers
from made_up_runs import pupil_run, staff_run


@pytest.mark.parametrize("name", ["card.md", "dpia_annex.md", "in_plain_words.md", "transparency_record.md"])
def test_the_papers_about_a_model_of_pupils_read_as_agreed(golden: Golden, name: str) -> None:
    golden(f"pupils_{name}", papers(pupil_run(), Answers())[name])


@pytest.mark.parametrize("name", ["dpia_annex.md", "in_plain_words.md"])
def test_the_papers_about_a_model_of_staff_read_as_agreed(golden: Golden, name: str) -> None:
    golden(f"staff_{name}", papers(staff_run(), Answers())[name])


def test_the_record_is_the_same_in_both_forms(golden: Golden) -> None:
    golden("pupils_transparency_record.json", papers(pupil_run(), Answers())["transparency_record.json"])
