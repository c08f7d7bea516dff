"""What was decided about each version of a model, and who may be champion.

In:  the log of decisions, and the bundles it is about.
Out: which version is champion or challenger; a new decision, or the reason why it is refused.

Training a version promotes nothing: until the first promotion a model has no champion. From then on it is the
version that was promoted, or gone back to, last.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from earlywarn.bundle.decision_log import Decision, Recorded, add_decision, decisions
from earlywarn.bundle.read import Bundle, read_version
from earlywarn.bundle.write import versions
from earlywarn.errors import ConfigError, LimitError


@dataclass(frozen=True)
class Said:
    """Who decides, why, and the day of the decision; `override` says why limits that are not met do not count."""

    by: str
    because: str
    on: date
    override: str = ""


def champion(root: Path, name: str) -> int | None:
    """Return the version in use, or None while none was promoted."""
    return champion_of(decisions(root, name))


def challenger(root: Path, name: str) -> int | None:
    """Return the newest version trained since it was last decided who is champion, or None while there is none."""
    made = decisions(root, name)
    decided = [place for place, each in enumerate(made) if each.action != "trained"]
    since = made[decided[-1] + 1 :] if decided else made
    trained = [each.version for each in since if each.action == "trained"]
    return trained[-1] if trained else None


def record_training(root: Path, name: str, version: int) -> None:
    """Write down that a version was trained."""
    add_decision(root, name, lambda _: Decision(on=date.today(), action="trained", version=version))


def promote(root: Path, name: str, version: int, said: Said) -> Recorded:
    """Make a version the champion; what fails a limit is refused, unless `said` sets that aside in words."""
    said = _in_words(said)
    not_met = limits_not_met(_bundle(root, name, version))
    if not_met and not said.override:
        raise LimitError(
            f"{name} {version} fails what its config asks of it:" + "".join(f"\n    {each}" for each in not_met),
            fix='train a version that keeps its limits, or say why they do not count (--override "..."): the log keeps '
            "the words with the name of who decides",
        )
    if said.override and not not_met:
        raise ConfigError(f"{name} {version} fails no limit: there is nothing to override", fix="leave --override out")

    def decide(made: tuple[Decision, ...]) -> Decision:
        if champion_of(made) == version:
            raise ConfigError(f"{name} {version} is the champion already", fix="see `earlywarn models`")
        return Decision(action="promoted", version=version, not_met=not_met, **vars(said))

    return add_decision(root, name, decide)


def roll_back(root: Path, name: str, said: Said) -> Recorded:
    """Make the champion before the present one the champion again.

    No limit holds this up: that version was decided on before, and whoever goes back may be in a hurry.
    """
    said = _in_words(said)
    _versions(root, name)

    def decide(made: tuple[Decision, ...]) -> Decision:
        line = _succession(made)
        if len(line) < 2:
            raise ConfigError(f"{name} has no earlier champion to go back to", fix="promote another version")
        _bundle(root, name, line[-2])
        return Decision(action="rolled back", version=line[-2], **vars(said))

    return add_decision(root, name, decide)


def limits_not_met(bundle: Bundle) -> tuple[str, ...]:
    """Return, in words, each limit of the config that the tested model is not known to keep."""
    asked = bundle.manifest.config.get("fairness", {}).get("limits") or ()
    judged = bundle.audit.get("limits") or ()
    if len(judged) != len(asked):
        return (f"The config sets {len(asked)} limit(s), and the audit in the bundle judges {len(judged)}.",)
    return tuple(str(one["words"]) for one in judged if one["verdict"] != "met")


def champion_of(made: tuple[Decision, ...]) -> int | None:
    """Return the champion after some decisions."""
    decided = [each.version for each in made if each.action != "trained"]
    return decided[-1] if decided else None


def _succession(made: tuple[Decision, ...]) -> list[int]:
    """Return the champions that followed on one another, oldest first; whoever was gone back from is out of it."""
    line: list[int] = []
    for each in made:
        match each.action:
            case "promoted":
                line.append(each.version)
            case "rolled back":
                line = line[:-1]
    return line


def _bundle(root: Path, name: str, version: int) -> Bundle:
    """Read the bundle that is decided about; it must be there, whole, and the one that its folder says."""
    if version not in (there := _versions(root, name)):
        raise ConfigError(f"{root / name}: no version {version}", fix=f"there are {', '.join(map(str, there))}")
    return read_version(root, name, version)


def _versions(root: Path, name: str) -> tuple[int, ...]:
    there = versions(root, name)
    if not there:
        raise ConfigError(f"{root}: no model of the name {name}", fix="see `earlywarn models` for those there are")
    return there


def _in_words(said: Said) -> Said:
    """Return what was said on one line each; a decision needs a name and a reason."""
    by, because, override = (" ".join(text.split()) for text in (said.by, said.because, said.override))
    for option, text in (("--by", by), ("--because", because)):
        if not text:
            raise ConfigError(f"{option} is empty", fix="a decision needs the name of who decides, and a reason")
    if not (by + because + override).isprintable():
        raise ConfigError("the words of a decision hold characters that cannot be printed", fix="give plain text")
    return Said(by, because, said.on, override)
