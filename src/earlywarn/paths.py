"""Where the files that ship with earlywarn lie."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped_configs() -> Path:
    """Return the folder of shipped configs: inside an installed package, or the checkout's own."""
    installed = _PACKAGE / "configs"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "configs"


def shipped_instruments() -> Path:
    """Return the folder of shipped questionnaires."""
    return shipped_configs() / "instruments"
