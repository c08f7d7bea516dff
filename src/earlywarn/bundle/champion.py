"""The model in use, as it was kept, beside a new one: is the new one better than what the schools have?

In:  the folder of models with its decisions, the sources and the examples of this run.
Out: `Champion`: its scores of the test rows, the dates on which it may be judged by them, or why it takes no part.

It is judged only on people and dates that it did not learn from: all its outcomes had settled before such a date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from earlywarn.bundle.decisions import champion
from earlywarn.bundle.read import Bundle, read_version
from earlywarn.errors import BundleError
from earlywarn.features.build import build_matrix
from earlywarn.features.catalogue import remade
from earlywarn.features.feature import Feature
from earlywarn.features.gather import Sources
from earlywarn.labels import closes_on
from earlywarn.model.contenders import Contender
from earlywarn.model.examples import Examples
from earlywarn.progress import step


@dataclass(frozen=True)
class Champion:
    """The model in use, beside a new one.

    version : None while none was promoted.
    scored  : what it says of the test rows; None where it cannot say anything.
    unseen  : the test dates before which everything that it learnt from had settled.
    why_not : in words why it takes no part in the contest of the test dates, where one was promoted; else "".
    """

    version: int | None = None
    scored: Contender | None = None
    unseen: tuple[date, ...] = ()
    why_not: str = ""

    @property
    def contenders(self) -> tuple[Contender, ...]:
        """The model in use as a contender on all test dates: one or none."""
        return () if self.scored is None or self.why_not else (self.scored,)


def enter_champion(models: Path, sources: Sources, examples: Examples) -> Champion:
    """Score the test rows with the champion, or say why it would not be a fair contest."""
    config = sources.config
    version = champion(models, config.name)
    if version is None:
        return Champion()
    try:
        bundle = read_version(models, config.name, version)
    except BundleError:
        return _absent(version, "its bundle is missing or damaged")
    unseen = unseen_dates(bundle, sources, examples.plan.test)
    if unlike := _unlike(bundle, sources, examples):
        return _absent(version, unlike)
    if not unseen:
        return _absent(version, _seen(bundle))
    try:
        features = tuple(remade(record, bundle.instruments, config.population) for record in bundle.features)
    except KeyError:
        return _absent(version, "it needs a feature that this version of earlywarn does not compute")
    with step("Scoring with the model in use"):
        scored = _scored(version, bundle, features, sources, examples)
    why_not = "" if unseen == examples.plan.test else _says(version, _seen(bundle))
    return Champion(version, scored, unseen, why_not)


def unseen_dates(bundle: Bundle, sources: Sources, dates: Sequence[date]) -> tuple[date, ...]:
    """Return the dates before which all that a bundle's kept model was fitted on had settled."""
    fitted_on = bundle.manifest.trained
    closes = [closes_on(sources.config, sources.calendars, day) for day in fitted_on]
    last = max([*fitted_on, *(closing for closing in closes if closing is not None)])
    return tuple(day for day in dates if day > last)


def _absent(version: int, why: str) -> Champion:
    return Champion(version, why_not=_says(version, why))


def _says(version: int, why: str) -> str:
    return f"The model in use (version {version}) takes no part in the contest: {why}."


def _seen(bundle: Bundle) -> str:
    last = max(bundle.manifest.trained)
    return f"it was fitted on dates up to {last}, so it has seen outcomes that the test asks about"


def _unlike(bundle: Bundle, sources: Sources, examples: Examples) -> str:
    """Return why the champion cannot be held against a model of these data; "" if it can."""
    if bundle.manifest.outcome != sources.config.outcome:
        return "it predicts another outcome"
    if lacking := {one.theme for one in bundle.features} - {one.theme for one in examples.matrix.features}:
        return f"these data have nothing of what it looks at: {', '.join(sorted(lacking))}"
    return ""


def _scored(
    version: int, bundle: Bundle, features: tuple[Feature, ...], sources: Sources, examples: Examples
) -> Contender:
    there = examples.on(examples.plan.test)  # everyone on the rolls: some features compare a person with the others
    matrix = build_matrix(sources, examples.people[there].reset_index(drop=True), features)
    raw = bundle.kept.model.raw_score(matrix.values[examples.test[there]])
    return Contender("champion", f"the model in use (version {version})", raw, bundle.kept.calibration.apply(raw))
