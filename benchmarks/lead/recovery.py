"""Does the study find what was planted? A hundred made-up trusts of 60 schools in each of three countries.

    python -m benchmarks.lead.schools        the schools, first
    python -m benchmarks.lead.recovery none usual planted [--share 0 2]

In:  the countries of `schools`: engagement has no effect; the default effect; twice that, in one domain and after
     some weeks.
Out: a line of JSON in `results/lead_recovery.jsonl` for every number that a trust's study would tell.

A trust is 60 schools of its country. It learns from one year and is tested on the next, as a study does. In the first
two countries the one test is put: what does the level of answers add to everything known without it, for everyone?
With an effect, what is true of the same two fitted models is seen on 400 other schools of the country, in the same
year.
In the third country each domain is asked what it adds alone, and each horizon what answers add ahead of it; there each
model is one fit, not the mean of some as in a study, to save time.

Trusts without an effect have no school in common: what chance gives to one is given to no other. The others are dealt
from the schools of their country: two of them share one in thirteen of their schools, of the planted ones one in six.
Settings of the trees are tuned once, on schools that no trust has.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from time import perf_counter
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import Places
from earlywarn.evaluate.compare import gain_of
from earlywarn.evaluate.ground import grounds_of, replicated
from earlywarn.evaluate.intervals import Gain, by_date
from earlywarn.evaluate.measures import auc
from earlywarn.features.feature import Feature
from earlywarn.model.fit import TreeSettings
from earlywarn.model.folds import by_group
from earlywarn.model.recipe import Trees, choose_recipe, names_of, steady_features
from earlywarn.progress import be_quiet
from earlywarn.study.ladder import LEVEL, PARTICIPATION, Rung, ladder
from earlywarn.study.steps import FITS, fits_of

from ..lines import DECIMALS, keep, rounded, rows_of
from ..models.recipes import RESULTS
from .schools import (
    EVERYONE,
    HORIZONS,
    NEXT_YEAR,
    NONE,
    ONSET,
    PLANTED,
    SCHOOLS,
    THIS_YEAR,
    TUNING,
    USUAL,
    WHAT_IS_PLANTED,
    Part,
    Rows,
    features,
    load,
    the_config,
)

FOUND, SETTINGS = RESULTS / "lead_recovery.jsonl", RESULTS / "lead_settings.json"
REPEATS = 100
HALVES_OF_A_TRUST = 3  # of 20 schools each
HALVES_ELSEWHERE = 20  # on which is seen what is true of a trust's models: 400 schools
PERSONS = 100_000  # more than a part ever meets
POPULATIONS = (EVERYONE, ONSET)
AT_ONCE = 100_000  # rows
SCALES = ("cognitive", "emotional", "behavioural", "belonging", "adults")

Half = tuple[Part, int]
Scores = NDArray[np.float64]


class Row(TypedDict):
    """One number of one trust's study; None is "not estimable", and `true` is told of the one test alone.

    question : `test`, a scale of the questionnaire, or a horizon's number of weeks.
    planted  : the domain and the weeks after which it acts; "" where none was singled out.
    """

    country: str
    seed: int
    question: str
    population: str
    planted: str
    value: float | None
    low: float | None
    high: float | None
    smallest_shown: float | None
    true: float | None
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("countries", nargs="*", default=["none", "usual", "planted"])
    parser.add_argument("--share", type=int, nargs=2, default=(0, 1), help="0 2 and 1 2: half each, side by side")
    given = parser.parse_args()
    be_quiet()
    settings = settings_of()
    mine, of = given.share
    done = {(row["country"], row["seed"]) for row in rows_of(FOUND)}
    for country in given.countries:
        for seed in range(1 + mine, REPEATS + 1, of):
            if (country, seed) not in done:
                keep(found := study(country, seed, settings), FOUND)
                print("\n".join(map(in_words, found)), flush=True)


def settings_of() -> TreeSettings:
    """Return the settings of the trees, tuned and kept if they are not known yet."""
    if not SETTINGS.exists():
        SETTINGS.write_text(json.dumps(asdict(_tuned()), indent=1) + "\n", encoding="utf-8", newline="\n")
    return TreeSettings(**json.loads(SETTINGS.read_text(encoding="utf-8")))


def _tuned() -> TreeSettings:
    """Return the settings that a study chooses on 60 schools that are nobody else's."""
    rows = together([(TUNING[0], 0), (TUNING[0], 1), (TUNING[1], 0)])
    train, config = rows[rows_on(rows, THIS_YEAR)], the_config()
    used, _ = steady_features(train.values, train.values, features())
    folds = by_group(train.school.astype(object), config.model.folds)
    recipe = choose_recipe(
        _columns(train, used), train.outcome[:, 0] > 0, folds, used, config.model, None,
        lambda trial, best: print(f"trial {trial}: best log loss {best:.5f}", flush=True),
    )  # fmt: skip
    assert isinstance(recipe, Trees)  # there are thousands of pupils with the outcome
    return recipe.settings


