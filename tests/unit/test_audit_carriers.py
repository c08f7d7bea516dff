"""What carries a gap inside the model: the theme that was spoilt is named, and noise costs where the survey counts."""

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from earlywarn.audit.carriers import Explained, answered, carriers, noisier
from earlywarn.audit.subjects import MODEL, Subjects, subjects_of
from earlywarn.config import Fairness
from earlywarn.features.feature import Feature, Theme

PEOPLE = 6000
BY_PREMIUM = Fairness(groups=("premium",), intersections=())


class Sum:
    """A model that adds up its features: each contributes its own value."""

    names = ("absence", "survey", "pupil_answered")

    def raw_score(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        return values[:, :2].sum(axis=1).astype(np.float64) - 2

    def contributions(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        added = np.where(np.arange(3) < 2, values, 0)
        return np.column_stack([added, np.full(len(values), -2.0)])


def feature(name: str, theme: Theme, block: str) -> Feature:
    return Feature(name, theme, block, "share", name, "", lambda seen: np.zeros(0, np.float32))


FEATURES = (
    feature("absence", "absence this year", "attendance"),
    feature("survey", "engagement and relationships", "survey"),
    feature("pupil_answered", "engagement and relationships", "survey"),
)


@pytest.fixture(scope="module")
def world() -> tuple[Subjects, Explained]:
    """Absence is under-recorded by 0.8 for those with premium; the survey matters as much as absence does."""
    random = np.random.default_rng(1)
    premium = random.random(PEOPLE) < 0.4
    absence, survey = random.normal(0, 1, (2, PEOPLE))
    values = np.column_stack([absence - 0.8 * premium, survey, random.random(PEOPLE) < 0.7]).astype(np.float32)
    people = pd.DataFrame({
        "premium": premium, "school_id": random.integers(15, size=PEOPLE), "as_of": 0, "person_id": np.arange(PEOPLE),
    })  # fmt: skip
    outcome = random.random(PEOPLE) < 1 / (1 + np.exp(2 - absence - survey))
    everyone = {"everyone": np.ones(PEOPLE, dtype=np.bool_)}
    subjects = subjects_of(people, outcome, {MODEL: Sum().raw_score(values)}, everyone, BY_PREMIUM)
    return subjects, Explained(Sum(), FEATURES, values)


def test_the_theme_that_carries_the_gap_comes_first_with_its_log_odds(world: tuple[Subjects, Explained]) -> None:
    first, second = carriers(*world)
    assert (first.key.group, first.against, first.theme) == ("yes", "no", "absence this year")
    assert first.value == pytest.approx(-0.8, abs=0.15)
    assert first.high is not None and first.high < 0
    assert second.value == pytest.approx(0, abs=0.15)


def test_a_noisier_survey_finds_fewer_of_the_group_and_more_noise_finds_fewer_still(
    world: tuple[Subjects, Explained],
) -> None:
    changes = {(each.key.group, each.share): each.value or 0 for each in noisier(*world)}
    assert changes["no", 1.0] < changes["no", 0.5] < 0
    assert changes["yes", 1.0] < 0


def test_a_model_without_a_survey_has_no_noise_to_try(world: tuple[Subjects, Explained]) -> None:
    subjects, explained = world
    silent = Explained(explained.model, FEATURES[:1], explained.values[:, :1])
    assert noisier(subjects, silent) == ()
    assert answered(silent) is None


def test_who_answered_is_read_from_their_own_survey(world: tuple[Subjects, Explained]) -> None:
    found = answered(world[1])
    assert found is not None and found.mean() == pytest.approx(0.7, abs=0.05)
