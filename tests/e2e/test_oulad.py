"""Real people: one module of the Open University, two presentations (see configs/oulad.yaml).

An AUC above the upper limits would be a leak: these outcomes cannot be known that well on day 28.
"""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fairlearn.metrics import MetricFrame

from command_line import quick_config
from earlywarn import run
from earlywarn.audit import held_out

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


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the audit of the model as labelled was given, and the whole audit as it was written."""
    folder, given = tmp_path_factory.mktemp("audited"), []
    audit = held_out.audit

    def listen(people: Any, **others: Any) -> Any:
        given.append({"people": people, **others})
        return audit(people, **others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held_out, "audit", listen)
        made = run.train(quick_config(folder, "oulad"), DATA, folder / "models", folder / "private", folder / "mlruns")
    return given[0], json.loads((made.whole_audit / "audit.json").read_text(encoding="utf-8"))


def row_of(audit: dict[str, Any], **wanted: str) -> dict[str, Any]:
    (row,) = [row for row in audit["rows"] if row.items() >= ({"contender": "model"} | wanted).items()]
    return row


@pytest.mark.parametrize("group_by", ["disability", "imd_band"])
@pytest.mark.parametrize("population", ["everyone", "onset"])
@pytest.mark.parametrize("measure", ["recall", "false_alarms"])
def test_the_audit_counts_as_fairlearn_does(
    heard: tuple[dict[str, Any], dict[str, Any]], group_by: str, population: str, measure: str
) -> None:
    given, audit = heard
    rows, labels = given["populations"][population], given["people"][group_by]
    # Those whose band is not recorded are few: they are counted with the largest group.
    labels = labels.fillna(labels.mode()[0])
    counted = MetricFrame(
        metrics={
            "recall": {"numerator": _both, "denominator": _happened},
            "false_alarms": {"numerator": _in_vain, "denominator": _listed},
        }[measure],
        y_true=given["outcome"][rows],
        y_pred=given["listed"]["model"][population][rows],
        sensitive_features=labels[rows],
    ).by_group
    for group in counted.index:
        row = row_of(audit, population=population, group_by=group_by, group=group, measure=measure)
        if row["status"] == "ok":
            assert row["numerator"] == pytest.approx(counted.loc[group, "numerator"])
            assert row["denominator"] == pytest.approx(counted.loc[group, "denominator"])
            assert row["value"] == pytest.approx(row["numerator"] / row["denominator"], abs=1e-6)
    assert row_of(audit, population=population, group_by="disability", group="Y", measure=measure)["status"] == "ok"


def _both(outcome: Any, listed: Any) -> float:
    return float(np.sum(np.asarray(listed)[np.asarray(outcome, dtype=bool)]))


def _in_vain(outcome: Any, listed: Any) -> float:
    return float(np.sum(np.asarray(listed)[~np.asarray(outcome, dtype=bool)]))


def _happened(outcome: Any, listed: Any) -> float:
    return float(np.sum(outcome))


def _listed(outcome: Any, listed: Any) -> float:
    return float(np.sum(listed))


MISSED = r"Of 100 pupils whose (.+) is (\S+) who .*?, (\d+) were not on .*; of 100 pupils whose .+ is (\S+), (\d+)\."
IN_VAIN = (
    r"Of 100 pupils whose (.+) is (\S+) on .*?, (\d+) were listed in vain: .*; of 100 pupils whose .+ is (\S+), (\d+)\."
)
INTERVAL = r"95% interval from (\d+)( fewer| more|) to (\d+) (fewer|more) in 100"


@pytest.mark.parametrize(("measure", "sentence"), [("recall", MISSED), ("false_alarms", IN_VAIN)])
def test_what_the_audit_says_in_words_are_the_numbers_of_its_rows(
    heard: tuple[dict[str, Any], dict[str, Any]], measure: str, sentence: str
) -> None:
    audit = heard[1]
    told = [(found, said) for said in audit["reading"] if (found := re.match(sentence, said))]
    assert {found[1] for found, _ in told} == {"disability", "imd band"}
    for found, said in told:
        group_by = found[1].replace(" ", "_")
        for group, people in ((found[2], found[3]), (found[4], found[5])):
            row = row_of(audit, population="onset", group_by=group_by, group=group, measure=measure)
            share = row["numerator"] / row["denominator"]
            assert int(people) == pytest.approx(100 * (1 - share if measure == "recall" else share), abs=0.501)
        (gap,) = [
            gap
            for gap in audit["gaps"]
            if (gap["population"], gap["group_by"], gap["group"], gap["measure"], gap["contender"])
            == ("onset", group_by, found[2], measure, "model")
        ]
        # The words are of people missed, or listed in vain; a gap in recall is of people found.
        limits = sorted([-gap["low"], -gap["high"]]) if measure == "recall" else [gap["low"], gap["high"]]
        assert _interval(said) == pytest.approx([100 * limit for limit in limits], abs=0.501)


def _interval(said: str) -> list[int]:
    """Return the two limits of a sentence in more people of 100."""
    found = re.search(INTERVAL, said)
    assert found
    words = found[2].strip() or found[4], found[4]
    signs = (-1 if word == "fewer" else 1 for word in words)
    return sorted(sign * int(number) for sign, number in zip(signs, (found[1], found[3]), strict=True))