def study(country: str, seed: int, settings: TreeSettings) -> list[Row]:
    """Return what the study of one trust tells."""
    began = perf_counter()
    found = list(_planted(seed, settings) if country == "planted" else _tested(country, seed, settings))
    seconds = round(perf_counter() - began, 1)
    return [Row(**{**row, "seconds": seconds}) for row in found]


def _tested(country: str, seed: int, settings: TreeSettings) -> Iterator[Row]:
    """Yield the one test of a trust, beside what is true of its two models on the country's other schools."""
    mine, others = (apart(seed), []) if country == "none" else dealt(USUAL, country, seed)
    train, test = _years(together(mine))
    fresh = [_years(together([half]))[1] for half in others[:HALVES_ELSEWHERE]]
    ours, elsewhere = [], []
    for recipe in recipes_of(train, test, settings):
        on_test, *on_fresh = _averaged(recipe, train, (test, *fresh))
        ours.append(on_test)
        elsewhere.append(on_fresh)
    for population in POPULATIONS:
        gain = gain_on(test, 0, population, ours[1], ours[0])
        true = _true_gain(fresh, population, elsewhere[1], elsewhere[0]) if fresh else None
        yield _row(country, seed, "test", population, "", gain, true)


def _planted(seed: int, settings: TreeSettings) -> Iterator[Row]:
    """Yield what each scale adds alone, and what answers add ahead of each horizon."""
    domain, weeks = WHAT_IS_PLANTED[seed % len(WHAT_IS_PLANTED)]
    planted = f"{domain} after {weeks}"
    parts = [part for part in PLANTED if (part.domains, part.lead_weeks) == ((domain,), weeks)]
    train, test = _years(together(dealt(parts, planted, seed)[0]))
    lower, upper = recipes_of(train, test, settings)
    without = _fitted(lower, train, test, 0)
    for scale in SCALES:
        alone = replace(lower, features=(*lower.features, *(one for one in upper.features if _is_of(one, scale))))
        gain = gain_on(test, 0, EVERYONE, _fitted(alone, train, test, 0), without)
        yield _row("planted", seed, scale, EVERYONE, planted, gain, None)
    for number, ahead in enumerate(HORIZONS, start=1):
        then, now = (rows[~np.isnan(rows.outcome[:, number])] for rows in (train, test))
        silent, told = (_fitted(recipe, then, now, number) for recipe in (lower, upper))
        gain = gain_on(now, number, EVERYONE, told, silent)
        yield _row("planted", seed, str(ahead), EVERYONE, planted, gain, None)


def _is_of(feature: Feature, scale: str) -> bool:
    return feature.name.startswith(f"pupil_{scale}")


def apart(seed: int) -> list[Half]:
    """Return the halves of parts of a trust without an effect: no other trust has them."""
    halves = [(part, number) for part in NONE for number in (0, 1)]
    return halves[HALVES_OF_A_TRUST * (seed - 1) :][:HALVES_OF_A_TRUST]


def dealt(parts: Sequence[Part], country: str, seed: int) -> tuple[list[Half], list[Half]]:
    """Return the halves of parts that make up a trust, and all others of its country."""
    halves = [(part, number) for part in parts for number in (0, 1)]
    order = np.random.default_rng([seed, *country.encode()]).permutation(len(halves))
    places = order[:HALVES_OF_A_TRUST], order[HALVES_OF_A_TRUST:]
    mine, others = ([halves[place] for place in chosen] for chosen in places)
    return mine, others


def together(halves: Sequence[Half]) -> Rows:
    """Return the rows of some halves of parts, schools and pupils numbered through."""
    pieces = []
    for number, (part, which) in enumerate(halves):
        rows = load(part)
        rows = rows[rows.school % 2 == which]
        pieces.append(
            replace(rows, school=rows.school + SCHOOLS * number, person=rows.person + PERSONS * number)
        )  # fmt: skip
    names = vars(pieces[0])
    return Rows(**{name: np.concatenate([getattr(rows, name) for rows in pieces]) for name in names})


def rows_on(rows: Rows, dates: Sequence[object]) -> NDArray[np.bool_]:
    return np.isin(rows.date, np.array(dates, "datetime64[D]"))


