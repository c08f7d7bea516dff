"""Does engagement lead? The answer in words, made from the tables alone.

In:  a study's tables, and its config.
Out: sentences, the one test first: how much in people, how early, which domain, and what it does not mean.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from earlywarn.config import Config
from earlywarn.phrases import PEOPLE, happened
from earlywarn.study.preregistration import ADDS, AMONG
from earlywarn.study.table import Table, Value

Row = Mapping[str, Value]

MEASURE_WORDS = {
    "auc": "AUC",
    "average_precision": "average precision",
    "brier": "Brier score (above 0 is better)",
    "people_found": "share of them found",
}
LIMITS = (
    "The study compares what models know. It does not say why anyone is absent, nor that raising engagement would "
    "lower absence: only a trial could.",
    "It speaks of schools like these, in years like the one tested: years are not resampled.",
)


@dataclass(frozen=True)
class Verdict:
    """What a study answers.

    headline : the one test in a sentence.
    says     : what else is worth knowing first.
    limits   : what it does not mean.
    """

    headline: str
    says: tuple[str, ...]
    limits: tuple[str, ...] = LIMITS


def verdict(tables: Sequence[Table], config: Config) -> Verdict:
    """Return the verdict of a study."""
    named = {table.name: table for table in tables}
    headline = _headline(named, config)
    return Verdict(headline, tuple(_further(named, config)))


def _headline(named: Mapping[str, Table], config: Config) -> str:
    test = _only(named, "primary")
    kind, among = ADDS[config.study.adds], AMONG[config.study.population]
    if test is None or amount(test, "gain") is None:
        why = str(test.get("why") or "") if test else ""
        return f"Whether {kind} adds to everything known without it cannot be told{f': {why}' if why else ''}."
    numbers = _numbers(test, config)
    if is_above(test, "gain"):
        who = f"which {PEOPLE[config.population]} {happened(config.outcome)}"
        yes = "Yes" if _finds_more(named, config) else "Yes, but by so little that lists hardly find more people"
        return f"{yes}: among {among}, {kind} tells {who} beyond everything known without it: {numbers}."
    if (high := amount(test, "gain_high")) is not None and high < 0:
        return f"No: among {among}, a model that knows {kind} did worse than one that does not: {numbers}."
    smallest = amount(test, "smallest_shown")
    could = "" if smallest is None else (
        f" The smallest gain that these data would have shown four times in five is {smallest:.4f}: "
        "a smaller one may be there."
    )  # fmt: skip
    return f"It could not be shown that, among {among}, {kind} adds to everything known without it: {numbers}.{could}"


def _numbers(test: Row, config: Config) -> str:
    """Return the gain with its interval, and what it rests on."""
    low, high = amount(test, "gain_low"), amount(test, "gain_high")
    sure = "no interval" if low is None or high is None else f"95% interval {signed(low)} to {signed(high)}"
    count = test.get("schools")
    schools = f" at {count:,} school{'' if count == 1 else 's'}" if isinstance(count, int) else ""
    people = f"; {test['n']:,} rows of {PEOPLE[config.population]}{schools}" if isinstance(test.get("n"), int) else ""
    return f"{MEASURE_WORDS[config.study.measure]} {signed(amount(test, 'gain') or 0.0)} ({sure}{people})"


def _further(named: Mapping[str, Table], config: Config) -> Iterator[str]:
    """Yield what else is worth knowing first: people, time to act, then the first sentence of some parts."""
    if (found := _people(named, config)) is not None:
        yield found
    if (early := how_early(named.get("horizons"))) is not None:
        yield early
    for name in ("domains", "cross_lagged", "within_between"):
        if name in named and named[name].rows and named[name].says:
            yield named[name].says[0]


def _people(named: Mapping[str, Table], config: Config) -> str | None:
    """Return the gain of the one test in people of 100 with the outcome, on lists of the same length."""
    row = _on_lists(named, config)
    if row is None:
        return None
    gain, low, high = (amount(row, name) for name in ("gain", "gain_low", "gain_high"))
    assert gain is not None
    sure = "" if low is None or high is None else f" (95% interval {more(low)} to {more(high)})"
    least = " It is not sure that it is more than none." if low is not None and low <= 0 <= gain else ""
    return (
        f"In people: of 100 {PEOPLE[config.population]} who {happened(config.outcome)}, lists of the same length find "
        f"{more(gain)}{sure}.{least}"
    )


def _finds_more(named: Mapping[str, Table], config: Config) -> bool:
    """Tell whether lists of the same length are sure to find more; True where that was not looked at."""
    row = _on_lists(named, config)
    return row is None or is_above(row, "gain")


def _on_lists(named: Mapping[str, Table], config: Config) -> Row | None:
    """Return the row of the one test's comparison that counts people found on lists of the same length."""
    asked = (config.study.population, config.study.adds, "people_found")
    for row in named["gains"].rows if "gains" in named else ():
        of = (row.get("population"), row.get("rung"), row.get("measure"))
        if of == asked and amount(row, "gain") is not None:
            return row
    return None


def how_early(horizons: Table | None) -> str | None:
    """Return what the table says of the horizon that it names, and whether a school could still act by then."""
    if horizons is None or not horizons.rows or not horizons.says:
        return None
    named = next((row for row in horizons.rows if row.get("named")), None)
    if named is None:
        return horizons.says[0]
    weeks = amount(named, "weeks") or 0.0
    time = f"A school has these {weeks:.0f} weeks to act." if weeks >= 1 else "That leaves no time to act."
    return f"{horizons.says[0]} {time}"


def _only(named: Mapping[str, Table], name: str) -> Row | None:
    return named[name].rows[0] if name in named and named[name].rows else None


def amount(row: Row, column: str) -> float | None:
    """Return a number of a row; None where it is empty or hidden."""
    value = row.get(column)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def is_above(row: Row, column: str, line: float = 0.0) -> bool:
    """Tell whether a number's whole interval lies above a line."""
    low = amount(row, f"{column}_low")
    return low is not None and low > line


def signed(value: float) -> str:
    """Return a difference with its sign.

    >>> signed(0.0123), signed(-0.00004)
    ('+0.0123', '0.0000')
    """
    text = f"{value:+.4f}"
    return text.replace("-", "−") if text.strip("+-0.") else "0.0000"


def more(share: float) -> str:
    """Return a difference in people of 100.

    >>> more(0.021), more(-0.003)
    ('2.1 more', '0.3 fewer')
    """
    return f"{abs(100 * share):.1f} {'more' if share >= 0 else 'fewer'}"
