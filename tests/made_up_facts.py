"""Made-up facts for the pages: a run, an audit, a school's scores. Nobody in them exists."""

from datetime import date
from typing import Any

import pandas as pd

from earlywarn.report.about import PackAbout
from earlywarn.report.contents import PackContents
from earlywarn.score.list_log import Entry, log_of
from earlywarn.score.since import LEFT, no_one_left

CONTENDERS = {
    "model": "the model",
    "logistic": "logistic regression on the same features",
    "with_characteristics": "the model given pupil premium and SEN",
    "without_engagement": "the model without the survey",
    "unconstrained": "the model without monotone constraints",
    "rate_to_date": "absence rate so far",
    "last_year_flag": "last year's flag",
    "school_average": "the school's average",
}
AUC = {
    "model": 0.842,
    "logistic": 0.836,
    "with_characteristics": 0.844,
    "without_engagement": 0.824,
    "unconstrained": 0.843,
    "rate_to_date": 0.803,
    "last_year_flag": 0.712,
    "school_average": 0.561,
}


def estimate(value: float | None, half: float = 0.015, n: int = 15020, positives: int = 3010) -> dict[str, Any]:
    low, high = (None, None) if value is None else (round(value - half, 6), round(value + half, 6))
    status = "ok" if value is not None else "not estimable"
    return {"value": value, "low": low, "high": high, "n": n, "positives": positives, "status": status}


def measures(auc: float) -> dict[str, Any]:
    return {
        "auc": estimate(auc),
        "recall": estimate(auc - 0.45, 0.03),
        "precision": estimate(auc - 0.25, 0.04),
        "false_alarms": estimate(1.25 - auc, 0.04),
        "false_reassurance": estimate(0.12),
        "base_rate": estimate(0.2),
        "average_precision": estimate(auc - 0.22),
        "brier": estimate(0.11, 0.004),
        "brier_reliability": estimate(0.002, 0.001),
        "brier_resolution": estimate(0.052, 0.004),
        "brier_uncertainty": estimate(0.16, 0.005),
        "calibration_slope": estimate(1.02, 0.06),
        "calibration_intercept": estimate(-0.03, 0.09),
        "observed_over_expected": estimate(0.98, 0.05),
        "calibration_error": estimate(0.012, 0.004),
        "within_school_auc": estimate(None),
    }


def gain(value: float, half: float) -> dict[str, Any]:
    claimed = value - half > 0
    return {
        "value": value,
        "low": value - half,
        "high": value + half,
        "smallest_shown": half * 1.4,
        "claimed": claimed,
    }


