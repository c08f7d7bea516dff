"""LightGBM's text is read only if it is what LightGBM writes, and its trees are trees."""

import re
from contextlib import suppress

import lightgbm as lgb
import numpy as np
import pytest
from lightgbm.basic import LightGBMError

from earlywarn.bundle.trees import checked_text
from earlywarn.errors import BundleError
from earlywarn.model.fit import booster_from_text, booster_text
from small_bundle import NAMES, people, trees


def text() -> str:
    return booster_text(trees().booster)


def check(changed: str) -> str:
    return checked_text(changed.encode(), NAMES, "model.txt")


def first_tree(change: str, to: str) -> str:
    """Change the first match in the first tree, and the declared length of that tree with it."""
    whole = text()
    changed, times = re.subn(change, to, whole, count=1, flags=re.MULTILINE)
    assert times == 1 and changed != whole
    sizes = re.search(r"tree_sizes=(\d+)", whole)
    assert sizes is not None
    longer = int(sizes[1]) + len(changed) - len(whole)
    return changed.replace(sizes[0], f"tree_sizes={longer}", 1)


def test_what_lightgbm_writes_is_accepted_and_its_trees_are_handed_on() -> None:
    assert text().startswith(check(text()))
    rows = people()[0]
    np.testing.assert_array_equal(booster_from_text(check(text())).predict(rows), trees().booster.predict(rows))


def test_settings_of_the_fit_do_not_reach_lightgbm() -> None:
    assert "num_leaves: 6" in text() and "num_leaves: 6" not in check(text())


def test_a_stump_and_a_split_on_missing_alone_are_accepted() -> None:
    values = np.column_stack([np.where(np.arange(400) % 2, 1.0, np.nan), np.ones(400)]).astype(np.float32)
    outcome = (np.arange(400) % 2).astype(np.float32)
    told = {"objective": "binary", "num_leaves": 2, "min_data_in_leaf": 10, "num_threads": 1, "verbosity": -1}
    for label in (outcome, np.zeros(400, dtype=np.float32)):
        rows = lgb.Dataset(values, label, feature_name=["known", "same"])
        booster = lgb.train(told, rows, num_boost_round=2)
        checked_text(booster_text(booster).encode(), ("known", "same"), "model.txt")


@pytest.mark.parametrize(
    ("change", "to", "why"),
    [
        (r"^left_child=\S+", "left_child=77", "not reached exactly once"),
        (r"^left_child=\S+", "left_child=0", "not reached exactly once"),
        (r"^left_child=\S+", "left_child=-900", "not reached exactly once"),
        (r"^left_child=\S+", "left_child=99999999999999999999", "not reached exactly once"),
        (r"^right_child=(\S+) ", "right_child=", "not one number a split"),
        (r"^leaf_value=(\S+) ", "leaf_value=", "not one number a leaf"),
        (r"^leaf_value=\S+", "leaf_value=1e999", "not finite"),
        (r"^leaf_value=\S+", "leaf_value=1-2", "cannot be read"),
        (r"^split_feature=\S+", "split_feature=5", "not there"),
        (r"^split_feature=\S+", "split_feature=-1", "not there"),
        (r"^decision_type=\S+", "decision_type=1", "not numeric"),
        (r"^num_leaves=\d+", "num_leaves=7", "not one number"),
        (r"^num_leaves=\d+", "num_leaves=0", "0 leaves"),
        (r"^leaf_value=\S+", "leaf_value=1e9", "beyond 1,000"),
        (r"^leaf_count=\S+", "leaf_count=0", "nobody's"),
        (r"^leaf_count=\S+", "leaf_count=-5", "nobody's"),
        (r"^leaf_count=\S+", "leaf_count=999", "not those of its children"),
        (r"^internal_count=\S+", "internal_count=0", "nobody's"),
        (r"^shrinkage=\S+", "shrinkage=1-2", "cannot be read"),
        (r"^num_cat=0", "num_cat=1", "not of the form"),
        (r"^is_linear=0", "is_linear=1", "not of the form"),
        (r"^Tree=0", "Tree=3", "not of the length"),
    ],
)
def test_a_tree_that_would_harm_is_refused(change: str, to: str, why: str) -> None:
    with pytest.raises(BundleError, match=why):
        check(first_tree(change, to))


def test_a_cycle_is_refused() -> None:
    """Two splits that are each other's child are each reached once, but not from the root."""
    whole = text()
    left, right = re.search(r"left_child=(.*)", whole), re.search(r"right_child=(.*)", whole)
    assert left is not None and right is not None
    cycle = first_tree(re.escape(left[0]), "left_child=-1 2 1 -2 -3")
    cycle = cycle.replace(right[0], "right_child=3 -4 4 -5 -6", 1)
    longer = len(right[0]) - len("right_child=3 -4 4 -5 -6")
    size = re.search(r"tree_sizes=(\d+)", cycle)
    assert size is not None
    cycle = cycle.replace(size[0], f"tree_sizes={int(size[1]) - longer}", 1)
    with pytest.raises(BundleError, match="leads back"):
        check(cycle)


@pytest.mark.parametrize(
    ("change", "to"),
    [
        ("tree_sizes=", "tree_sizes=9"),
        ("num_class=1", "num_class=2"),
        ("max_feature_idx=4", "max_feature_idx=5"),
        ("objective=binary sigmoid:1", "objective=regression"),
        ("absence_rate spells", "spells absence_rate"),
        ("monotone_constraints=1 0", "monotone_constraints=1"),
        ("version=v4", "version=v4\nlinear_tree=1"),
        ("end of trees", "end of the trees"),
        ("end of parameters", ""),
    ],
)
def test_a_header_or_tail_that_was_edited_is_refused(change: str, to: str) -> None:
    assert change in text()
    with pytest.raises(BundleError, match=r"model\.txt"):
        check(text().replace(change, to, 1))


def test_text_cut_anywhere_is_refused() -> None:
    whole = text()
    for at in range(0, len(whole) - 30, 97):
        with pytest.raises(BundleError):
            check(whole[:at])


def test_no_change_of_a_character_gets_past_to_harm() -> None:
    """Whatever the check lets through, LightGBM reads and scores, or declines; the process lives."""
    draw = np.random.default_rng(3)
    whole = text()
    unknown = np.full((1, len(NAMES)), np.nan)
    for at, letter in zip(draw.integers(0, len(whole), 300), draw.choice(list("0123456789-. \n=ei"), 300), strict=True):
        with suppress(BundleError, LightGBMError, ValueError):
            changed = check(whole[:at] + letter + whole[at + 1 :])
            assert np.isfinite(lgb.Booster(model_str=changed).predict(unknown)).all()
