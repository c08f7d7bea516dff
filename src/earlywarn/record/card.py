"""The model card: one page of Markdown, filled from the run.

In:  the run, and `Answers` for who answers for the model.
Out: the text of `card.md`.

Every number on it is in `metrics.json`. What a run could not estimate is said to be so; a population that a run does
not have (staff have one list) has no table.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from earlywarn.phrases import lowered
from earlywarn.record.answers import Answers
from earlywarn.record.measured import GroupTable, group_tables
from earlywarn.record.run import Run
from earlywarn.record.words import HIDDEN_WORDS, NOT_FOR, served
from earlywarn.report.words import difference, difference_interval, known, number, percent, with_interval

POPULATIONS = {
    "everyone": "Everyone",
    "onset": "Not yet at the threshold (list `onset`)",
    "already": "At or above the threshold to date (list `already`)",
}
MEASURES = {
    "auc": "AUC",
    "average_precision": "average precision",
    "precision": "listed who had the outcome",
    "recall": "with the outcome who were listed",
    "calibration_slope": "calibration slope",
    "observed_over_expected": "observed / expected",
}
_FOR = {
    "pupils": "Attendance leads, heads of year and form tutors, who decide whom to see first.",
    "staff": "Leaders of schools and of the trust, who decide where work has to get better.",
}
_USE = {
    True: "Read a list from the top, with what you know of each person. Reasons say what a score rests on, not what "
    "caused it; what is not known is said, too. Whoever is on no list can still need help. Write down who was seen or "
    "overruled, and why: the next term learns from it.",
    False: "Read the results by school and role, from ten people up. They say where to ask and listen first, and never "
    "who will go. No list by person is written.",
}

LIMITS = """\
- The measures belong to the tested model, which never saw the dates it was tested on. The model in use has the same
  recipe, fitted once more on all closed dates; it has not itself been tested.
- Intervals speak of new schools in the test year. Years are not resampled: another year can differ by more.
- What goes with the outcome is not what causes it, and help that was given before changes what is seen."""

LIMITS_OF_MARKS = """
- Marks are what schools wrote: suspensions, part-time timetables and study leave are partly a school's own decision."""


def card(run: Run, answers: Answers) -> str:
    """Return the model card."""
    sections = {
        "In short": _bullets((*(run.metrics.get("warnings") or ()), *(run.metrics.get("headline") or ())))
        or "The run gave no summary.",
        "What it predicts": _prediction(run),
        "Who it is for": f"{_FOR[run.about.population]} Who answers for it: {answers.said('senior_responsible_owner')}",
        "How to use it": _USE[run.lists_by_person] + _staff_lists(run) + _head_start(run),
        "Not to be used for": _bullets(NOT_FOR),
        "Data": _data(run),
        "What it looks at": _features(run),
        "How well": _how_well(run.metrics),
        "Calibration": _calibration(run.metrics),
        "For whom it works less well": _groups(run),
        "Limits": LIMITS + (LIMITS_OF_MARKS if run.pupils else "") + _notes(run.metrics),
        "Made with": _made_with(run),
    }
    body = "".join(f"\n## {title}\n{text}\n" for title, text in sections.items())
    return f"# Model card: {run.about.name}, version {run.about.version}\n{body}"


