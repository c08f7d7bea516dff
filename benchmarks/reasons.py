"""Do the reasons of listed people stay the same when the model is fitted with another seed?

    python -m benchmarks.reasons

In:  one made-up trust of 20 schools and 8,000 pupils with all its tables, and ten seeds. The settings of the trees are
     those that a training chose on another such trust (`results/engagement_settings.json`).
Out: `results/reasons.json`, and its table as the documentation shows it.

Each seed's model is fitted on the same training rows, lists the pupils of the last test date as a scoring does, and
gives its reasons. A pair of seeds shares, of a pupil's first three themes, those that both name; where one names fewer,
of as many as the longer of the two has. `by sum` are the three themes that add most, `told` those of the reasons that a
school reads. How much two different pupils of one list share is the yardstick.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import load_config
from earlywarn.explain.reasons import explain
from earlywarn.explain.themes import CHARACTERISTICS, sum_by_theme
from earlywarn.explain.words import load_book
from earlywarn.features.build import Matrix
from earlywarn.model import Model
from earlywarn.model.examples import Examples
from earlywarn.model.fit import TreeSettings
from earlywarn.model.recipe import Trees, names_of
from earlywarn.paths import shipped_instruments
from earlywarn.progress import be_quiet, each
from earlywarn.score.lists import score_frame
from earlywarn.simulate import Plan
from earlywarn.surveys.instrument import load_instruments

from .engagement import CONFIG as CONFIG_FILE
from .engagement import RESULTS, SETTINGS, gather, recipe_for

FOUND = RESULTS.with_name("reasons.json")
CONFIG = load_config(CONFIG_FILE)
INSTRUMENTS = tuple(load_instruments(shipped_instruments()).values())
TRUST = Plan(schools=20, pupils=8_000, seed=1001)
SEEDS = range(1, 11)
FIRST = 3  # themes

Themes = tuple[str, ...]


@dataclass(frozen=True)
class Given:
    """What one seed's model gives the people of one date.

    listed : (people,) who stands on its lists.
    themes : by how they are chosen, the first three themes of everyone whom some seed lists.
    """

    listed: NDArray[np.bool_]
    themes: Mapping[str, Sequence[Themes]]


def main() -> None:
    be_quiet()
    examples, _ = gather(TRUST, CONFIG)
    be_quiet(False)
    found: dict[str, dict[str, float]] = {
        "trust": {"schools": TRUST.schools, "pupils": TRUST.pupils, "seeds": len(SEEDS)},
        **study(examples),
    }
    FOUND.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")
    print("\n".join(table(found)))


def study(examples: Examples) -> dict[str, dict[str, float]]:
    """Fit the recipe with every seed, and compare the reasons of each pair."""
    recipe = recipe_for(examples, CONFIG, TreeSettings(**json.loads(SETTINGS.read_text(encoding="utf-8"))))
    people = examples.matrix.rows(examples.on(examples.plan.test[-1:]))
    models = [fitted(replace(recipe, seed=seed), examples) for seed in each("Fitting", SEEDS)]
    lists = [listed_by(model, recipe, people) for model in models]
    asked = np.any(lists, axis=0)
    given = [
        Given(listed, first_themes(model, recipe, people, asked))
        for model, listed in zip(models, each("Explaining", lists), strict=True)
    ]
    return {how: shared(given, asked, how) for how in ("told", "by sum")} | {"lists": about_lists(given)}


def fitted(recipe: Trees, examples: Examples) -> Model:
    values, happened = examples.matrix.choose(names_of(recipe.features)), examples.then.outcome > 0
    return recipe.fit(values[examples.training], happened[examples.training])


def listed_by(model: Model, recipe: Trees, people: Matrix) -> NDArray[np.bool_]:
    """Return whom a model lists."""
    raw = model.raw_score(people.choose(names_of(recipe.features)))
    return score_frame(people, raw, 1 / (1 + np.exp(-raw)), CONFIG, "0")["listed"].to_numpy(bool)


def first_themes(
    model: Model, recipe: Trees, people: Matrix, asked: NDArray[np.bool_]
) -> Mapping[str, tuple[Themes, ...]]:
    """Return the first three themes of the people asked for: of the reasons that are told, and of the sums."""
    values = people.choose(names_of(recipe.features))
    added = model.contributions(values[asked])
    told = explain(added, values, recipe.features, people.people, asked, "pupils", load_book(), INSTRUMENTS)
    sums = sum_by_theme(added, recipe.features)
    return {
        "told": tuple(tuple(dict.fromkeys(reason.theme for reason in one.reasons))[:FIRST] for one in told),
        "by sum": tuple(largest(row, sums.themes) for row in sums.added),
    }


def largest(sums: NDArray[np.float64], themes: Sequence[str]) -> Themes:
    """Return the themes that add most, of those that may be a reason."""
    order = [place for place in np.argsort(-sums, kind="stable") if sums[place] > 0]
    return tuple(themes[place] for place in order if themes[place] != CHARACTERISTICS)[:FIRST]


def shared(given: Sequence[Given], asked: NDArray[np.bool_], how: str) -> dict[str, float]:
    """Return the share of first themes that pairs of seeds have in common, the mean over people and pairs."""
    first = given[0].listed[asked]
    pairs = list(combinations(given, 2))
    return {
        "of the first seed's list": mean(_alike(*pair, how, first) for pair in pairs),
        "of those whom both list": mean(_alike(*pair, how, (pair[0].listed & pair[1].listed)[asked]) for pair in pairs),
        "of those whom any lists": mean(_alike(*pair, how, np.ones_like(first)) for pair in pairs),
        "the least of a pair": min(_alike(*pair, how, first) for pair in pairs),
        "the same first theme": mean(_same_first(*pair, how, first) for pair in pairs),
        "of two different pupils": mean(_alike(one, _others(one, first), how, first) for one in given),
    }


def _alike(one: Given, other: Given, how: str, chosen: NDArray[np.bool_]) -> float:
    return mean(len({*a} & {*b}) / max(len(a), len(b), 1) for a, b in _beside(one, other, how, chosen))


def _same_first(one: Given, other: Given, how: str, chosen: NDArray[np.bool_]) -> float:
    return mean(a[:1] == b[:1] for a, b in _beside(one, other, how, chosen))


def _others(given: Given, chosen: NDArray[np.bool_]) -> Given:
    """Return the same, with each chosen person's themes those of the next one: what is shared without any reason."""
    rows = np.flatnonzero(chosen)
    source = np.arange(len(chosen))
    source[rows] = np.roll(rows, 1)
    return replace(given, themes={how: [themes[int(row)] for row in source] for how, themes in given.themes.items()})


def _beside(one: Given, other: Given, how: str, chosen: NDArray[np.bool_]) -> Iterator[tuple[Themes, Themes]]:
    """Yield the themes of each chosen person from two seeds, but for those to whom neither gives any."""
    for a, b, is_chosen in zip(one.themes[how], other.themes[how], chosen, strict=True):
        if is_chosen and (a or b):
            yield a, b


def about_lists(given: Sequence[Given]) -> dict[str, float]:
    """Return how many people are listed, and how much of a list two seeds share."""
    pairs = combinations(given, 2)
    return {
        "people on the first seed's list": int(given[0].listed.sum()),
        "people whom any seed lists": int(np.any([one.listed for one in given], axis=0).sum()),
        "share of a list that another seed lists too": mean(
            float((one.listed & other.listed).sum() / one.listed.sum()) for one, other in pairs
        ),
    }


def table(found: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Yield the lines of the table in the documentation."""
    yield "| share of a pupil's first three themes that two seeds have in common | as told | by their sums |"
    yield "|---|---|---|"
    for what in found["told"]:
        yield f"| {what} | {found['told'][what]:.1%} | {found['by sum'][what]:.1%} |"


if __name__ == "__main__":
    main()
