"""A school written down in a few lines of text, and what the package makes of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from earlywarn.cohort import cohort
from earlywarn.config import AsOf, Config
from earlywarn.features.build import build_matrix
from earlywarn.features.catalogue import catalogue, event_kinds, number_columns, vocabulary_of
from earlywarn.features.gather import Sources, score_waves
from earlywarn.register import calendars_of, pack_register
from earlywarn.surveys.instrument import Instrument
from earlywarn.tables.store import open_store
from small_folder import INSTRUMENTS, write_folder

BEECH, OAK = "100001", "100002"


def marks(text: str) -> str:
    """Return the table of marks of lines like `ann 100001 2024-09-09 // I/ XX`: a word a weekday, from that day on.

    A line `ann 100001 2024-09-09 AM I known 2024-09-12` is one mark that was entered later.
    """
    rows = ["person_id,school_id,date,session,code,known_on"]
    for line in text.strip().splitlines():
        who, school, first, *words = line.split()
        if "known" in words:
            session, code, _, known_on = words
            rows.append(f"{who},{school},{first},{session},{code},{known_on}")
            continue
        day = date.fromisoformat(first)
        for word in words:
            rows += [f"{who},{school},{day},{name},{code},{day}" for name, code in zip(("AM", "PM"), word, strict=True)]
            day += timedelta(days=3 if day.weekday() == 4 else 1)
    return "\n".join(rows) + "\n"


def pupils(text: str) -> str:
    """Return the table of lines like `ann 100001 5 2023-09-04`: joined, and known, on that day."""
    rows = ["person_id,school_id,year_group,joined_on,left_on,form,known_on"]
    for line in text.strip().splitlines():
        who, school, year, joined, *rest = line.split()
        left, form = (*rest, "", "")[:2]
        rows.append(f"{who},{school},{year},{joined},{'' if left == '-' else left},{form},{joined}")
    return "\n".join(rows) + "\n"


@contextmanager
def school(
    folder: Path,
    *,
    instruments: Mapping[str, Instrument] = INSTRUMENTS,
    config: Mapping[str, object] | None = None,
    **tables: str | None,
) -> Iterator[Sources]:
    """Open a folder of these tables; what is not given is not there, but for two schools."""
    nothing = dict.fromkeys(("attendance", "waves", "responses", "staff", "pupils"))
    said = Config(**({"name": "test", "as_of": AsOf(dates=(date(2024, 10, 7),))} | dict(config or {})))
    data = write_folder(folder / "data", **{**nothing, **tables})
    with open_store(data, private=folder / "private", config=said, instruments=instruments) as store:
        register = pack_register(store, said.terms) if "attendance" in store.present else None
        calendars = register.calendars if register else calendars_of(store, said.terms)
        yield Sources(store, said, register, calendars, score_waves(store, said))


def features(sources: Sources, as_of: date) -> pd.DataFrame:
    """Return everyone's features, one row a person and school, named `ann` or, of several schools, `ann 100001`."""
    people = cohort(sources.store, sources.config, as_of)
    every = catalogue(
        sources.config,
        sources.instruments,
        vocabulary_of(sources.config, people),
        number_columns(sources.config, people),
        event_kinds(sources, as_of),
        marks=sources.register is not None,
    )
    matrix = build_matrix(sources, people, every)
    return pd.DataFrame(matrix.values.astype(np.float64), columns=list(matrix.names), index=people["person_id"])
