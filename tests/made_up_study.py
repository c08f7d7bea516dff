"""A study with made-up numbers, small enough to read: what parts hand over, as the page and the files take it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from earlywarn.config import Config
from earlywarn.report.study_facts import MadeFrom, StudyFacts
from earlywarn.study.domains import ALONE
from earlywarn.study.found import Found
from earlywarn.study.panel_paths import TO_ABSENCE, TO_ENGAGEMENT
from earlywarn.study.preregistration import Preregistration, question
from earlywarn.study.table import Replicates, Table, Value, with_interval
from earlywarn.study.verdict import verdict

CONFIG = Config(name="lead-indicators", as_of={"weeks_of_year": (6, 19)})  # type: ignore[arg-type]
Row = Mapping[str, Value]


def gain(value: float | None, low: float | None, high: float | None, **beside: Value) -> Row:
    """Return a row of a table of gains."""
    return {"gain": value, "gain_low": low, "gain_high": high, "n": 5210, "schools": 60, **beside}


def table(name: str, *rows: Row, says: tuple[str, ...] = (), replicates: tuple[Replicates, ...] = ()) -> Table:
    """Return a table with the columns that its rows have."""
    names = dict.fromkeys(column for row in rows for column in row)
    columns = {column: f"what {column} means" for column in names if not column.endswith(("_low", "_high"))}
    held = [with_interval(each, means) if f"{each}_low" in names else {each: means} for each, means in columns.items()]
    joined = {column: means for part in held for column, means in part.items()}
    return Table(name, f"What does {name} say?", says, joined, rows, replicates)


def primary(
    value: float | None = 0.0123, low: float | None = 0.004, high: float | None = 0.0206, **more: Value
) -> Table:
    test = gain(value, low, high, smallest_shown=0.0117, **more)
    values = (0.0123, 0.0120, 0.0131, 0.0118, 0.0126, 0.0120)
    return table("primary", test, replicates=(Replicates(0, "gain", "plain", values),))


def gains() -> Table:
    common: dict[str, Value] = {"population": "everyone", "over": "participation"}
    return table(
        "gains",
        gain(0.0123, 0.004, 0.0206, rung="level", measure="auc", **common),
        gain(0.0010, -0.002, 0.004, rung="change", measure="auc", **(common | {"over": "level"})),
        gain(0.021, 0.005, 0.037, rung="level", measure="people_found", **common),
        says=("What the pupil answered adds.",),
    )


def horizons() -> Table:
    return table(
        "horizons",
        gain(0.004, -0.001, 0.009, weeks=2, named=False),
        gain(0.011, 0.003, 0.019, weeks=6, named=True),
        {"weeks": 36, "named": False, "why": "out of reach"},
        says=("Answers add most 6 weeks on.",),
    )


def domains() -> Table:
    kinds: dict[str, Value] = {"kind": "scale", "compared": ALONE}
    return table("domains", gain(0.009, 0.002, 0.016, label="effort <in> class", **kinds), says=("Effort tells most.",))


def cross_lagged() -> Table:
    def row(direction: str, path: float) -> Row:
        return {
            "direction": direction,
            **{"path": path, "path_low": path - 0.03, "path_high": path + 0.03},
            **{"carried": 0.4, "carried_low": 0.3, "carried_high": 0.5},
        }

    return table("cross_lagged", row(TO_ABSENCE, -0.06), row(TO_ENGAGEMENT, -0.02), says=("It goes before.",))


def bands() -> Table:
    def row(band: str, value: float | None, low: float | None, high: float | None) -> Row:
        times = {"times": value, "times_low": low, "times_high": high}
        return {"outcome": "fell", "words": "fell behind", "group_by": "everyone", "band": band, **times}

    return table("bands", row("over 95%", 1.0, None, None), row("80% or less", 5.21, 3.9, 6.9))


def timeline() -> Table:
    def row(starts: str, ends: str, kind: str) -> Row:
        return {"school_year": "2024/25", "starts": starts, "ends": ends, "kind": kind, "what": "w1: asks pupils"}

    return table(
        "timeline",
        row("2024-09-02", "2024-10-25", "half-term"),
        row("2024-09-30", "2024-10-06", "survey"),
        row("2024-10-07", "2024-10-07", "list"),
    )


def late() -> Table:
    return Table("timeline_warnings", "Too late?", ("Nothing is.",), {"warning": "which"}, ())


def tables() -> tuple[Table, ...]:
    return primary(), gains(), horizons(), domains(), cross_lagged(), bands(), timeline(), late()


def study_facts(*found: Table, deposited: bool = False, **config: Any) -> StudyFacts:
    """Return the facts of a study with these tables, or with all of the made-up ones."""
    settings = CONFIG.model_copy(update=config)
    shown = found or tables()
    made = MadeFrom("0" * 64, date(2022, 9, 1), date(2025, 7, 18), 60, (date(2023, 10, 9),), (date(2024, 10, 7),))
    return StudyFacts(
        name=settings.name,
        question=question(settings),
        verdict=verdict(shown, settings),
        preregistration=Preregistration({"config": {"name": settings.name}}),
        deposited=deposited,
        made_from=made,
        found=Found(shown, (), ("benchmarks",)),
        version="1.0.0",
    )
