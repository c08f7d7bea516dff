"""The model in use, as it was kept, among the contenders: is the new one better than what the schools have?

In:  the folder of models with its decisions, the sources and the examples of this run.
Out: `Champion`: its scores of the test rows, or why it takes no part.

It is judged only on people and dates that it did not learn from: all its outcomes had settled before the first test.
"""

from dataclasses import dataclass
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
    """The model in use as a contender, one or none; and in words why it takes no part, where one was promoted."""

    contenders: tuple[Contender, ...] = ()
    why_not: str = ""


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
    if unfair := _unfair(bundle, sources, examples):
        return _absent(version, unfair)
    try:
        features = tuple(remade(record, bundle.instruments, config.population) for record in bundle.features)
    except KeyError:
        return _absent(version, "it needs a feature that this version of earlywarn does not compute")
    with step("Scoring with the model in use"):
        return Champion((_scored(version, bundle, features, sources, examples),))


def _absent(version: int, why: str) -> Champion:
    return Champion(why_not=f"The model in use (version {version}) takes no part in the contest: {why}.")


def _unfair(bundle: Bundle, sources: Sources, examples: Examples) -> str:
    """Return why the champion cannot compete with a model that was fitted on the training rows alone; "" if it can."""
    config, first_test = sources.config, min(examples.plan.test)
    if bundle.manifest.outcome != config.outcome:
        return "it predicts another outcome"
    fitted_on = bundle.manifest.trained
    closes = [closes_on(config, sources.calendars, day) for day in fitted_on]
    if max(fitted_on) >= first_test or any(closing is not None and closing >= first_test for closing in closes):
        return f"it was fitted on dates up to {max(fitted_on)}, so it has seen outcomes that the test asks about"
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
