"""Help inside the outcome window: who counts as helped, what may be shown of them, and what the report says."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from earlywarn.cohort import cohort
from earlywarn.config import Config, Places
from earlywarn.evaluate import helped as module
from earlywarn.evaluate.helped import NO_EFFECT, helped_in_window, helped_on_test
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples
from earlywarn.model.train import Trained
from earlywarn.report.helped import helped as section
from earlywarn.report.model_report import render_model_report
from made_up_facts import report_facts
from text_school import BEECH, marks, pupils, school

AS_OF = date(2024, 10, 7)
PUPILS = pupils(f"ann {BEECH} 5 2023-09-04\nben {BEECH} 6 2023-09-04\neve {BEECH} 6 2023-09-04")
MARKS = marks(f"ann {BEECH} 2024-09-09 // // // // //\nben {BEECH} 2024-11-18 // // // // //")
STAFF = f"person_id,school_id,role,contract,joined_on,left_on\nann,{BEECH},teacher,permanent,2020-09-01,\n"
TERM = {"name": "autumn", "starts": date(2024, 9, 2), "ends": date(2024, 12, 20)}
ONE_TERM = {"outcome": {"window": "weeks", "weeks": 4}, "terms": [TERM]}


def helped(folder: Path, *begun: str) -> dict[str, bool] | None:
    """Return who counts as helped on 7 October, for four weeks."""
    rows = "person_id,population,kind,starts_on,ends_on\n" + "".join(f"{row}\n" for row in begun)
    with school(folder, config=ONE_TERM, pupils=PUPILS, attendance=MARKS, staff=STAFF, interventions=rows) as sources:
        people = cohort(sources.store, sources.config, AS_OF)
        found = helped_in_window(sources, people)
    return None if found is None else dict(zip(people["person_id"], found.tolist(), strict=True))


def test_help_counts_from_the_morning_to_the_end_of_the_window(tmp_path: Path) -> None:
    found = helped(
        tmp_path,
        "ann,pupils,mentoring,2024-10-07,",
        "ben,pupils,mentoring,2024-10-06,",
        "eve,pupils,mentoring,2024-11-18,",
    )
    assert found == {"ann": True, "ben": False, "eve": False}


def test_help_before_and_again_inside_counts(tmp_path: Path) -> None:
    found = helped(tmp_path, "ann,pupils,mentoring,2024-09-16,2024-09-20", "ann,pupils,visit,2024-10-14,")
    assert found == {"ann": True, "ben": False, "eve": False}


def test_help_of_a_member_of_staff_with_the_same_id_does_not(tmp_path: Path) -> None:
    assert helped(tmp_path, "ann,staff,coaching,2024-10-14,") is None


def test_without_the_table_nothing_is_said(tmp_path: Path) -> None:
    with school(tmp_path, config=ONE_TERM, pupils=PUPILS, attendance=MARKS) as sources:
        assert helped_in_window(sources, cohort(sources.store, sources.config, AS_OF)) is None


def on_test(monkeypatch: pytest.MonkeyPatch, of_onset: int, of_already: int) -> dict[str, Any]:
    """Return the facts of 600 pupils of either list, of whom so many were helped."""
    n, rng = 1200, np.random.default_rng(1)
    raw = rng.standard_normal(n)
    onset = np.arange(n) < 600
    mask = (np.arange(n) < of_onset) | (np.arange(n) >= n - of_already)
    rows = {
        "outcome": raw + 2 * rng.standard_normal(n) > 0.5,
        "school": np.arange(n) % 4,
        "person": np.arange(n),
        "as_of": np.zeros(n),
        "populations": {"everyone": np.ones(n, bool), "onset": onset, "already": ~onset},
        "places": Places(share=0.3),
    }
    monkeypatch.setattr(module, "helped_in_window", lambda *_: mask)
    monkeypatch.setattr(module, "rows_on_test", lambda *_: rows)
    config = Config.model_validate({"name": "a", "as_of": {"dates": [AS_OF]}})
    everyone = np.ones(n, bool)
    examples = SimpleNamespace(people=pd.DataFrame(), test=everyone, training=everyone)
    trained = SimpleNamespace(test_raw=raw, test_risk=1 / (1 + np.exp(-raw)))
    sources = SimpleNamespace(config=config)
    found = helped_on_test(cast(Sources, sources), cast(Examples, examples), cast(Trained, trained))
    assert found is not None
    return found


def test_measures_are_taken_without_those_helped(monkeypatch: pytest.MonkeyPatch) -> None:
    found = on_test(monkeypatch, of_onset=240, of_already=240)
    assert {one["status"] for one in found["without"].values()} == {"ok"}
    assert found["without"]["onset"]["measures"]["auc"]["n"] == 360
    assert found["training"] == {"rows": 1200, "helped": 480}
    assert 20 <= found["reached"]["onset"]["share"] <= 60


def test_a_few_people_helped_are_not_told_by_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list on which they stand is hidden, and everyone with it: the other list would tell it."""
    found = on_test(monkeypatch, of_onset=240, of_already=3)
    assert {name: one["status"] for name, one in found["without"].items()} == {
        "everyone": "suppressed",
        "onset": "ok",
        "already": "suppressed",
    }
    assert on_test(monkeypatch, of_onset=3, of_already=0)["training"]["helped"] == "c"


def test_no_effect_is_ever_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = report_facts() | {"helped": on_test(monkeypatch, of_onset=240, of_already=3)}
    found = section(facts)
    assert found is not None
    assert found.words[-1] == NO_EFFECT
    assert ("Those already over the line", "AUC") in {row[:2] for row in found.rows if row[3] == "c"}
    page = render_model_report(facts)
    assert NO_EFFECT in page
    assert 'href="#helped"' in page


def test_a_report_without_help_has_no_such_part() -> None:
    assert section(report_facts()) is None
    assert 'id="helped"' not in render_model_report(report_facts())
