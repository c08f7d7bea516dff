"""The query that reads one file and casts its columns.

In:  a `Source` and the columns wanted.
Out: SQL whose rows are the file's, in order: typed columns (NULL where empty or
     unreadable), `unreadable` and `missing`, each naming the first such column.

Below, columns of a file are `c0`, `c1`, ... by their place, so that no header
can break the query; `"text <name>"` is what stood in a cell, NULL if nothing did.

A register is a gigabyte of cells, and what is asked of each of them counts: where a
file has neither a space nor a quote, no cell is trimmed or searched for a line break.
"""

from collections.abc import Iterable, Sequence

from earlywarn.tables.readers.lines import Source
from earlywarn.tables.spec import Column, Table

_YES = "('1', 'true', 't', 'yes', 'y', '1.0')"
_NO = "('0', 'false', 'f', 'no', 'n', '0.0')"
_REJECTS = 100_000  # enough to say how many lines are broken without holding a whole file of them


def select_typed(source: Source, table: Table, columns: Sequence[Column]) -> str:
    """Return the query of one file: the table's columns (those declared beside them included) and its `kept_as`."""
    held = [column for column in columns if column.name in source.columns]
    beside = [] if source.is_parquet else [*source.left_out.values()]
    texts = [f'{_text(source, column)} AS "text {column.name}"' for column in held]
    texts += [f'c{place} AS "beside {place}"' for place in beside]
    values = [f'{_value(source, column)} AS "{column.name}"' for column in columns]
    return f"""
        WITH texts AS (SELECT {", ".join(texts)} FROM {_scan(source)}),
        typed AS (SELECT *, {", ".join(values)} FROM texts)
        SELECT {_kept(table, columns)}, {_unreadable(source, held)} AS unreadable, {_missing(held)} AS missing
        FROM typed"""


def select_nothing(table: Table, columns: Sequence[Column]) -> str:
    """Return a query without rows that has the columns of `select_typed`."""
    nothing = ", ".join(f'CAST(NULL AS {column.sql_type}) AS "{column.name}"' for column in columns)
    flaws = "CAST(NULL AS VARCHAR) AS unreadable, CAST(NULL AS VARCHAR) AS missing"
    return f"SELECT {_kept(table, columns)}, {flaws} FROM (SELECT {nothing}) WHERE FALSE"


def _kept(table: Table, columns: Sequence[Column]) -> str:
    """Return what is kept of the values: they themselves, or what the table keeps in their place."""
    values = {column.name: f'"{column.name}"' for column in columns} | dict(table.kept_as)
    return ", ".join(f'{sql} AS "{name}"' for name, sql in values.items())


def _scan(source: Source) -> str:
    path = _quoted(str(source.path))
    width = len(source.columns) + len(source.left_out)
    if source.is_parquet:
        return f"read_parquet({path}) AS file({', '.join(f'c{place}' for place in range(width))})"
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    return f"""read_csv({path}, columns={{{columns}}}, header=true, auto_detect=false, delim=',', quote='"', escape='"',
                        nullstr='', store_rejects=true, rejects_limit={_REJECTS})"""


def _text(source: Source, column: Column) -> str:
    """Return the cell as trimmed text; a Parquet date stays the date it is."""
    place = source.columns[column.name]
    if _is_date_already(source, column):
        return f"CAST(c{place} AS DATE)"
    return f"c{place}" if source.is_plain else f"nullif(trim(CAST(c{place} AS VARCHAR)), '')"


def _value(source: Source, column: Column) -> str:
    """Return the cell's value, NULL if the text cannot be one."""
    empty = f"CAST({_quoted(column.stands_for) if column.stands_for else 'NULL'} AS {column.sql_type})"
    if column.name not in source.columns:
        return empty
    text = f'"text {column.name}"'
    if _is_date_already(source, column):
        return text
    cast = _cast(source, column, text)
    return f"CASE WHEN {text} IS NULL THEN {empty} ELSE {cast} END" if column.stands_for else cast


def _cast(source: Source, column: Column, text: str) -> str:
    match column.kind:
        case "date":  # DuckDB alone would also take 2024/9/1
            return f"CASE WHEN {text} LIKE '____-__-__' THEN TRY_CAST({text} AS DATE) END"
        case "whole" | "number":
            return _number(column, f"TRY_CAST({text} AS DOUBLE)")
        case "flag":
            return f"CASE WHEN lower({text}) IN {_YES} THEN TRUE WHEN lower({text}) IN {_NO} THEN FALSE END"
        case "category" if column.values:
            spelled = _whens((value, value) for value in column.values)
            anyhow = _whens((value.lower(), value) for value in column.values)
            return f"CASE {text} {spelled} ELSE CASE lower({text}) {anyhow} END END"
        case _ if source.is_plain:
            return text
        case "text":
            return f"CASE WHEN NOT ({_swallows_rows(source, text)}) THEN {text} END"
        case _:  # an identifier or a category with a line break: a quote was lost
            return f"CASE WHEN NOT contains({text}, chr(10)) THEN {text} END"


def _number(column: Column, number: str) -> str:
    holds = [f"isfinite({number})"]
    holds += [f"{number} = floor({number})"] if column.kind == "whole" else []
    holds += [f"{number} >= {column.low}"] if column.low is not None else []
    holds += [f"{number} <= {column.high}"] if column.high is not None else []
    return f"TRY_CAST(CASE WHEN {' AND '.join(holds)} THEN {number} END AS {column.sql_type})"


def _swallows_rows(source: Source, text: str) -> str:
    """Return whether a value looks like rows of the file caught between two stray quotes.

    Between two such quotes in one column lies, for every line break, one row's worth of commas.
    """
    commas = len(source.columns) + len(source.left_out) - 1
    return (
        f"contains({text}, chr(10)) AND length({text}) - length(replace({text}, ',', ''))"
        f" >= {commas} * (length({text}) - length(replace({text}, chr(10), '')))"
    )


def _unreadable(source: Source, held: Sequence[Column]) -> str:
    broken = [(f'"text {column.name}" IS NOT NULL AND "{column.name}" IS NULL', column.name) for column in held]
    if not source.is_parquet:
        broken += [(_swallows_rows(source, f'"beside {place}"'), name) for name, place in source.left_out.items()]
    return _first_that_holds(broken)


def _missing(held: Sequence[Column]) -> str:
    return _first_that_holds(
        [(f'"text {column.name}" IS NULL', column.name) for column in held if column.must_be_filled]
    )


def _first_that_holds(cases: Sequence[tuple[str, str]]) -> str:
    whens = " ".join(f"WHEN {condition} THEN {_quoted(name)}" for condition, name in cases)
    return f"CAST(CASE {whens} END AS VARCHAR)" if cases else "CAST(NULL AS VARCHAR)"


def _whens(pairs: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"WHEN {_quoted(found)} THEN {_quoted(meant)}" for found, meant in pairs)


def _is_date_already(source: Source, column: Column) -> bool:
    return (
        column.kind == "date"
        and source.is_parquet
        and source.types[source.columns[column.name]].startswith(("DATE", "TIMESTAMP"))
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
