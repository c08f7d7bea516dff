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


@pytest.mark.parametrize(("config", "low", "high"), [("oulad", 0.85, 0.92), ("oulad-fail", 0.66, 0.78)])
def test_the_model_does_as_well_as_these_data_allow(config: str, low: float, high: float, tmp_path: Path) -> None:
    made = run.train(
        quick_config(tmp_path, config), DATA, tmp_path / "models", tmp_path / "private", tmp_path / "mlruns"
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
