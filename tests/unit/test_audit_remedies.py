"""What could be done about a gap: places by group close it on people not seen before, at a cost that is told."""

import numpy as np
import pandas as pd
import pytest

from earlywarn.audit.parts import Parts, shared_parts
from earlywarn.audit.refits import Learnt, independence_weights
from earlywarn.audit.remedies import WAYS, Remedy, head_starts_of, try_remedies
from earlywarn.audit.subjects import MODEL, Subjects, subjects_of
from earlywarn.audit.why_words import words_of
from earlywarn.config import Fairness
from earlywarn.evaluate.measures import Bools
from earlywarn.features.feature import Feature
from earlywarn.model.fit import TreeModel, TreeSettings
from earlywarn.model.recipe import Trees, Values

BY_PREMIUM = Fairness(groups=("premium",), intersections=())
NOISE = 6  # columns that say nothing
SETTINGS = TreeSettings(trees=30, leaves=4, learning_rate=0.15)


def world(seed: int, people: int = 3000) -> tuple[pd.DataFrame, Values, Bools]:
    """Return people whose absence is seen worse in one group: it stands in a column that a marker spoils for them."""
    random = np.random.default_rng(seed)
    premium = random.random(people) < 0.4
    odds = random.normal(-1.5, 1.3, people)
    values = np.column_stack([odds - 1.5 * premium, random.normal(0, 1, (people, NOISE))]).astype(np.float32)
    frame = pd.DataFrame({
        "premium": premium, "school_id": random.integers(12, size=people), "as_of": seed,
        "person_id": np.arange(people),
    })  # fmt: skip
    return frame, values, random.random(people) < 1 / (1 + np.exp(-odds))


def feature(name: str) -> Feature:
    return Feature(name, "absence this year", "attendance", "share", name, "", lambda seen: np.zeros(0, np.float32))


def subjects(frame: pd.DataFrame, values: Values, outcome: Bools, model: TreeModel) -> Subjects:
    everyone = {"everyone": np.ones(len(frame), dtype=np.bool_)}
    return subjects_of(frame, outcome, {MODEL: model.raw_score(values)}, everyone, BY_PREMIUM)


@pytest.fixture(scope="module")
def tried() -> tuple[Subjects, tuple[Remedy, ...]]:
    names = ["absence", *(f"noise_{place}" for place in range(NOISE))]
    recipe = Trees(tuple(feature(name) for name in names), SETTINGS, (), 1)
    people, values, outcome = world(1)
    _, other_values, other_outcome = world(2)
    model = recipe.fit(other_values, other_outcome)
    assert isinstance(model, TreeModel)
    training = subjects(people, values, outcome, model)
    later, later_values, later_outcome = world(3)
    test = subjects(later, later_values, later_outcome, model)
    learnt = Learnt(recipe, model, people, values, outcome, later_values)
    return training, try_remedies(learnt, training, test, "everyone", BY_PREMIUM)


def by_way(remedies: tuple[Remedy, ...]) -> dict[str, Remedy]:
    return {each.key.contender: each for each in remedies}


@pytest.mark.filterwarnings("ignore:.*:pandas.errors.Pandas4Warning")
def test_every_way_is_judged_with_its_gap_and_its_cost(tried: tuple[Subjects, tuple[Remedy, ...]]) -> None:
    ways = by_way(tried[1])
    assert set(ways) >= {MODEL, "half", "whole", "reweighed", "reduction", "without"} and set(ways) <= set(WAYS)
    assert ways[MODEL].more == 0
    assert (ways["without"].more or 0) < -10  # the features that carry the gap carry the model
    assert all(each.gap is not None and each.found is not None for each in ways.values())


def test_a_head_start_closes_the_gap_among_people_it_has_not_seen(tried: tuple[Subjects, tuple[Remedy, ...]]) -> None:
    ways = by_way(tried[1])
    before, half, whole = (ways[way].gap or 0 for way in (MODEL, "half", "whole"))
    assert before < -0.05
    assert before < half < whole and abs(whole) < abs(before) / 2


def test_the_head_start_goes_to_the_group_that_is_missed(tried: tuple[Subjects, tuple[Remedy, ...]]) -> None:
    assert head_starts_of(tried[0], "everyone", "premium")["yes"] == pytest.approx(1.5, abs=0.8)


def test_weights_make_group_and_outcome_independent() -> None:
    random = np.random.default_rng(1)
    labels = random.choice(["a", "b"], 500)
    outcome = random.random(500) < np.where(labels == "a", 0.5, 0.1)
    weight = independence_weights(labels, outcome)
    rates = [weight[(labels == name) & outcome].sum() / weight[labels == name].sum() for name in "ab"]
    assert rates[0] == pytest.approx(rates[1]) == pytest.approx(outcome.mean())


def test_the_words_say_what_each_way_leaves_and_costs(tried: tuple[Subjects, tuple[Remedy, ...]]) -> None:
    (said,) = words_of(Parts(remedies=tried[1]), (), "pupils")["remedies"]
    assert "are missed than of 100 pupils whose premium is no, with the model as it is" in said
    assert "a head start that makes up the whole gap: " in said and "found in all" in said


def test_what_is_told_of_a_group_without_a_shown_row_is_left_out(tried: tuple[Subjects, tuple[Remedy, ...]]) -> None:
    assert shared_parts(Parts(remedies=tried[1]), ()).remedies == ()
