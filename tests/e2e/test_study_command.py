"""`earlywarn study` on a small made-up trust: what it tests is written first, and its numbers can be computed again."""

import fcntl
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page
from scipy.stats import t as student

from axe_check import violations
from command_line import Ran, earlywarn_apart, earlywarn_here, quick_config
from searched import files_naming, people_in

TRUST = ("--schools", 10, "--pupils", 1000, "--years", 3, "--seed", 4)


@dataclass(frozen=True)
class Studied:
    """A folder with data, config and a study, and what the command said."""

    folder: Path
    ran: Ran

    @property
    def study(self) -> Path:
        return self.folder / "study"

    @property
    def config(self) -> Path:
        return self.folder / "configs" / "lead-indicators.yaml"

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.study / "tables" / f"{name}.csv")


@pytest.fixture(scope="session")
def studied(shared: Path) -> Studied:
    """One study for all tests: it takes half a minute, and the first test worker that needs it makes it."""
    folder = shared / "studied"
    said = folder.with_suffix(".said.json")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            said.write_text(json.dumps(asdict(_study(folder))), encoding="utf-8")
    ran = Ran(**json.loads(said.read_text(encoding="utf-8")))
    assert ran.code == 0, ran.err
    return Studied(folder, ran)


def _study(folder: Path) -> Ran:
    assert earlywarn_here("simulate", folder / "data", *TRUST).code == 0
    config = quick_config(folder / "configs", "lead-indicators", study={"horizons": [2, 12]})
    places = ("--out", folder / "study", "--private", folder / "private")
    return earlywarn_here("study", config, "--data", folder / "data", *places)


def test_the_answer_comes_first_and_everything_is_written(studied: Studied) -> None:
    found = json.loads((studied.study / "study.json").read_text(encoding="utf-8"))
    assert studied.ran.out.startswith(found["verdict"]["headline"])
    assert "Wrote " in studied.ran.out.splitlines()[-1]
    there = {path.name for path in studied.study.iterdir()}
    assert there == {
        "preregistration.json", "preregistration.md", "study.html", "study.json", "benchmark.json", "tables", "figures",
    }  # fmt: skip
    figures = {path.name for path in (studied.study / "figures").iterdir()}
    assert {"gains.svg", "gains.png", "cross_lagged.svg", "bands.png", "timeline.svg"} <= figures


def test_every_part_has_a_table_and_the_page_holds_it(studied: Studied) -> None:
    found = json.loads((studied.study / "study.json").read_text(encoding="utf-8"))
    page = (studied.study / "study.html").read_text(encoding="utf-8")
    names = {table["name"] for table in found["tables"]}
    assert names >= {
        "primary", "gains", "domains", "year_groups", "power", "horizons", "school_views", "within_between",
        "cross_lagged", "reliability", "items", "congruence", "answer_quality", "between_schools", "bands", "spread",
        "benchmark", "timeline", "timeline_warnings",
    }  # fmt: skip
    assert found["absent"] == []
    for table in found["tables"]:
        assert not table["rows"] or f"tables/{table['name']}.csv" in page
        assert set().union(*map(set, table["rows"])) <= table["columns"].keys()


def test_the_page_shows_the_hash_of_what_was_written_first(studied: Studied) -> None:
    written = sha256((studied.study / "preregistration.json").read_bytes()).hexdigest()
    assert written in (studied.study / "study.html").read_text(encoding="utf-8")
    assert written in (studied.study / "preregistration.md").read_text(encoding="utf-8")
    found = json.loads((studied.study / "study.json").read_text(encoding="utf-8"))
    assert found["preregistration"] == {"sha256": written, "deposited_before": False}


def test_no_person_is_in_a_study_and_no_school_in_what_is_shared(studied: Studied) -> None:
    schools = pd.read_csv(studied.folder / "data" / "schools.csv", dtype=str)["school_id"]
    named = re.compile("|".join(rf"\b{school}\b" for school in schools).encode())
    assert files_naming(studied.study) == []
    assert people_in(studied.ran.out + studied.ran.err) == set()
    for path in [path for path in studied.study.rglob("*") if path.suffix in (".csv", ".json", ".html", ".md")]:
        assert not named.search(path.read_bytes()), path.name
    private = [*(studied.folder / "private" / "study-lead-indicators" / "tables").glob("trust_*.csv")]
    assert private and any(named.search(path.read_bytes()) for path in private)


# Written here again from `tables/README.md`: nothing of the program's own arithmetic is used.
SCALES: dict[str, Any] = {
    "plain": (lambda value: value, lambda end: end),
    "not below 0": (lambda value: value, lambda end: max(end, 0.0)),
    "within 0 and 1": (lambda value: value, lambda end: min(max(end, 0.0), 1.0)),
    "within -1 and 1": (lambda value: value, lambda end: min(max(end, -1.0), 1.0)),
    "-log(1 - value)": (lambda value: -np.log(1 - value), lambda end: 1 - np.exp(-end)),
    "arctanh": (np.arctanh, np.tanh),
    "logit": (lambda value: np.log(value / (1 - value)), lambda end: 1 / (1 + np.exp(-end))),
    "log": (np.log, np.exp),
}


