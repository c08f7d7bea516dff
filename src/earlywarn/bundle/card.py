"""The model card: one page of Markdown, filled from the run.

In:  what the bundle says of itself, its features, `metrics.json` and `audit.json`.
Out: the text of `card.md`.

Every number on it is in `metrics.json`. What a run could not estimate is said to
be so; a population that a run does not have (staff have one list) has no table.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from earlywarn.bundle.manifest import About, FeatureFile
from earlywarn.phrases import happening

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
    "observed_over_expected": "observed / expected",
}
NOT_ESTIMABLE = "not estimable"

NOT_FOR = """\
- No decision about a person may be taken from a score alone. A list is advice to someone who knows the person.
- Not for sanctions, fines, admissions, exclusions, appraisal, pay or references.
- Not for comparing schools, teachers or pupils with each other.
- Not for phases of school, or places in the school year, other than those it was trained on."""

LIMITS = """\
- The measures belong to the tested model, which never saw the dates it was tested on. The model in use has the same
  recipe, fitted once more on all closed dates; it has not itself been tested.
- Intervals speak of new schools in the test year. Years are not resampled: another year can differ by more.
- What goes with the outcome is not what causes it, and help that was given before changes what is seen."""

LIMITS_OF_MARKS = """
- Marks are what schools wrote: suspensions, part-time timetables and study leave are partly a school's own decision."""


def card(about: About, features: FeatureFile, metrics: Mapping[str, Any], audit: Mapping[str, Any]) -> str:
    """Return the model card."""
    sections = {
        "In short": _in_short(metrics) or "The run gave no summary.",
        "What it predicts": _prediction(about, metrics),
        "Data": _data(about),
        "What it looks at": _features(features),
        "How well": _how_well(metrics),
        "For whom": _groups(about, audit),
        "Not to be used for": NOT_FOR,
        "Limits": LIMITS + (LIMITS_OF_MARKS if about.population == "pupils" else ""),
        "Made with": _made_with(about, metrics),
    }
    body = "".join(f"\n## {title}\n{text}\n" for title, text in sections.items())
    return f"# Model card: {about.name}, version {about.version}\n{body}"


def _in_short(metrics: Mapping[str, Any]) -> str:
    """Return the verdict: before all else, why it may be too good to be true."""
    return _sentences([*(metrics.get("warnings") or ()), *(metrics.get("headline") or ())])


def _sentences(found: Any) -> str:
    sentences = [found] if isinstance(found, str) else list(found or [])
    return "\n".join(f"- {sentence}" for sentence in sentences)


def _prediction(about: About, metrics: Mapping[str, Any]) -> str:
    share = metrics.get("base_rate")
    lines = [f"For {about.population} on roll on a given morning, the probability of {happening(about.outcome)}."]
    if isinstance(share, float):
        lines.append(f"In the test {share:.1%} had the outcome.")
    if about.serves:
        weeks = ", ".join(map(str, about.serves))
        lines.append(f"It may score within two school weeks of these weeks of the school year: {weeks}.")
    return "\n".join(lines)


def _data(about: About) -> str:
    return "\n".join(
        (
            f"- Days: {about.data.first_day} to {about.data.today}.",
            f"- Fitted on as-of dates: {_dates(about.trained)}.",
            f"- Tested on as-of dates that the tested model never saw: {_dates(about.tested)}.",
            f"- Hash of the data: `{about.data.digest}`.",
        )
    )


def _dates(dates: Sequence[Any]) -> str:
    return ", ".join(map(str, dates)) or "none"


def _features(file: FeatureFile) -> str:
    """List the features by theme, in the words that a reader of a score is shown."""
    themes = dict.fromkeys(feature.theme for feature in file.features)
    return "\n\n".join(
        f"**{theme}**\n" + "\n".join(f"- {each.means} (`{each.name}`)" for each in file.features if each.theme == theme)
        for theme in themes
    )


def _how_well(metrics: Mapping[str, Any]) -> str:
    """Return a table for each population, with the simple rules beside the model, and what was gained over them."""
    measured = metrics.get("populations") or {}
    gained = metrics.get("gains") or {}
    parts = ["Values with 95% intervals, taken on each test date and averaged."]
    for name, title in POPULATIONS.items():
        if measured.get(name):
            parts += [f"### {title}", _table(measured[name]), _gains(gained.get(name) or {})]
    return "\n\n".join(filter(None, parts)) if len(parts) > 1 else "Nothing could be measured."


def _table(contenders: Mapping[str, Any]) -> str:
    shown = [measure for measure in MEASURES if any(measure in found for found in contenders.values())]
    heading = ["", *(MEASURES[measure] for measure in shown)]
    rows = [[_words(name), *(_estimate(found.get(measure)) for measure in shown)] for name, found in contenders.items()]
    return "\n".join(_row(cells) for cells in (heading, ["---"] * len(heading), *rows))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _estimate(found: Mapping[str, Any] | None) -> str:
    if not found or found.get("value") is None:
        return NOT_ESTIMABLE
    if found.get("low") is None or found.get("high") is None:
        return f"{found['value']:.3f}"
    return f"{found['value']:.3f} ({found['low']:.3f} to {found['high']:.3f})"


def _gains(gains: Mapping[str, Any]) -> str:
    """Say of each contender whether the model could be shown to rank better; no claim without its interval."""
    return "\n".join(_gain_lines(gains))


def _gain_lines(gains: Mapping[str, Any]) -> Iterator[str]:
    for against, found in gains.items():
        gain = found.get("auc") or {}
        if gain.get("value") is None:
            continue
        said = f"AUC {gain['value']:+.3f}" + _interval(gain)
        if gain.get("claimed"):
            yield f"- Better than {_words(against)}: {said}."
        else:
            smallest = gain.get("smallest_shown")
            could = f"; the smallest gain these data could have shown is {smallest:.3f}" if smallest else ""
            yield f"- No gain over {_words(against)} could be shown: {said}{could}."


def _interval(gain: Mapping[str, Any]) -> str:
    if gain.get("low") is None or gain.get("high") is None:
        return ""
    return f" ({gain['low']:+.3f} to {gain['high']:+.3f})"


def _groups(about: About, audit: Mapping[str, Any]) -> str:
    fairness = about.config.get("fairness") or {}
    crossed = [" by ".join(pair) for pair in fairness.get("intersections") or ()]
    names = ", ".join(_words(name) for name in (*(fairness.get("groups") or ()), *crossed))
    where = f"Audited by {names or 'no group'}: every group's measures are in `audit.html` and `audit.csv`."
    return "\n\n".join(filter(None, (where, _sentences(audit.get("reading")))))


def _made_with(about: About, metrics: Mapping[str, Any]) -> str:
    kind = {"trees": "boosted trees (LightGBM)", "logistic": "logistic regression"}[about.model]
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(about.libraries.items()))
    search = f"\n\nHow the settings were found: {metrics['sampler']}" if metrics.get("sampler") else ""
    return f"earlywarn {about.earlywarn}, {kind}, with {libraries}.{search}"
