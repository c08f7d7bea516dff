"""A term in one command: train a challenger, hold it against the model in use, recommend what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shlex import quote
from typing import Any

from earlywarn.bundle.champion import Champion, enter_champion, unseen_dates
from earlywarn.bundle.decisions import champion as version_in_use
from earlywarn.bundle.manifest import canonical
from earlywarn.bundle.read import Bundle, read_bundle, read_version
from earlywarn.config import load_config
from earlywarn.errors import BundleError, LeakageError
from earlywarn.features.gather import Sources
from earlywarn.folders import written_whole
from earlywarn.model.examples import Examples, plan
from earlywarn.monitor.watch import dates_to_watch, watch
from earlywarn.monitor.words import moved
from earlywarn.progress import say, step
from earlywarn.record.answers import answers_beside
from earlywarn.report.decision_page import render_decision
from earlywarn.report.page import write_page
from earlywarn.retrain.comparison import compared, pair_of
from earlywarn.retrain.decision import DECISION, PAGE, decide, kept_decision, nothing_new
from earlywarn.retrain.key import digest_of_folder, run_key, version_with
from earlywarn.retrain.moves import counted, moves, private_rows
from earlywarn.retrain.where import labels_of_groups, where
from earlywarn.run.opening import MLRUNS, MODELS, PRIVATE, data_folder, instruments_beside, opened
from earlywarn.run.training import Order, gathered, train_version

DECISIONS = Path("retrain")
# Drift that a fresher version does not learn away: another way of asking or of recording. Other people it does.
_RECORDED = ("item", "answers", "response", "code")


@dataclass(frozen=True)
class Folders:
    """Where bundles, working files and MLflow's store are, and where the decision goes (by default by name)."""

    models: Path = MODELS
    private: Path = PRIVATE
    mlruns: Path = MLRUNS
    out: Path | None = None

    def decision(self, name: str) -> Path:
        """Return the folder of the decision page."""
        return self.out or DECISIONS / name


@dataclass(frozen=True)
class RetrainRun:
    """What a retraining recommends, and where it stands.

    again   : nothing had changed, and the decision is the one that was made before.
    moves   : who is new on a list and who is gone, by person; None where nothing was compared.
    promote : the command that makes the challenger the model in use; "" where there is no challenger.
    """

    folder: Path
    says: str
    reasons: tuple[str, ...]
    champion: int | None
    challenger: int | None
    again: bool
    moves: Path | None
    promote: str


def retrain(config_file: Path, data: Path | None = None, folders: Folders = Folders()) -> RetrainRun:
    """Check, train a challenger, compare it with the model in use, and recommend; steps done already are kept."""
    config = load_config(config_file)
    data, instruments = data_folder(data, config, config_file), instruments_beside(config_file)
    order = Order(answers_beside(config_file, config.name), folders.models, folders.private, folders.mlruns)
    key = run_key(digest_of_folder(data), config, instruments)
    out = folders.decision(config.name)
    if kept := kept_decision(out, key, folders.models):
        say("Nothing has changed since the last retraining: its decision stands.")
        return _run(kept, folders, again=True)
    in_use = bundle_in_use(folders.models, config.name)
    with written_whole(out, DECISION) as draft:
        with opened(data, config, instruments, folders.private) as sources:
            if in_use and must_wait(in_use, sources):
                facts = nothing_new(key, in_use)
            else:
                facts = _decided(sources, order, key, in_use)
        (draft / DECISION).write_bytes(canonical(facts))
        write_page(draft / PAGE, render_decision(facts))
    return _run(facts, folders, again=False)


def bundle_in_use(models: Path, name: str) -> Bundle | None:
    """Return the champion's bundle; None where there is none, or none that can be read."""
    version = version_in_use(models, name)
    try:
        return None if version is None else read_version(models, name, version)
    except BundleError:
        return None  # `enter_champion` says so


