"""What a study will test, written down before the data are opened.

In:  the config, and nothing else.
Out: `Preregistration`: the one test, the rule by which a gain is claimed, what is only described and who is left out,
     as JSON whose SHA-256 anybody can take (`sha256sum preregistration.json`), and as a page to read.

One test that was named beforehand is believed more than the best of twenty. A file proves nothing by itself: only
where it was deposited, with a date, before anyone looked.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from earlywarn.config import Config
from earlywarn.errors import ConfigError
from earlywarn.phrases import PEOPLE, happened

FORMAT = 1
FILE = "preregistration.json"
STUDY_FILE = "study.json"
AMONG = {"everyone": "everyone on roll", "onset": "those below the line so far this year"}
MEASURED = {
    "auc": "AUC, the chance that a person with the outcome is ranked above one without",
    "average_precision": "average precision",
    "brier": "the Brier score, turned so that above 0 is better",
    "people_found": "the share of those with the outcome whom lists of the same length hold",
}
ADDS = {
    "participation": "whether people answer surveys",
    "level": "what people answered in the latest survey",
    "change": "how people's answers have changed since the survey before",
    "parents": "what parents answered",
    "staff": "what staff of the same school answered",
}
OVER = (
    "a model that knows everything the data hold of the kinds before it in this order: the school's own records, "
    "who the person is, whether they answer, what they answered, how that has changed, what parents answered, "
    "what staff answered"
)
CLAIM = (
    "A gain is claimed when the lower end of its 95% interval lies above 0. The interval leaves out one school at a "
    "time (with fewer than ten schools: one group of people at a time). Models learn from as-of dates whose outcomes "
    "were known before the first test date, and are tested on the latest as-of dates whose outcomes are known. Both "
    "models of the test have the same settings, people and dates."
)
DESCRIBED = (
    "other kinds of answers, populations and measures",
    "domains, year groups and horizons",
    "within and between persons, and the reverse direction",
    "engagement of staff and parents by school",
    "reliability and quality of answers",
    "attendance bands, spread between schools, benchmarks and the calendar of the year",
)
# Where the data lie and what is written for people change nothing that is tested.
_NOT_TESTED = {"data", "exclude", "report"}


@dataclass(frozen=True)
class Preregistration:
    """What will be tested, as plain data; the same content gives the same text, and the same hash."""

    content: Mapping[str, Any]

    @property
    def text(self) -> str:
        """Return the content as it is deposited."""
        return json.dumps(self.content, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    @property
    def sha256(self) -> str:
        return sha256(self.text.encode()).hexdigest()


def preregister(config: Config) -> Preregistration:
    """Return what a study with this config will test."""
    chosen = config.study
    return Preregistration(
        {
            "format": FORMAT,
            "name": config.name,
            "question": question(config),
            "test": {
                "adds": ADDS[chosen.adds],
                "over": OVER,
                "among": AMONG[chosen.population],
                "measure": MEASURED[chosen.measure],
                "outcome": f"{PEOPLE[config.population]} who {happened(config.outcome)}",
            },
            "claim": CLAIM,
            "described": list(DESCRIBED),
            "people_left_out_by_file": config.exclude is not None,
            "config": config.model_dump(mode="json", exclude=_NOT_TESTED),
        }
    )


def question(config: Config) -> str:
    """Return the one question of a study.

    >>> question(Config(name="a", as_of={"weeks_of_year": [6]}))[:73]
    'Does what people answered in the latest survey tell which pupils missed 1'
    """
    chosen = config.study
    return (
        f"Does {ADDS[chosen.adds]} tell which {PEOPLE[config.population]} {happened(config.outcome)}, "
        f"beyond everything known without it, among {AMONG[chosen.population]}?"
    )


def refuse_changes(deposited: Path, now: Preregistration) -> None:
    """Refuse a study that tests something other than what was deposited; what differs is named."""
    written = _read(deposited)
    before, after = (dict(_leaves(each)) for each in (written, json.loads(now.text)))
    changed = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    if changed:
        lines = "".join(f"\n    {key}: written {before.get(key)!r}, now {after.get(key)!r}" for key in changed)
        raise ConfigError(
            f"{deposited}: this study would test something else than was written down:{lines}",
            fix="run it with the config that was written down, or write down anew with --preregister and say why",
        )


def refuse_over_study(folder: Path) -> None:
    """Refuse to write down what will be tested over a study that is finished."""
    if (folder / STUDY_FILE).exists():
        raise ConfigError(f"{folder}: a finished study lies there", fix="name another folder with --out")


def refuse_to_replace(folder: Path, now: Preregistration) -> None:
    """Refuse to write over what was written down to be deposited, if it says something else and was not yet tested."""
    there = folder / FILE
    if there.exists() and not (folder / STUDY_FILE).exists() and there.read_text(encoding="utf-8") != now.text:
        raise ConfigError(
            f"{folder}: another pre-registration lies there, which was not tested yet",
            fix=f"give it with --preregistered {there}, or name another folder with --out",
        )


def as_markdown(written: Preregistration) -> str:
    """Return the page to read beside the JSON."""
    content = written.content
    test = "\n".join(f"- **{key}**: {said}" for key, said in content["test"].items())
    described = "\n".join(f"- {each}" for each in content["described"])
    horizons = ", ".join(map(str, content["config"]["study"]["horizons"]))
    return f"""# What the study {content["name"]} will test

{content["question"]}

## The one test

{test}

## When a gain is claimed

{content["claim"]}

## What is only described

No claim rests on these, whatever they show. Horizons, in school weeks: {horizons}.

{described}

## Who and when

- year groups: {", ".join(map(str, content["config"]["year_groups"]))}
- as-of dates: {_said(content["config"]["as_of"])}
- people left out by a file of requests: {"yes" if content["people_left_out_by_file"] else "no"}

Every setting stands in `{FILE}`. Its SHA-256 is `{written.sha256}`.
Deposit the file where it receives a date that others can check, before the data are opened.
"""


def _said(settings: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{key.replace('_', ' ')} {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in settings.items()
        if value
    )


def _read(path: Path) -> Any:
    fix = f"give the {FILE} that --preregister wrote"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ConfigError(f"{path}: no such file", fix=fix) from None
    except ValueError:
        raise ConfigError(f"{path}: not readable as JSON", fix=fix) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ConfigError(f"{path}: not a pre-registration of format {FORMAT}", fix=fix)
    return found


def _leaves(content: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value with the keys down to it; a list is one value."""
    if isinstance(content, Mapping) and content:
        for key, value in content.items():
            yield from _leaves(value, f"{path}.{key}" if path else key)
    else:
        yield path, content
