"""What a training leaves for later terms to be held against.

In:  the examples of the training, and what was fitted on them.
Out: `Reference`: a snapshot for each date of the kept model; what the tested model's risks promised on the test dates,
     and what came.
"""

from earlywarn.bundle.reference import Promise, Reference, Snapshot
from earlywarn.config import Config
from earlywarn.evaluate.ground import grounds_of
from earlywarn.evaluate.held_out import rows_on_test
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples
from earlywarn.model.recipe import names_of
from earlywarn.model.train import Trained
from earlywarn.monitor.describe import Edges, describe
from earlywarn.monitor.expected import promised_and_realised
from earlywarn.monitor.shares import edges_of


def reference_of(sources: Sources, examples: Examples, trained: Trained) -> Reference:
    """Describe the training's dates, and how well the tested model's risks foretold its own measures."""
    names = names_of(trained.recipe.features)
    values = examples.matrix.choose(names)
    edges = {name: edges_of(values[examples.kept, at]) for at, name in enumerate(names)}
    score_edges = edges_of(trained.test_risk)
    return Reference(
        edges=edges,
        score_edges=score_edges,
        dates=tuple(_snapshots(sources, examples, trained, edges, score_edges)),
        tested=_tested(examples, trained, sources.config),
    )


def _snapshots(
    sources: Sources, examples: Examples, trained: Trained, edges: Edges, score_edges: tuple[float, ...]
) -> list[Snapshot]:
    """Describe every date; scores stand where the tested model never saw the people."""
    found = []
    for day in examples.plan.kept:
        here = examples.matrix.rows(examples.on([day]))
        values = here.choose(tuple(edges))
        risk = trained.tested.risk(values) if day in examples.plan.test else None
        found.append(describe(sources, here.people, values, edges, risk, score_edges))
    return found


def _tested(examples: Examples, trained: Trained, config: Config) -> tuple[Promise, ...]:
    found = []
    for population, ground in grounds_of(**rows_on_test(examples, config)).items():
        rank, risk = trained.test_raw[ground.rows], trained.test_risk[ground.rows]
        for measure, kept in promised_and_realised(ground, rank, risk).items():
            found.append(Promise.model_validate({"population": population, "measure": measure} | kept))
    return tuple(found)
