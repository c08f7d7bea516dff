"""Each school's people by groups of people alike, read back from the table that is for the trust alone.

In:  `trust_benchmark.csv`, as a study writes it to the private folder.
Out: school -> measure -> the columns that say who is alike, and the people of each group.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping
from math import isfinite
from pathlib import Path

from earlywarn.audit.groups import TIMES
from earlywarn.errors import ConfigError
from earlywarn.study.placing import Group, Mean, Mix

SchoolGroups = Mapping[str, Mapping[str, tuple[Group, Mix]]]

_COLUMNS = ("school_id", "measure", "group_by", "group", "n", "mean", "sd")


def read_school_groups(path: Path) -> SchoolGroups:
    """Read the table; a file that is anything else is a ConfigError that names the line."""
    fix = "give the trust_benchmark.csv that `earlywarn study` wrote to its private folder"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise ConfigError(f"{path}: no such file, or not readable", fix=fix) from None
    found: dict[str, dict[str, tuple[Group, dict[Group, Mean]]]] = defaultdict(dict)
    for line, row in enumerate(rows, start=2):
        try:
            school, measure, by, group, *numbers = (row[name] for name in _COLUMNS)
            mean = _mean(*numbers)
            columns, values = tuple(by.split(TIMES)), tuple(group.split(TIMES))
            if len(columns) != len(values):
                raise ValueError
        except (KeyError, TypeError, ValueError, AttributeError):
            raise ConfigError(f"{path}: line {line} is not a school's group", fix=fix) from None
        found[school].setdefault(measure, (columns, {}))[1][values] = mean
    return found


def _mean(n: str, mean: str, sd: str) -> Mean:
    found = Mean(int(n), float(mean), float(sd))
    if found.n < 1 or not isfinite(found.mean) or not isfinite(found.sd):
        raise ValueError
    return found
