"""Who may ask: a file of tokens, each for one school, for somebody, until a day.

In:  a YAML list of `who`, `school_id`, `sha256`, `until`, as `earlywarn serve-token` writes it.
Out: `Token`s. The file holds SHA-256 sums only: whoever reads it cannot ask. A token is 256 random bits,
     so that a plain sum is enough.
"""

import hmac
import secrets
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError

from earlywarn.config import Section
from earlywarn.errors import ConfigError
from earlywarn.folders import half_made

_HEADER = "# Who may ask `earlywarn serve`. Take an entry out and start the service again: its token opens nothing.\n"
_APART = "name each token apart"
_ASK = "give --for 1 to 100 letters, and the school_id as the table of schools has it"
_FIX = "let `earlywarn serve-token SCHOOL_ID --for WHO --until DAY --tokens FILE` write the entry"


class Token(Section):
    """A token, as far as the service knows it.

    who   : what the access log calls its holder; no two tokens share it.
    until : the last day on which it opens anything.
    """

    who: Annotated[str, Field(min_length=1, max_length=100)]
    school_id: Annotated[str, Field(min_length=1)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    until: date


def read_tokens(path: Path) -> tuple[Token, ...]:
    """Read a file of tokens; an error names the line, and never what stands there."""
    return _tokens(_text(path), path)


def add_token(path: Path, school_id: str, who: str, until: date, today: date | None = None) -> str:
    """Add a token to a file, which is made where there is none; return the token, which is kept nowhere."""
    if until < (today or date.today()):
        raise ConfigError(f"{until} is past: the token would open nothing", fix="give a later day with --until")
    secret = secrets.token_urlsafe(32)
    entry = {"who": who, "school_id": school_id, "sha256": _sum(secret), "until": until}
    _token(entry, "the new token", _ASK)
    before = _text(path) if path.exists() else _HEADER
    if who in {token.who for token in _tokens(before, path)}:
        raise ConfigError(f"{path}: it has a token for {who} already", fix=f"{_APART}, or take that one out")
    gap = "" if before.endswith("\n") else "\n"
    text = before + gap + yaml.safe_dump([entry], sort_keys=False, allow_unicode=True)
    _tokens(text, path)  # what was added by hand, in another style, may not bear it
    _write(path, text)
    return secret


def caller_of(tokens: Iterable[Token], secret: str, today: date) -> Token | None:
    """Return the token that a secret belongs to, if its last day is not past.

    Every token is compared, each in constant time: how long it takes tells nothing.
    """
    given = _sum(secret)
    found = [token for token in tokens if hmac.compare_digest(token.sha256, given)]
    return found[0] if found and today <= found[0].until else None


def _sum(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _write(path: Path, text: str) -> None:
    """Write the file whole, for its owner alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = half_made(path.parent, ".tokens")
        draft.touch(mode=0o600)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError:
        raise ConfigError(f"{path}: the file cannot be written there", fix="name another with --tokens") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"{path}: missing, or not readable", fix=_FIX) from None


def _tokens(text: str, path: Path) -> tuple[Token, ...]:
    """Return the tokens of a file's text."""
    tokens: dict[str, Token] = {}
    for line, entry in _entries(text, path):
        token = _token(entry, f"{path}, line {line}")
        if token.who in tokens:
            raise ConfigError(f"{path}, line {line}: an earlier entry has the same `who`", fix=_APART)
        tokens[token.who] = token
    return tuple(tokens.values())


def _entries(text: str, path: Path) -> list[tuple[int, Any]]:
    """Return each entry with its line, all values as text: `school_id: 0123` stays what it is."""
    try:
        loader = yaml.BaseLoader(text)
        root = loader.get_single_node()
        if root is None:
            return []
        if not isinstance(root, yaml.SequenceNode):
            raise ConfigError(f"{path}, line {root.start_mark.line + 1}: not a list of tokens", fix=_FIX)
        return [(each.start_mark.line + 1, loader.construct_object(each, deep=True)) for each in root.value]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ConfigError(f"{path}, line {mark.line + 1 if mark else 1}: not YAML", fix=_FIX) from None


def _token(entry: Any, where: str, fix: str = _FIX) -> Token:
    try:
        return Token.model_validate(entry)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        key = f"{first['loc'][0]}: " if first["loc"] else ""
        raise ConfigError(f"{where}: {key}{first['msg'].lower()}", fix=fix) from None
