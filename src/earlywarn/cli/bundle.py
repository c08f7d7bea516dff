"""`bundle verify` and `bundle sign`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from earlywarn.cli.app import BundleFolder, Json, app, commands, plain, show

bundle_app = typer.Typer(help="Check that a bundle is whole, and say who stands behind it.", no_args_is_help=True)
app.add_typer(bundle_app, name="bundle")


@bundle_app.command()
def verify(
    bundle: BundleFolder,
    key: Annotated[Path | None, typer.Option(help="Public Ed25519 key (PEM) whose owner must have signed it.")] = None,
    as_json: Json = False,
) -> None:
    """Check a bundle's files, hashes, forms, models, made-up rows and signature; 13 if anything is wrong."""
    found = commands(as_json).verify_bundle(bundle, key)
    show(_words(found), plain(found), as_json)


@bundle_app.command()
def sign(
    bundle: BundleFolder,
    key: Annotated[Path, typer.Option(help="Private Ed25519 key (PEM); it is read, never kept.")],
    as_json: Json = False,
) -> None:
    """Sign a bundle that is whole: whoever edits it afterwards can no longer pass it off as yours."""
    found = commands(as_json).sign_bundle(bundle, key)
    show([*_words(found), f"Wrote {found.bundle / 'signature.json'}."], plain(found), as_json)


def _words(found: Any) -> list[str]:
    whole = f"{found.bundle} is whole: {found.name}, version {found.version}, format {found.format}"
    return [f"{whole}, by earlywarn {found.earlywarn}.", *(f"  {what}: {said}" for what, said in found.checks.items())]
