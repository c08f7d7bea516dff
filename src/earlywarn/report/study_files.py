"""The files of a study: tables for a paper and for who computes again, figures, and the data dictionary.

In:  tables, and figures as bytes.
Out: `tables/NAME.csv`, `tables/replicates.csv`, `tables/README.md`, `figures/NAME.svg` and `.png`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from earlywarn.study.table import Table, as_csv, replicates_as_csv

# What a scale does with a number before its interval is made, and with the ends afterwards.
SCALES = {
    "plain": "nothing",
    "not below 0": "nothing; an end below 0 is set to 0",
    "within 0 and 1": "nothing; ends are kept between 0 and 1",
    "within -1 and 1": "nothing; ends are kept between -1 and 1",
    "-log(1 - value)": "there: -log(1 - value); back: 1 - exp(-end)",
    "arctanh": "there: arctanh(value); back: tanh(end)",
    "logit": "there: log(value / (1 - value)); back: 1 / (1 + exp(-end))",
    "log": "there: log(value); back: exp(end)",
}
_INTERVALS = """## Computing an interval again

`replicates.csv` holds what every interval with replicates was made from: for a `table`, a `row` (counted from 0) and a
`column`, the `value` with all schools (`left_out` 0), then without each school in turn (1 to K). Where there are fewer
than ten schools, they are groups of people instead. Schools are numbered, not named.

With v0 the value with everyone and v1 .. vK the others, all taken to the interval's `scale` (there):

    error = sqrt((K - 1) / K * sum((v_k - mean(v_1 .. v_K))^2))
    low, high = v0 -/+ t * error, with t the 0.975 quantile of Student's t with K - 1 degrees of freedom

and the two ends are brought back from the scale. The scales:

"""
_NO_REPLICATES = """
An interval without replicates stands in a row where they would tell of few people, or is made in another way, which
the meaning of its column, or a sentence of its table on the page, says. Source of the interval: MacKinnon, Nielsen and
Webb (2023), *Journal of Econometrics* 232, 272-299 (their CV3).
"""


def write_tables(tables: Sequence[Table], folder: Path) -> None:
    """Write the tables with what their intervals were made from, and the data dictionary."""
    folder.mkdir(parents=True)
    for table in tables:
        _write(folder / f"{table.name}.csv", as_csv(table))
    _write(folder / "replicates.csv", replicates_as_csv(tables))
    _write(folder / "README.md", dictionary(tables))


def write_figures(drawn: Mapping[str, Mapping[str, bytes]], folder: Path) -> None:
    """Write each figure in every form it has: name -> suffix -> bytes."""
    folder.mkdir(parents=True)
    for name, forms in drawn.items():
        for suffix, content in forms.items():
            (folder / f"{name}.{suffix}").write_bytes(content)


def dictionary(tables: Sequence[Table]) -> str:
    """Return what each column of each table means, and how an interval is computed again."""
    used = {each.scale for table in tables for each in table.replicates}
    scales = "\n".join(f"- `{name}`: {does}" for name, does in SCALES.items() if name in used)
    parts = [_of_table(table) for table in tables]
    head = "# The tables of this study\n\nAn empty cell is empty: not estimable, or not asked. `c` is hidden, because "
    return f"{head}few people stand behind it.\n\n{''.join(parts)}{_INTERVALS}{scales}\n{_NO_REPLICATES}"


def _of_table(table: Table) -> str:
    columns = "\n".join(f"| `{name}` | {means.replace('|', '/')} |" for name, means in table.columns.items())
    return f"## {table.name}.csv\n\n{table.title}\n\n| column | means |\n| --- | --- |\n{columns}\n\n"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