def test_a_stranger_can_compute_every_interval_again_from_the_files_alone(studied: Studied) -> None:
    computed = 0
    for (name, number, column, scale), rows in _replicates(studied):
        low, high = _interval(rows["value"].to_numpy(), *SCALES[scale])
        row = studied.table(name).iloc[number]
        shown = [float(row[each]) for each in (column, f"{column}_low", f"{column}_high")]
        assert np.allclose(shown, [rows["value"].iloc[0], low, high], rtol=1e-6, atol=1e-9), (name, number, column)
        computed += 1
    assert computed > 300


def _replicates(studied: Studied) -> Iterator[tuple[Any, pd.DataFrame]]:
    made_from = studied.table("replicates").sort_values("left_out", kind="stable")
    yield from made_from.groupby(["table", "row", "column", "scale"], sort=False)


def _interval(values: Any, there: Any, back: Any) -> tuple[float, float]:
    """Return the 95% interval of the jackknife over schools."""
    whole, *without = there(values)
    count = len(without)
    error = np.sqrt((count - 1) / count * np.sum((without - np.mean(without)) ** 2))
    margin = student.ppf(0.975, count - 1) * error
    return back(whole - margin), back(whole + margin)


def test_every_interval_of_a_gain_can_be_computed_again(studied: Studied) -> None:
    held = set(map(tuple, studied.table("replicates")[["table", "row", "column"]].drop_duplicates().to_numpy()))
    for name in ("primary", "gains", "domains", "horizons", "year_groups", "within_between", "cross_lagged"):
        table = studied.table(name)
        ends = [column for column in table.columns if column.endswith("_low")]
        for column in (end.removesuffix("_low") for end in ends):
            sure = table.index[table[f"{column}_low"].notna()]
            assert {(name, row, column) for row in sure} <= held


def test_the_dictionary_names_every_column_of_every_file(studied: Studied) -> None:
    said = (studied.study / "tables" / "README.md").read_text(encoding="utf-8")
    for path in (studied.study / "tables").glob("*.csv"):
        if path.stem != "replicates":
            assert all(f"| `{column}` |" in said for column in pd.read_csv(path, nrows=0).columns), path.name


def test_what_was_deposited_is_tested_again_with_the_same_numbers(studied: Studied, tmp_path: Path) -> None:
    """In another process and other folders: but for saying that it was deposited, all is the same bytes."""
    written = earlywarn_here("study", studied.config, "--preregister", "--out", tmp_path / "deposited")
    assert written.code == 0 and sha256(_read(tmp_path / "deposited")).hexdigest() in written.out
    assert sorted(path.name for path in (tmp_path / "deposited").iterdir()) == [
        "preregistration.json",
        "preregistration.md",
    ]
    ran = earlywarn_apart(
        "study", studied.config, "--data", studied.folder / "data", "--out", "study", "--json",
        "--preregistered", tmp_path / "deposited" / "preregistration.json", cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["deposited"] is True
    again = tmp_path / "study"
    for path in [path for path in studied.study.rglob("*") if path.is_file()]:
        if path.name not in ("study.html", "study.json"):
            assert path.read_bytes() == (again / path.relative_to(studied.study)).read_bytes(), path.name
    first, second = (json.loads((one / "study.json").read_text(encoding="utf-8")) for one in (studied.study, again))
    assert first["tables"] == second["tables"] and first["verdict"] == second["verdict"]


def _read(folder: Path) -> bytes:
    return (folder / "preregistration.json").read_bytes()


def test_another_test_than_was_deposited_is_refused_before_the_data_are_opened(
    studied: Studied, tmp_path: Path
) -> None:
    deposited = studied.study / "preregistration.json"
    other = quick_config(tmp_path, "lead-indicators", study={"measure": "brier", "horizons": [2, 12]})
    ran = earlywarn_here(
        "study", other, "--data", tmp_path / "none", "--out", tmp_path / "out", "--preregistered", deposited
    )
    assert ran.code == 10
    assert "config.study.measure: written 'auc', now 'brier'" in ran.err
    assert not (tmp_path / "out").exists()


def test_the_page_needs_nothing_but_itself_and_fits_a_phone(studied: Studied, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((studied.study / "study.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_axe_finds_nothing_by_day_or_by_night(studied: Studied, page_for_axe: Page) -> None:
    page_for_axe.goto((studied.study / "study.html").as_uri())
    page_for_axe.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert violations(page_for_axe) == []
    page_for_axe.emulate_media(color_scheme="dark")
    assert violations(page_for_axe, ["color-contrast"], of="rule") == []