def _bullets(sentences: Sequence[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)


def _prediction(run: Run) -> str:
    share = known(run.metrics.get("base_rate"))
    had = "" if share is None else f"\nIn the test {percent(share)} had the outcome."
    whom = f"For {run.people} on roll on a given morning, the probability of {run.outcome}."
    return f"{whom}{had}\nIt may be used {served(run)}."


def _staff_lists(run: Run) -> str:
    if run.pupils or not run.lists_by_person:
        return ""
    return "\n\n**Lists of staff by person are written**, because the configuration asks for them."


def _head_start(run: Run) -> str:
    if not run.head_start:
        return ""
    return (
        f"\n\n**On the lists {run.head_start} have a head start**, because the configuration asks for it: the score "
        "alone misses more of them. The risk that is shown has none; the measures below are of lists without it."
    )


def _data(run: Run) -> str:
    about = run.about
    left_out = (f"- Left out on request: {run.left_out}.",) if run.left_out else ()
    return "\n".join(
        (
            f"- Days: {about.data.first_day} to {about.data.today}.",
            f"- Fitted on as-of dates: {_dates(about.trained)}.",
            f"- Tested on as-of dates that the tested model never saw: {_dates(about.tested)}.",
            *left_out,
            f"- Hash of the data: `{about.data.digest}`. The hash of every file of the bundle is in `manifest.json`.",
        )
    )


def _dates(dates: Sequence[Any]) -> str:
    return ", ".join(map(str, dates)) or "none"


def _features(run: Run) -> str:
    """List the features by theme, in the words that a reader of a score is shown."""
    features = run.features.features
    themes = dict.fromkeys(feature.theme for feature in features)
    return "\n\n".join(
        f"**{theme}**\n" + "\n".join(f"- {each.means} (`{each.name}`)" for each in features if each.theme == theme)
        for theme in themes
    )


def _how_well(metrics: Mapping[str, Any]) -> str:
    """Return a table for each population, with the simple rules beside the model, and what was gained over them."""
    measured = metrics.get("populations") or {}
    parts = ["Values with 95% intervals, taken on each test date and averaged."]
    for name, title in POPULATIONS.items():
        if measured.get(name):
            parts += [f"### {title}", _table(measured[name]), _bullets(tuple(_gains(metrics, name)))]
    return "\n\n".join(filter(None, parts)) if len(parts) > 1 else "Nothing could be measured."


def _table(contenders: Mapping[str, Any]) -> str:
    shown = [measure for measure in MEASURES if any(measure in found for found in contenders.values())]
    heading = ["", *(MEASURES[measure] for measure in shown)]
    rows = [[_words(name), *(with_interval(found.get(each)) for each in shown)] for name, found in contenders.items()]
    return "\n".join(_row(cells) for cells in (heading, ["---"] * len(heading), *rows))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _gains(metrics: Mapping[str, Any], population: str) -> Iterator[str]:
    """Yield of each contender whether the model could be shown to rank better; no claim without its interval."""
    for name, found in ((metrics.get("gains") or {}).get(population) or {}).items():
        gain, against = found.get("auc") or {}, _contender(metrics, name)
        if known(gain.get("value")) is None:
            continue
        interval = difference_interval(gain, "decimal")
        said = f"AUC {difference(gain['value'], 'decimal')}" + (f" ({interval})" if interval else "")
        if gain.get("claimed"):
            yield f"Better than {against}: {said}."
        else:
            smallest = gain.get("smallest_shown")
            could = f"; the smallest gain these data could have shown is {number(smallest)}" if smallest else ""
            yield f"No gain over {against} could be shown: {said}{could}."


def _contender(metrics: Mapping[str, Any], name: str) -> str:
    """Return what a contender is, to follow "over"."""
    said = (metrics.get("contenders") or {}).get(name, _words(name))
    return f"the rule “{said}”" if name in (metrics.get("rules") or ()) else lowered(said)


def _calibration(metrics: Mapping[str, Any]) -> str:
    """Return how a score becomes a probability, and how to see whether it means what it says."""
    made = metrics.get("calibration") or {}
    how = f"By {made['method']} calibration, learnt on {made['learnt_on']}." if made else "Not known."
    return (
        f"How a score becomes a probability: {how} Whether a probability means what it says stands above: a "
        "calibration slope of 1 is right, and below 1 probabilities are too extreme; observed over expected of 1 is "
        "right, and above 1 more happened than was said. The curve is in `report.html`."
    )


def _groups(run: Run) -> str:
    where = f"Audited by {', '.join(run.audited) or 'no group'}; more in `audit.html` and `audit.csv`."
    tables = map(_group_table, group_tables(run))
    return "\n\n".join(filter(None, (where, _bullets(tuple(run.audit.get("reading") or ())), *tables)))


def _group_table(table: GroupTable) -> str:
    heading = (("group", MEASURES["recall"], "listed who did not"), ("---",) * 3)
    lines = ((row.group, row.found, row.false_alarms) for row in table.rows)
    shown = "\n".join(map(_row, (*heading, *lines))) if table.rows else ""
    hidden = f"{HIDDEN_WORDS} {'; '.join(table.hidden)}." if table.hidden else ""
    return "\n\n".join(filter(None, (f"Among {table.among}:", shown, hidden)))


def _notes(metrics: Mapping[str, Any]) -> str:
    return "".join(f"\n- {note}" for note in metrics.get("notes") or ())


def _made_with(run: Run) -> str:
    about = run.about
    kind = {"trees": "boosted trees (LightGBM)", "logistic": "logistic regression"}[about.model]
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(about.libraries.items()))
    sampler = run.metrics.get("sampler")
    search = f"\n\nHow the settings were found: {sampler}" if sampler else ""
    return f"earlywarn {about.earlywarn}, {kind}, with {libraries}.{search}"
