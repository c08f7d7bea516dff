"""A made-up term for the pages of the cycle: a decision, a monitoring with alarms, a comparison with other trusts."""

from datetime import date
from typing import Any

from earlywarn.study.benchmark_file import BenchmarkFile
from earlywarn.study.placing import TRUST, Placed
from made_up_facts import estimate, measures

GAINED = ("auc", "average_precision", "brier", "recall", "precision")


def decision_facts(**changed: Any) -> dict[str, Any]:
    """Return a decision to look first: better on the whole, and worse for one group."""
    facts = {
        "name": "pupil-absence",
        "people": "pupils",
        "outcome_words": "missed 10% or more of their sessions in the next 6 school weeks",
        "champion": _version(1, "2026-02-01", ["2025-02-03", "2025-05-05"], ["2025-11-10"]),
        "challenger": _version(2, "2026-11-06", ["2025-11-10", "2026-02-02"], ["2026-02-02", "2026-05-04"]),
        "dates": ["2026-02-02", "2026-05-04"],
        "recommendation": _recommendation(),
        "promote": "earlywarn promote pupil-absence 2 --by 'YOUR NAME' --because 'WHY' --override 'WHY ALL THE SAME'",
        "limits_not_met": ["pupil_premium yes: missed 8.0 points more often than those without, `at_most` is 5.0."],
        "comparison": _comparison(),
        "where": [_group("yes", -0.06, "worse"), _group("no", 0.02, ""), _few("900001")],
        "moves_on": "2026-05-04",
        "moves": {
            "all": {"new": 18, "gone": 14, "stays": 120},
            "rows": [{"kind": "pupil_premium", "group": group} | _HIDDEN for group in ("yes", "no")],
        },
        "rule": {
            "words": "this year's absence", "auc": estimate(0.724), "model": estimate(0.766),
            "gain": {"value": 0.042, "low": 0.033, "high": 0.051, "claimed": True, "smallest_shown": 0.012},
        },
    }  # fmt: skip
    return facts | changed


_HIDDEN = dict.fromkeys(("new", "gone", "stays"), "c")


def _version(version: int, data_to: str, trained: list[str], tested: list[str]) -> dict[str, Any]:
    return {"version": version, "digest": "d" * 64, "data_to": data_to, "trained": trained, "tested": tested}


def _recommendation() -> dict[str, Any]:
    why = "Pupils with pupil premium are found less often: −6 points (95% interval -11 to -1), on 2026-05-04."
    rules = [
        {"asks": "Is a group found less often than before, beyond chance?", "says": "look at this first"},
        {"asks": "None of these?", "says": "promote"},
    ]
    return {
        "says": "look at this first",
        "reasons": [why],
        "rules": [rules[0] | {"because": [why]}, rules[1] | {"because": ["It is better."]}],
        "in_short": "",
    }


def _comparison() -> dict[str, Any]:
    gain = {"value": 0.003, "low": -0.001, "high": 0.007, "claimed": False, "smallest_shown": 0.006}
    better = {"value": 0.021, "low": 0.008, "high": 0.034, "claimed": True, "smallest_shown": 0.012}
    return {
        "clusters": 20,
        "leave_out": "schools",
        "measures": {name: {"champion": measures(0.80), "model": measures(0.82)} for name in ("everyone", "onset")},
        "gains": {"everyone": dict.fromkeys(GAINED, better), "onset": dict.fromkeys(GAINED, gain)},
        "overlap": {"everyone": estimate(0.85, 0.04), "onset": estimate(0.71, 0.06)},
    }


def _group(group: str, by: float, shown: str) -> dict[str, Any]:
    ends = {"difference": by, "low": by - 0.05, "high": by + 0.05}
    row = {"kind": "pupil_premium", "group": group, "champion": 0.40, "challenger": 0.40 + by, "shown": shown}
    return {**row, **ends, "status": "ok"}


def _few(school: str) -> dict[str, Any]:
    return {"kind": "school_id", "group": school, "status": "suppressed"}


# Monitoring ---------------------------------------------------------------------------------------------------------


