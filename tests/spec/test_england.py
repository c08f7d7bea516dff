"""The arithmetic of absence agrees with the Department for Education's own."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from earlywarn.codes.attendance import load_codes
from earlywarn.features.history import History, share
from earlywarn.register import Slice
from earlywarn.terms import from_days

FILE = Path(__file__).parents[2].parent / "shared" / "domain" / "attendance_reasons_ytd_202526_nat_reg.csv"

pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason=f"DfE's sessions by code are not beside the checkout: {FILE}"
)

# The column of each code. DfE still counts H and J, which left the law in August 2024, as they counted before.
COLUMNS = {
    "/": "reason_present", "L": "reason_l_present_late_before_registers_closed", "I": "reason_i_authorised_illness",
    "M": "reason_m_authorised_medical_dental", "R": "reason_r_authorised_religious_observance",
    "S": "reason_s_authorised_study_leave", "T": "reason_t_authorised_mobile_child",
    "H": "reason_h_authorised_holiday", "E": "reason_e_authorised_excluded", "C": "reason_c_authorised_other",
    "C1": "reason_c1_authorised_regulated_performance", "J1": "reason_j1_authorised_interview",
    "C2": "reason_c2_authorised_temp_reduced_timetable", "B": "reason_b_aea_education_off_site",
    "J": "reason_j_aea_interview", "P": "reason_p_aea_approved_sporting_activity",
    "V": "reason_v_aea_educational_visit_trip", "W": "reason_w_aea_work_experience",
    "K": "reason_k_aea_education_arranged_by_la", "G": "reason_g_unauthorised_holiday",
    "U": "reason_u_unauthorised_late_after_registers_closed", "O": "reason_o_other_unauthorised",
    "N": "reason_n_no_reason_yet",
}  # fmt: skip
TOTALS = {
    "possible": "possible_sessions", "absent": "overall_absence", "authorised": "authorised_absence",
    "unauthorised": "unauthorised_absence",
}  # fmt: skip
SESSIONS = 20_000  # that England's are scaled to: 20 pupils of 1,000 sessions


def number(code: str) -> int:
    codes = load_codes()
    return codes.number(code, date(2025, 9, 8)) or codes.number(code, date(2023, 9, 11))


def rows() -> list[dict[str, float]]:
    with FILE.open(encoding="utf-8") as file:
        return [
            {name: float(cell) for name, cell in row.items() if name in {*COLUMNS.values(), *TOTALS.values()}}
            for row in csv.DictReader(file)
        ]


def test_every_total_is_the_sum_of_the_codes_that_we_count_into_it() -> None:
    """But for an authorised code without a published column: 106 of England's 2.4 thousand million sessions."""
    for row in rows():
        counted = {
            kind: sum(row[column] for code, column in COLUMNS.items() if getattr(load_codes(), kind)[number(code)])
            for kind in TOTALS
        }
        unpublished = row["authorised_absence"] - counted["authorised"]
        assert 0 <= unpublished <= 1e-6 * row["possible_sessions"]
        assert row["unauthorised_absence"] == counted["unauthorised"]
        assert row["overall_absence"] == counted["absent"] + unpublished
        assert row["possible_sessions"] == counted["possible"] + unpublished


def test_possible_is_present_and_away_on_an_activity_and_absent() -> None:
    activity = [COLUMNS[code] for code in ("B", "J", "P", "V", "W", "K")]
    for row in rows():
        present = row[COLUMNS["/"]] + row[COLUMNS["L"]] + sum(row[column] for column in activity)
        absent = row["authorised_absence"] + row["unauthorised_absence"]
        assert row["overall_absence"] == absent
        assert row["possible_sessions"] == present + absent


def test_a_register_with_englands_marks_has_englands_rates() -> None:
    for row in rows():
        cells = [round(SESSIONS * row[column] / row["possible_sessions"]) for column in COLUMNS.values()]
        marks = np.repeat(np.array([number(code) for code in COLUMNS], np.uint8), cells)
        marks = np.random.default_rng(1).permutation(np.pad(marks, (0, -len(marks) % 20))).reshape(20, -1)
        days = np.datetime64("2025-09-01") + np.arange(marks.shape[1])
        seen = Slice(marks, days, np.zeros(len(days), np.uint8), np.ones(len(days), bool))
        year = History(date(2029, 8, 1), seen, from_days([]), 0, 0)
        for kind, total in TOTALS.items():
            if kind != "possible":
                mine = share(year.count(kind, days[0]).sum(keepdims=True), year.possible(days[0]).sum(keepdims=True))
                assert mine == pytest.approx(row[total] / row["possible_sessions"], abs=len(COLUMNS) / SESSIONS)
