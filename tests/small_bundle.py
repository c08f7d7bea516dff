"""A small real bundle: two hundred made-up people, five features, a handful of trees."""

from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn.bundle.manifest import About, Data, FeatureFile, FeatureRecord
from earlywarn.bundle.reference import ItemAnswers, Promise, Reference, Snapshot, WaveAnswers
from earlywarn.bundle.write import BundleContents
from earlywarn.config import AsOf, Config
from earlywarn.model.calibrate import Isotonic, Sigmoid
from earlywarn.model.fit import TreeModel, TreeSettings, fit_trees
from earlywarn.model.fitted import Fitted
from earlywarn.model.logistic import fit_logistic
from earlywarn.monitor.shares import edges_of, shares_of
from earlywarn.record.answers import Answers
from earlywarn.record.papers import papers
from earlywarn.record.run import Run
from earlywarn.surveys.instrument import Instrument, Item, Scale

NAMES = ("absence_rate", "spells", "belonging", "tenure", "never_known")
SETTINGS = TreeSettings(leaves=6, min_people=10, trees=4)

QUESTIONNAIRE = Instrument(
    name="pulse",
    audience="pupil",
    title="A short one",
    source="made up",
    answers=(1, 5),
    scales=(Scale(name="belonging", domain="school environment", label="belonging", high_means="I belong here"),),
    items=(Item(id="b1", scale="belonging", wording="I belong here"),),
)


@cache
def people() -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return features, some unknown and one never known, and outcomes."""
    draw = np.random.default_rng(7)
    values = draw.normal(size=(200, 5)).astype(np.float32)
    values[::7, 2] = np.nan
    values[:, 4] = np.nan
    return values, values[:, 0] + draw.normal(size=200) > 0


def trees(seed: int = 1) -> TreeModel:
    values, outcome = people()
    rows = slice(None) if seed == 1 else slice(0, 150)
    return TreeModel(fit_trees(values[rows], outcome[rows], SETTINGS, NAMES, (1, 0, -1, 0, 0), seed, threads=1))


def metrics() -> dict[str, Any]:
    auc = {"value": 0.8123, "low": 0.7, "high": 0.9, "n": 200, "positives": 90, "status": "ok"}
    unknown = {"value": None, "low": None, "high": None, "n": 200, "positives": 90, "status": "not estimable"}
    gain = {"value": 0.02, "low": -0.01, "high": 0.05, "smallest_shown": 0.04, "claimed": False}
    contenders = {"model": {"auc": auc, "recall": unknown}, "rate_to_date": {"auc": auc | {"value": 0.79}}}
    return {
        "headline": ["40 places reach 23 of 90."],
        "base_rate": 0.45,
        "populations": {"everyone": contenders, "onset": contenders},
        "gains": {"everyone": {"rate_to_date": {"auc": gain}}},
    }


def reference() -> Reference:
    """Return what the data of two dates looked like: the same people, one wave, one school's codes."""
    values, _ = people()
    edges = {name: edges_of(values[:, at]) for at, name in enumerate(NAMES)}
    item = ItemAnswers(item="b1", n=150, mean=6.2, spread=2.5, shares=(0.1, 0.15, 0.2, 0.3, 0.25))
    wave = WaveAnswers(
        instrument="pulse", closes_on=date(2025, 10, 10), asked=200, responded=0.75, response={"1": 0.75}, items=(item,)
    )
    one = Snapshot(
        as_of=date(2024, 11, 4),
        place=7,
        people=200,
        features={name: shares_of(values[:, at], edges[name]) for at, name in enumerate(NAMES)},
        scatter=dict.fromkeys(NAMES, 0.05),
        scores=(),
        mean_risk=None,
        codes={"1": {"I": 0.6, "L": 0.3, "other": 0.1}},
        code_errors={"1": {"I": 0.02, "L": 0.02, "other": 0.01}},
        waves=(wave,),
    )
    later = one.model_copy(update={"as_of": date(2025, 11, 3), "scores": (0.5, 0.5, 0.0), "mean_risk": 0.45})
    tested = Promise(population="everyone", measure="auc", expected=0.81, realised=0.8123, error=0.02)
    return Reference(edges=edges, score_edges=(0.4,), dates=(one, later), tested=(tested,))


def contents(logistic: bool = False, **changed: Any) -> BundleContents:
    """Return what a run would hand over; `changed` replaces parts of it."""
    values, outcome = people()
    kept, tested = (fit_logistic(values, outcome, NAMES, penalty=0.03),) * 2 if logistic else (trees(1), trees(2))
    said: dict[str, Any] = {
        "config": Config(name="pupil-absence", as_of=AsOf(weeks_of_year=(7, 19))),
        "kept": Fitted(kept, Isotonic(x=(-2.0, 0.1, 2.0), y=(0.05, 0.3, 0.9))),
        "tested": Fitted(tested, Sigmoid(slope=1.1, intercept=-0.2)),
        "features": tuple(_feature(name) for name in NAMES),
        "instruments": (QUESTIONNAIRE,),
        "trained": (date(2024, 11, 4), date(2025, 11, 3)),
        "tested_on": (date(2025, 11, 3),),
        "serves": (7, 19),
        "data": Data(digest="d" * 64, first_day=date(2023, 9, 4), today=date(2026, 7, 21)),
        "metrics": metrics(),
        "audit": {"reading": ["No group could be shown to be served worse."], "rows": []},
        "audit_csv": "measure,value\nauc,0.8\n",
        "reference": reference(),
        "pages": lambda about: _pages(about, said | changed),
    }
    return BundleContents(**(said | changed))


def _pages(about: About, said: dict[str, Any]) -> dict[str, str]:
    features = FeatureFile(features=said["features"], instruments=said["instruments"])
    written = papers(Run(about, features, said["metrics"], said["audit"]), Answers())
    return {"report.html": f"<p>version {about.version}</p>", "audit.html": "<p>for whom</p>"} | written


def _feature(name: str) -> FeatureRecord:
    return FeatureRecord(
        name=name,
        theme="engagement and relationships" if name == "belonging" else "absence this year",
        block="attendance",
        unit="share",
        means=f"What is known of {name}",
        when_empty="not known",
    )