def report_facts(populations: tuple[str, ...] = ("everyone", "onset", "already")) -> dict[str, Any]:
    shift = {"everyone": 0.0, "onset": -0.07, "already": -0.12}
    others = [key for key in CONTENDERS if key != "model"]
    bins = (0.02, 0.04, 0.07, 0.1, 0.14, 0.19, 0.26, 0.36, 0.52, 0.78)
    return {
        "format": 1,
        "name": "pupil-absence",
        "population": "pupils",
        "people": "pupils",
        "outcome_words": "missed 10% or more of the sessions from the as-of date to the end of the school year",
        "made_from": {
            "today": "2026-11-06",
            "first_day": "2023-09-04",
            "schools": 20,
            "training_rows": 14810,
            "training_outcomes": 2900,
            "test_rows": 15020,
            "test_outcomes": 3010,
        },
        "headline": [
            "The model finds more of those who will cross the line than the best simple rule, more than chance would.",
            "Against logistic regression on the same features no gain could be shown.",
            "The survey adds a little: without it the model finds 12 fewer people in 410 places.",
        ],
        "notes": [
            "Marks as they stand now: the recent past looks better than it did.",
            "Years are not resampled: another year may differ more than the intervals say.",
        ],
        "dates": [
            {"as_of": "2023-11-13", "role": "too early", "window_start": "2023-11-13", "window_end": "2024-07-20",
             "closes_on": "2024-09-13", "people": 7300, "outcomes": None, "why": "no full earlier year"},
            {"as_of": "2024-11-11", "role": "training", "window_start": "2024-11-11", "window_end": "2025-07-19",
             "closes_on": "2025-09-12", "people": 7400, "outcomes": 1500, "why": ""},
            {"as_of": "2025-11-10", "role": "test", "window_start": "2025-11-10", "window_end": "2026-07-18",
             "closes_on": "2026-09-11", "people": 7510, "outcomes": 1505, "why": ""},
        ],
        "lists": {
            name: {"among": name, "listed": 410, "missed": 650, "found": {"value": 190, "low": 171, "high": 209}}
            for name in populations
        },
        "populations": {
            name: {key: measures(AUC[key] + shift[name]) for key in CONTENDERS} for name in populations
        },
        "gains": {
            name: {key: {"auc": gain(round(AUC["model"] - AUC[key], 3), 0.012), "recall": gain(0.03, 0.02),
                         "average_precision": gain(0.02, 0.01), "precision": gain(0.02, 0.03)} for key in others}
            for name in populations
        },
        "contenders": CONTENDERS,
        "intervals": {"kind": "schools", "clusters": 20, "words": "Intervals resample the 20 schools."},
        "calibration_curve": {
            name: [{"risk": risk, "observed": round(risk * 0.94 + 0.01, 3), "n": 740} for risk in bins]
            for name in populations
        },
        "features": {
            "used": 92,
            "dropped": [{"name": "days_since_wave", "why": "missing in 40% of training and 5% of test rows"}],
            "absent_blocks": ["events"],
            "importance": [
                {"name": "absence_rate_6w", "means": "Share of possible sessions missed in the last six weeks",
                 "theme": "absence this year", "share": 0.21},
                {"name": "absence_rate_last_year", "means": "Share of possible sessions missed last school year",
                 "theme": "absence last year", "share": 0.14},
                {"name": "pupil_belonging", "means": "Belonging at school, from the pupil survey",
                 "theme": "engagement and relationships", "share": 0.06},
            ],
            "ways": [
                {"name": "absence_rate_6w", "means": "Share of possible sessions missed in the last six weeks",
                 "low": -0.41, "high": 0.87, "not_known": None},
                {"name": "pupil_belonging", "means": "Belonging at school, from the pupil survey",
                 "low": 0.12, "high": -0.08, "not_known": 0.03},
            ],
            "themes": [{"theme": "absence this year", "share": 0.44}, {"theme": "absence last year", "share": 0.27},
                       {"theme": "engagement and relationships", "share": 0.18}, {"theme": "movement", "share": 0.004}],
        },
        "labels_empty": {"too few possible sessions in the window": 120},
        "settings": {"learning_rate": 0.0612345, "leaves": 15, "trees": 212},
        "trials": [{"number": number, "log_loss": 0.33, "pruned": False} for number in range(2)],
        "seed": 1,
        "calibration": {"method": "isotonic", "learnt_on": "forward folds of training dates"},
        "calibration_on_test": {
            "before": {"calibration_slope": estimate(0.84, 0.05), "calibration_error": estimate(0.041, 0.01)},
            "after": {"calibration_slope": estimate(0.98, 0.05), "calibration_error": estimate(0.012, 0.01)},
        },
        "sampler": "TPE with seed 1; 2 trials done of 2, 0 stopped early.",
        "libraries": {"python": "3.11.7", "lightgbm": "4.7.0"},
        "earlywarn": "0.1.0",
        "plan": fold_facts(),
        "decision_curves": {name: decision_curve() for name in populations},
        "by": breakdowns(populations),
        "lead_time": {name: lead_time() if name == "onset" else None for name in populations},
        "cohort_drift": drift(),
        "earlier_training": {
            "trained_on": ["2024-11-11"],
            "left_out": ["2025-11-10"],
            "gains": {name: {"auc": gain(0.011, 0.006)} for name in populations},
            "jaccard": {name: estimate(0.71, 0.05) for name in populations},
            "words": "A year's fresher data gained: this is what stands behind keeping the refit.",
        },
        "between_dates": {
            "dates": ["2025-11-17"],
            "populations": {
                name: {"auc": estimate(0.83), "calibration": estimate(1.04, 0.06), "at_dates_auc": estimate(0.842)}
                for name in populations
            },
            "words": "Half-way between two dates of the rule the model ranks as well as on them.",
        },
    }  # fmt: skip


def fold_facts() -> dict[str, Any]:
    """Two folds by school on the one training date."""
    fold = {"test_dates": ["2024-11-11"], "train_dates": ["2024-11-11"], "train_people": 3700, "train_outcomes": 748,
            "test_people": 3702, "test_outcomes": 752}  # fmt: skip
    return {"folds": [fold, fold | {"train_people": 3702, "test_people": 3700}], "folds_go": "by school"}