def _years(rows: Rows) -> tuple[Rows, Rows]:
    """Return the rows to learn from and those to be tested on."""
    return rows[rows_on(rows, THIS_YEAR)], rows[rows_on(rows, NEXT_YEAR)]


def recipes_of(train: Rows, test: Rows, settings: TreeSettings) -> tuple[Trees, Trees]:
    """Return the recipes of the two rungs: all that is known without the answers, and with their level."""
    used, _ = steady_features(train.values, test.values, features())
    rungs: dict[str, Rung] = {rung.name: rung for rung in ladder(used)}
    lower, upper = (
        Trees(rungs[name].features, settings, trials=(), seed=1) for name in (PARTICIPATION, LEVEL)
    )  # fmt: skip
    return lower, upper


def _averaged(recipe: Trees, train: Rows, tests: Sequence[Rows]) -> list[Scores]:
    """Return the scores of several sets of rows by the mean of some fits, as a study takes it."""
    totals = [np.zeros(len(rows)) for rows in tests]
    for once in fits_of(recipe):
        model = once.fit(_columns(train, once.features), train.outcome[:, 0] > 0)
        for total, rows in zip(totals, tests, strict=True):
            total += _scored(once, model, rows) / FITS
    return totals


def _fitted(recipe: Trees, train: Rows, test: Rows, outcome: int) -> Scores:
    """Return the scores of the test rows by a model of one of the outcomes."""
    model = recipe.fit(_columns(train, recipe.features), train.outcome[:, outcome] > 0)
    return _scored(recipe, model, test)


def _scored(recipe: Trees, model: object, rows: Rows) -> Scores:
    pieces = [slice(first, first + AT_ONCE) for first in range(0, len(rows), AT_ONCE)]
    place = _places(recipe.features)
    return np.concatenate(
        [model.raw_score(np.ascontiguousarray(rows.values[piece][:, place])) for piece in pieces]  # type: ignore[attr-defined]
    )


def _columns(rows: Rows, used: Sequence[Feature]) -> NDArray[np.float32]:
    return np.ascontiguousarray(rows.values[:, _places(used)])


def _places(used: Sequence[Feature]) -> list[int]:
    known = names_of(features())
    return [known.index(name) for name in names_of(used)]


def populations_of(rows: Rows) -> dict[str, NDArray[np.bool_]]:
    return {EVERYONE: np.ones(len(rows), bool), ONSET: rows.onset}


def gain_on(test: Rows, outcome: int, population: str, ours: Scores, theirs: Scores) -> Gain:
    """Return a gain in AUC as a study tells it."""
    ground = grounds_of(
        outcome=test.outcome[:, outcome] > 0, school=test.school, person=test.person, as_of=test.date,
        populations={population: populations_of(test)[population]}, places=Places(),
    )[population]  # fmt: skip
    with_them, without = (
        replicated(ground, scores[ground.rows], ground.listed(scores[ground.rows]), None) for scores in (ours, theirs)
    )
    return gain_of("auc", with_them, without)


def _true_gain(fresh: Sequence[Rows], population: str, ours: Sequence[Scores], theirs: Sequence[Scores]) -> float:
    """Return the difference in AUC of two fitted models on other schools, by date as a study takes it."""
    here = np.concatenate([populations_of(rows)[population] for rows in fresh])
    outcome = np.concatenate([rows.outcome[:, 0] > 0 for rows in fresh])[here]
    day = np.concatenate([rows.date for rows in fresh])[here]
    with_them, without = (_by_date(outcome, np.concatenate(scores)[here], day) for scores in (ours, theirs))
    return with_them - without


def _by_date(outcome: NDArray[np.bool_], scores: Scores, day: NDArray[np.datetime64]) -> float:
    return by_date(lambda weight: auc(outcome, scores, weight), day)(np.ones(len(outcome)))


def _row(country: str, seed: int, question: str, population: str, planted: str, gain: Gain, true: float | None) -> Row:
    return Row(
        country=country,
        seed=seed,
        question=question,
        population=population,
        planted=planted,
        value=rounded(gain.value),
        low=rounded(gain.low),
        high=rounded(gain.high),
        smallest_shown=rounded(gain.smallest_shown),
        true=None if true is None else round(true, DECIMALS),
        seconds=0.0,
    )


def in_words(row: Row) -> str:
    planted = f", planted {row['planted']}" if row["planted"] else f", true {row['true']}"
    where = f"{row['country']} {row['seed']}, {row['question']}, {row['population']}"
    return f"{where}: {row['value']} ({row['low']} to {row['high']}){planted}, {row['seconds']} s"


if __name__ == "__main__":
    main()
