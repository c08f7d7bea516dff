"""What the end-to-end tests find in the folder of a demo, and of a training of their own."""

from dataclasses import dataclass
from pathlib import Path

from command_line import Ran


@dataclass(frozen=True)
class Trained:
    """A folder that a command wrote, with a pupil model in it, and what the command said."""

    folder: Path
    ran: Ran

    @property
    def bundle(self) -> Path:
        return self.folder / "models" / "pupil-absence" / "1"


@dataclass(frozen=True)
class Demo(Trained):
    """A demo: the data, both models, and scores with a pack for every school."""

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def staff_bundle(self) -> Path:
        return self.folder / "models" / "staff-resignation" / "1"

    @property
    def scores(self) -> Path:
        return self.folder / "scores" / "pupil-absence"

    @property
    def staff_scores(self) -> Path:
        return self.folder / "scores" / "staff-resignation"

    @property
    def packs(self) -> list[Path]:
        return sorted((self.scores / "packs").iterdir())
