"""Real people: one module of the Open University, two presentations (see configs/oulad.yaml).

An AUC above the upper limits would be a leak: these outcomes cannot be known that well on day 28.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import quick_config
from earlywarn import run

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "oulad"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the OULAD tables are not beside the checkout, in {DATA}")


DAY_56 = {"as_of": {"dates": ["2013-04-01", "2013-12-02"]}}
ABSENCE = {"kind": "absence_rate", "threshold": 0.70, "window": "weeks", "weeks": 8}
FAILING = {"kind": "recorded", "recorded": "fail_or_withdraw", "window": "weeks", "weeks": 31}


@pytest.mark.parametrize(
    ("config", "changed", "low", "high"),
    [
        ("oulad", {}, 0.85, 0.92),
        ("oulad-fail", {}, 0.66, 0.78),
        ("oulad", DAY_56 | {"outcome": ABSENCE}, 0.88, 0.94),
        ("oulad-fail", DAY_56 | {"outcome": FAILING}, 0.71, 0.80),
    ],
)
def test_the_model_does_as_well_as_these_data_allow(
    config: str, changed: dict[str, Any], low: float, high: float, tmp_path: Path
) -> None:
    made = run.train(
        quick_config(tmp_path, config, **changed), DATA, tmp_path / "models", tmp_path / "private", tmp_path / "mlruns"
    )
    metrics: dict[str, Any] = json.loads((made.bundle / "metrics.json").read_text(encoding="utf-8"))
    everyone = metrics["populations"]["everyone"]
    auc = everyone["model"]["auc"]
    assert low < auc["value"] < high
    assert auc["low"] < auc["value"] < auc["high"]
    assert metrics["rules"]
    assert all(everyone[rule]["auc"]["n"] == auc["n"] for rule in metrics["rules"])
    assert metrics["intervals"]["kind"] != "schools"
    report = (made.bundle / "report.html").read_text(encoding="utf-8")
    assert "These schools do not speak for others" in report
