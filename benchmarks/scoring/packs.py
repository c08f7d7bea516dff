"""Write the packs of 200 schools of 500 pupils, with lists, year groups, sheets, tables and the log.

In:  the folder of `pupils.made`.
Out: seconds, on the clock and of the processors, from scores with reasons to written packs, and how large they are.
"""

import tempfile
from datetime import timedelta
from pathlib import Path

import pandas as pd

from earlywarn.explain.reasons import explain
from earlywarn.explain.words import load_book
from earlywarn.features.build import Matrix
from earlywarn.model.calibrate import Sigmoid
from earlywarn.model.fit import TreeModel, booster_from_text
from earlywarn.phrases import happening
from earlywarn.report.about import PackAbout
from earlywarn.report.contents import PackContents
from earlywarn.report.pack import write_packs
from earlywarn.score.list_log import new_log
from earlywarn.score.lists import score_frame
from earlywarn.score.people import with_reasons
from earlywarn.score.since import LEFT

from .pupils import A_SCHOOL, AS_OF, features, made, questionnaires
from .reasons import CONFIG, Measured, timed


def packs(folder: Path) -> Measured:
    """Time the packs alone; the scores are made before."""
    contents, parts = made_contents(folder), Measured()
    with tempfile.TemporaryDirectory() as out:
        with timed("all", parts):
            written = write_packs(contents, Path(out))
        files = [path.stat().st_size for path in Path(out).rglob("*.*") if path.is_file()]
    sizes = {"packs": len(written), "files": len(files), "megabytes": round(sum(files) / 1e6, 1)}
    return parts | sizes | {"pupils": A_SCHOOL, "listed": int(contents.scores["listed"].sum())}


def made_contents(folder: Path) -> PackContents:
    """Return what the packs are made from, as a scoring has it without an earlier list."""
    found = made(folder)
    model = TreeModel(booster_from_text(found.trees))
    raw = model.raw_score(found.values)
    matrix = Matrix(found.people, features(), found.values)
    scores = score_frame(matrix, raw, Sigmoid(1.0, 0.0).apply(raw), CONFIG, "1")
    listed = scores["listed"].to_numpy(bool)
    added = model.contributions(found.values[listed])
    told = explain(added, found.values, features(), found.people, listed, "pupils", load_book(), questionnaires())
    scores = with_reasons(scores, told).assign(
        unlike_training=False,
        unlike_why="",
        since=pd.Series([[] for _ in listed], dtype=object),
        new=pd.Series([None for _ in listed], dtype=object),
    )
    return PackContents(scores, _about(), pd.DataFrame(columns=list(LEFT)), (), {}, new_log(scores))


def _about() -> PackAbout:
    return PackAbout(
        name=CONFIG.name,
        model_version="1",
        as_of=AS_OF,
        outcome_words=happening(CONFIG.outcome),
        school_names={},
        places_words="Each list holds 5% of the school's roll, at least 5.",
        sure=("Made-up numbers: nothing is sure.",),
        delete_by=AS_OF + timedelta(days=CONFIG.report.keep_days),
        data_to=AS_OF,
    )