def monitor_facts(**changed: Any) -> dict[str, Any]:
    """Return a monitoring of two dates: the outcomes of one are known, and on the other a question was worded anew."""
    reason = {
        "level": "look",
        "as_of": "2026-11-09",
        "says": 'The item calm of pulse ("I am calm.") is answered 0.49 standard deviations lower than expected.',
        "do": "Give the new question an id of its own, with an `until` on the old one, and retrain.",
    }
    facts = {
        "name": "pupil-absence",
        "version": 1,
        "population": "pupils",
        "outcome": "missed 10% or more of their sessions from the date to the end of the school year",
        "trained_on": ["2024-11-11", "2025-02-03"],
        "verdict": {
            "level": "look",
            "headline": "Look: there is 1 reason to look closer before its lists are relied on.",
            "reasons": [reason],
            "notes": ["Outcomes are still to come for 2026-11-09 (known from 2027-08-03)."],
        },
        "meanings": {"absence_rate": "share of possible sessions missed so far"},
        "questions": {"pulse calm": "I am calm."},
        "dates": [_closed(), _open()],
    }
    return facts | changed


def _closed() -> dict[str, Any]:
    groups: list[dict[str, Any]] = [
        {"words": "with pupil premium", "measure": name, "hidden": False, "realised": estimate(0.9, 0.1)}
        for name in ("observed_over_expected", "auc", "recall", "precision")
    ]
    few = [one | {"words": "with an EHC plan", "hidden": True, "realised": None} for one in groups]
    came = [_measure("auc", 0.81, 0.80), _measure("recall", 0.34, 0.36), _measure("calibration_slope", None, 1.02)]
    return _watched("2026-02-02", came, groups=groups + few)


def _open() -> dict[str, Any]:
    asked = _reading("item", "pulse calm", 0.49, now=3.3, before=4.9, alarm=True)
    return _watched("2026-11-09", [_measure("auc", 0.81, None), _measure("recall", 0.33, None)], asked)


def _watched(as_of: str, measured: list[Any], *more: Any, groups: list[Any] | None = None) -> dict[str, Any]:
    usual = [
        _reading("feature", "absence_rate", 0.05),
        _reading("code", "I", 0.1, school="900003", now=0.2, before=0.25),
    ]
    against = ["2024-11-11", "2025-11-10"]
    return {
        "as_of": as_of, "against": against, "readings": [*usual, *more], "performance": measured, "groups": groups or []
    }  # fmt: skip


def _measure(name: str, expected: float | None, realised: float | None) -> dict[str, Any]:
    expects, came = (None if value is None else estimate(value, 0.03) for value in (expected, realised))
    return {"population": "everyone", "measure": name, "tested": 0.81, "expected": expects, "realised": came}


def _reading(kind: str, name: str, moved: float, **said: Any) -> dict[str, Any]:
    usual = {"school": "", "now": None, "before": None, "limit": 0.15, "alarm": False}
    return {"kind": kind, "name": name, "moved": moved} | usual | said


# Beside other trusts ------------------------------------------------------------------------------------------------


def placed() -> tuple[Placed, ...]:
    """Return a trust and one school beside two other trusts."""
    calm = Placed(TRUST, "calm", "calm at school", "out of 10", "year_group", 400, 6.5, 6.9, -0.4, -0.6, -0.2, 2, 0, 2)
    late = Placed(TRUST, "rate", "absence so far", "share", "phase", 450, 0.068, 0.061, 0.007, -0.007, 0.021, 2, 1, 2)
    alone = Placed(TRUST, "hope", "hope", "out of 10", others=0)
    ours = Placed(
        "900001", "calm", "calm at school", "out of 10", "year_group", 90, 6.4, 6.9, -0.5, -1.1, 0.1, 2, percentile=12
    )
    return calm, late, alone, ours


def benchmark(as_of: date = date(2026, 10, 5)) -> BenchmarkFile:
    """Return a file of a trust's head alone: where its people stand is said by `placed`."""
    return BenchmarkFile(format=1, population="pupils", as_of=as_of, schools=12, measures=())