def must_wait(in_use: Bundle, sources: Sources) -> bool:
    """Tell whether no date has closed that the model in use, of the same outcome, could not have seen."""
    same = in_use.manifest.outcome == sources.config.outcome
    return same and not unseen_dates(in_use, sources, plan(sources)[0].test)


def _challenger(sources: Sources, order: Order, key: str) -> tuple[Bundle, Examples, Champion]:
    """Return the version that these data make, as kept or trained now, with its rows and the model in use on them."""
    if made := version_with(order.models, sources.config.name, key):
        say(f"Version {made.manifest.version} was made of the same: it is not trained again.")
        examples = gathered(sources, plan(sources)[0], order.private)
        return made, examples, enter_champion(order.models, sources, examples)
    trained = train_version(sources, order)
    return read_bundle(trained.run.bundle), trained.examples, trained.champion


def _decided(sources: Sources, order: Order, key: str, in_use: Bundle | None) -> dict[str, Any]:
    challenger, examples, champion = _challenger(sources, order, key)
    found: Mapping[str, Any] = {}
    if champion.scored is not None:
        with step("Comparing with the model in use"):
            found = _found(sources, order, challenger, champion, examples)
        if in_use:
            with step("Looking for drift since the model in use was made"):
                found = {**found, "moved": _moved(in_use, sources, champion.unseen)}
    return decide(key, challenger, champion, in_use, found)


def _found(
    sources: Sources, order: Order, challenger: Bundle, champion: Champion, examples: Examples
) -> Mapping[str, Any]:
    """Return what the comparison found; who comes and goes by person is written into the private folder."""
    pair, config = pair_of(sources, examples, challenger, champion), sources.config
    latest = pair.on(max(pair.dates))
    changed = moves(latest)
    order.private.mkdir(parents=True, exist_ok=True)
    file = _moves_file(order.private, config.name, challenger.manifest.version)
    private_rows(changed).to_csv(file, index=False, lineterminator="\n", encoding="utf-8-sig")
    return {
        "dates": [str(day) for day in pair.dates],
        "comparison": compared(pair),
        "where": list(where(pair, labels_of_groups(pair, config.fairness), challenger)),
        "moves_on": str(max(pair.dates)),
        "moves": counted(changed, labels_of_groups(latest, config.fairness)),
    }


def _moved(in_use: Bundle, sources: Sources, dates: Sequence[date]) -> list[str]:
    """Return, in words, how by the latest new date people were asked, or marks recorded, otherwise than before."""
    try:
        served = [day for day in dates_to_watch(in_use, sources) if day in dates]
    except LeakageError:  # it serves none of them
        served = []
    if not served:
        return []
    readings = watch(in_use, sources, served[-1]).readings
    return [says for says, _ in moved(in_use, [one for one in readings if one.kind in _RECORDED])]


def _moves_file(private: Path, name: str, version: int) -> Path:
    return private / f"moves-{name}-{version}.csv"


def _run(facts: Mapping[str, Any], folders: Folders, *, again: bool) -> RetrainRun:
    said = facts["recommendation"]
    champion, challenger = (one and one["version"] for one in (facts["champion"], facts["challenger"]))
    file = _moves_file(folders.private, facts["name"], challenger) if facts.get("moves") else None
    return RetrainRun(
        folder=folders.decision(facts["name"]),
        says=said["says"],
        reasons=tuple(said["reasons"]),
        champion=champion,
        challenger=challenger,
        again=again,
        moves=file,
        promote=_with_folders(facts.get("promote", ""), folders),
    )


def _with_folders(promote: str, folders: Folders) -> str:
    """Return the command with the folders that are not the usual ones."""
    if not promote:
        return ""
    unusual = {"--models": (folders.models, MODELS), "--mlruns": (folders.mlruns, MLRUNS)}
    named = [f"{option} {quote(str(given))}" for option, (given, usual) in unusual.items() if given != usual]
    return " ".join((promote, *named))