def decision_curve() -> list[dict[str, Any]]:
    def worth(high: float, threshold: float) -> float:
        return round(high * (1 - threshold) ** 2.2, 4)

    def everyone(threshold: float) -> float:
        return round(0.2 - 0.8 * threshold / (1 - threshold), 4)

    thresholds = [round(0.05 * step, 2) for step in range(1, 13)]
    return [
        {"threshold": t, "everyone": everyone(t), "contenders": {
            "model": {"value": worth(0.18, t), "low": worth(0.17, t), "high": worth(0.19, t)},
            "logistic": {"value": worth(0.17, t), "low": worth(0.16, t), "high": worth(0.18, t)},
        }}
        for t in thresholds
    ]  # fmt: skip


GROUPS = {
    "school": ("900001", "900002", "900003"),
    "year_group": ("7", "8", "9"),
    "as_of": ("2025-11-10", "2026-02-02"),
    "phase": ("primary", "secondary"),
}


def breakdowns(populations: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    """Measures of the model by school, year group, date and phase; one small group is hidden, one not estimable."""
    worth = {"auc": 0.83, "average_precision": 0.6, "precision": 0.5, "recall": 0.25, "observed_over_expected": 0.97,
             "calibration_slope": 1.01}  # fmt: skip

    def row(kind: str, group: str, place: int, measure: str) -> dict[str, Any]:
        if group == "900002":
            return estimate(None) | {"n": None, "positives": None, "status": "suppressed"}
        if group == "9" and measure == "auc":
            return estimate(None, n=40, positives=9)
        return estimate(round(worth[measure] + 0.02 * place, 3), 0.06, n=1200, positives=240)

    return {
        kind: [
            {"population": name, "group": group, "contender": "model", "measure": measure,
             **row(kind, group, place, measure)}
            for name in populations
            for place, group in enumerate(groups)
            for measure in worth
        ]
        for kind, groups in GROUPS.items()
    }  # fmt: skip


def lead_time() -> dict[str, Any]:
    shares = (0.97, 0.93, 0.8, 0.66, 0.55, 0.41, 0.3, 0.12)
    return {
        "weeks": {"lower_quartile": 5, "median": 9, "upper_quartile": 17},
        "found_at_least": [
            {"weeks": weeks, "share": share} for weeks, share in zip((1, 2, 4, 6, 8, 12, 16, 24), shares, strict=True)
        ],
        "crossed": 171,
        "not_crossed": 19,
        "words": "Half of those found crossed the line 9 school weeks or more after the list was made.",
    }


def drift() -> dict[str, Any]:
    rows = [
        {"name": "late_rate_this_year", "means": "Share of sessions with a late mark", "theme": "absence this year",
         "moved": 0.31, "missing_train": 0.0, "missing_test": 0.0, "shift": 0.31, "psi": 0.14},
        {"name": "pupil_belonging", "means": "Belonging at school, from the pupil survey",
         "theme": "engagement and relationships", "moved": 0.16, "missing_train": 0.22, "missing_test": 0.29,
         "shift": None, "psi": 0.05},
    ]  # fmt: skip
    words = "Of 92 features, 2 moved by 0.10 standard deviations or more, 1 of them by 0.25 or more."
    return {"features": 92, "moved": 2, "moved_much": 1, "thresholds": [0.1, 0.25], "words": words, "rows": rows}


def staff_facts() -> dict[str, Any]:
    """A run with one population, without curve, gains or features: pages must stand without them."""
    facts = report_facts(("everyone",)) | {"name": "staff-resignation", "outcome_words": "resigned within the year"}
    missing = (
        "calibration_curve", "gains", "features", "labels_empty", "settings", "trials", "sampler", "libraries", "plan",
        "calibration_on_test", "decision_curves", "by", "lead_time", "cohort_drift", "earlier_training",
        "between_dates",
    )  # fmt: skip
    return {key: value for key, value in facts.items() if key not in missing}


def audit_facts() -> dict[str, Any]:
    groups = {
        "pupil_premium": {"no": 0.41, "yes": 0.33},
        "sen": {"N": 0.4, "K": 0.34, "E": None, "not recorded": 0.36},
        "pupil_premium × sen": {"no × N": 0.42, "yes × K": 0.29},
    }
    rows = [
        _audit_row(population, by, group, contender, measure, recall)
        for population in ("onset", "already")
        for by, members in groups.items()
        for group, recall in members.items()
        for contender in ("model", "rate_to_date")
        for measure in ("base_rate", "selection", "recall", "precision", "false_alarms", "auc")
    ]
    gaps = [
        _gap_row(population, by, group, contender, measure, contender == "model" and group == "yes")
        for population in ("onset", "already")
        for by, group in (("pupil_premium", "yes"), ("sen", "K"))
        for contender in ("model", "rate_to_date", "with_characteristics")
        for measure in ("recall", "false_alarms")
    ]
    return {
        "format": 1,
        "name": "pupil-absence",
        "outcome_words": "missed 10% or more of the sessions to the end of the school year",
        "reading": [
            "Of 100 pupils with pupil premium who missed 10% or more, 67 were not on the list; of 100 without, 59.",
            "This gap is more than chance. For pupils with an EHC plan these data cannot tell: too few had it.",
        ],
        "rows": rows,
        "gaps": gaps,
        "own_decisions": {
            "rows": rows,
            "gaps": gaps,
            "words": "Suspensions and the like count as possible and present.",
        },
        **audit_parts(),
    }


def audit_parts() -> dict[str, Any]:
    """What stands behind the gaps of pupils with pupil premium, why they are there and what could be done."""
    key = {"population": "onset", "group_by": "pupil_premium", "contender": "model"}
    missed = key | {"measure": "recall", "group": "yes", "against": "no"}
    by_length = {"no": (0.12, 0.41, 0.7), "yes": (0.09, 0.33, 0.64)}
    details = [
        key | {"kind": "length", "measure": "recall", "group": group, "at": at, "value": value, "n": 210}
        for group, recalls in by_length.items()
        for at, value in zip((0.01, 0.05, 0.30), recalls, strict=True)
    ]
    details += [
        key | {"kind": "date", "measure": "recall", "group": group, "at": at, "value": value, "n": 105}
        for group, recalls in {"no": (0.39, 0.43), "yes": (0.31, None)}.items()
        for at, value in zip(("2025-11-10", "2026-02-02"), recalls, strict=True)
    ]
    details += [
        key | {"kind": "risk", "measure": "risk", "group": group, "at": tenth / 10, "value": tenth / 25, "n": 1240}
        for group in by_length
        for tenth in range(1, 10)
    ]
    ways = {"model": (-0.08, 190.0, 0.0), "whole": (-0.01, 184.0, -6.0), "reweighed": (-0.06, 191.0, 1.0)}
    return {
        "details": details,
        "why": [
            missed | {"part": part, "value": value, "low": value - 0.02, "high": value + 0.02, "n": 210, "status": "ok"}
            for part, value in (("base_rates", 0.02), ("rating", -0.09), ("telling_apart", -0.01))
        ],
        "remedies": [
            missed | {"contender": way, "gap": gap, "gap_low": gap - 0.03, "gap_high": gap + 0.03, "found": found,
                      "more": more, "more_low": more - 5, "more_high": more + 5}
            for way, (gap, found, more) in ways.items()
        ],
        "limits": [
            {"measure": "recall", "group_by": "pupil_premium", "group": "yes", "list": "onset", "at_most": 0.05,
             "certainty": 0.8, "verdict": "not met", "value": 0.08, "bound": 0.1,
             "words": "Asked: at most 5 more missed. Found: 8 more. The limit is not met."}
        ],
        "words": {
            "why": ["8 more are missed: 9 more because the model rates them too low."],
            "schools": ["In 14 of the 19 schools where it can be compared, more pupils with pupil premium are missed."],
            "remedies": ["A head start that makes up the whole gap: 1 more missed, 6 fewer found in all."],
        },
    }  # fmt: skip


def _audit_row(
    population: str, by: str, group: str, contender: str, measure: str, recall: float | None
) -> dict[str, Any]:
    value = {"base_rate": 0.18, "selection": 0.05, "auc": 0.77, "false_alarms": 0.52}.get(measure, recall)
    hidden = group == "E" and measure == "selection"
    low, high = (None, None) if hidden or value is None else (value - 0.04, value + 0.04)
    status = "suppressed" if hidden else "ok" if value is not None else "not estimable"
    return {"population": population, "group_by": by, "group": group, "contender": contender, "measure": measure,
            "value": None if hidden else value, "low": low, "high": high, "n": 1240, "numerator": 210,
            "denominator": 1240, "status": status}  # fmt: skip


def _gap_row(population: str, by: str, group: str, contender: str, measure: str, alarm: bool) -> dict[str, Any]:
    return {"population": population, "group_by": by, "group": group, "contender": contender, "measure": measure,
            "against": {"yes": "no", "K": "N"}[group], "value": -0.08, "low": -0.12, "high": -0.04, "n": 1240,
            "numerator": None, "denominator": None, "family_low": -0.15, "family_high": -0.01,
            "smallest_shown": 0.06, "alarm": alarm, "worse": measure == "recall" if alarm else None,
            "status": "ok"}  # fmt: skip


def about(**changes: Any) -> PackAbout:
    said: dict[str, Any] = {
        "name": "pupil-absence",
        "model_version": "3",
        "as_of": date(2026, 11, 9),
        "outcome_words": "missing 10% or more of their sessions from the date to the end of the school year",
        "school_names": {"900001": "Beck Lane Primary School", "900002": "Fellside High School"},
        "places_words": "Each list has places for 5% of the roll, and at least five.",
        "sure": (
            "Tested on last year: of 100 pupils on a list like this, 46 missed 10% or more of the rest of the year.",
            "Of 100 who did, 23 were on the list.",
        ),
        "delete_by": date(2027, 5, 8),
        "data_to": date(2026, 11, 6),
    }
    return PackAbout(**said | changes)


def pupil(number: int, school_id: str = "900001", **changes: Any) -> dict[str, Any]:
    onset = number % 2 == 0
    return {
        "person_id": f"P{number:04d}",
        "school_id": school_id,
        "as_of": date(2026, 11, 9),
        "year_group": 3 + number % 4,
        "form": "AB"[number % 2],
        "list": "onset" if onset else "already",
        "too_early": number == 2,
        "listed": number < 8,
        "tied": number in (5, 7),
        "risk": round(0.86 - 0.08 * number, 3) if number < 10 else 0.04,
        "raw_score": 1.2,
        "band": ("very high", "very high", "high", "high", "raised")[number // 2] if number < 10 else "usual",
        "rank_in_school": number // 2 + 1,
        "reasons": [
            {"feature": "absent_8w", "theme": "absence this year", "contribution": 0.8,
             "sentence": "Missed 9 of the last 40 sessions; most of this year group missed 2 or fewer."},
            {"feature": "pupil_belonging", "theme": "engagement and relationships", "contribution": 0.3,
             "sentence": "Feels less that they belong at school than in spring (4.2 out of 10, was 6.8)."},
        ],
        "going_well": ["Late only once this term."] if onset else [],
        "not_known": ["No answers from a parent."] if number % 3 == 0 else [],
        "unlike_training": number == 4,
        "model_version": "3",
        "delete_by": date(2027, 5, 8),
    } | changes  # fmt: skip


def scores(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return the given pupils, or a tiny school with a second beside it."""
    tiny = [pupil(number) for number in range(14)] + [pupil(20 + number, "900002") for number in range(3)]
    return pd.DataFrame(list(rows) or tiny)


def contents(*rows: dict[str, Any], **changes: Any) -> PackContents:
    """Return what packs are made from: the given pupils, or the two tiny schools; no earlier list, names or log."""
    frame = scores(*rows)
    told: dict[str, Any] = {
        "scores": frame, "about": about(), "left": no_one_left(), "benchmarks": (), "names": {}, "log": {},
    }  # fmt: skip
    return PackContents(**told | changes)


def told_again(**changes: Any) -> PackContents:
    """Return the tiny schools held against an earlier list, with two names and what a school has written down."""
    frame = scores()
    new = [bool(number % 4 == 0) if listed else None for number, listed in enumerate(frame["listed"])]
    said = {True: "New on this list: looked at on 12 October, and not listed.",
            False: "On the list of 12 October too, then at place 9; now 3."}  # fmt: skip
    since = [[] if one is None else [said[one]] for one in new]
    left = [("900001", "P0091", "onset", 2, "others stand before now"),
            ("900001", "P0092", "already", 1, "no longer on roll here, or no longer looked at"),
            ("900002", "P0093", "onset", 1, "others stand before now")]  # fmt: skip
    log = [Entry("900001", "P0000", "onset", date(2026, 11, 9), date(2026, 11, 10), "followed up", "A. Hill", "Bus."),
           Entry("900001", "P0002", "onset", date(2026, 11, 9))]  # fmt: skip
    return contents(**{
        "scores": frame.assign(new=pd.array(new, dtype="boolean"), since=since),
        "about": about(earlier=date(2026, 10, 12)),
        "left": pd.DataFrame(left, columns=list(LEFT)),
        "names": {"P0000": "Amira Ali", "P0001": "Ben Brown", "P0092": "Chloe Clarke", "P0020": "Dan Dunn"},
        "log": log_of(log),
    } | changes)  # fmt: skip


def staff_scores() -> pd.DataFrame:
    """Two schools with teachers and assistants, and one clerk who must not be seen."""
    posts = [("900001", "teacher", 30), ("900001", "assistant", 14), ("900001", "clerk", 1), ("900002", "teacher", 22)]
    rows = [
        {"person_id": f"S{school}{role}{i}", "school_id": school, "role": role, "risk": 0.9 if role == "clerk" else 0.1}
        for school, role, count in posts
        for i in range(count)
    ]
    return pd.DataFrame(rows)
