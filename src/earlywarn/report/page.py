"""From a template to a file: one HTML page that needs nothing but itself.

Everything is escaped unless it was built as markup here; a name that a template
does not know is an error. The style and the script stand inside the page, and
the content security policy allows exactly these two by their hashes: even if
text ever became markup, nothing in it could run or call out.
"""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from earlywarn.report import words

_LONGEST_NAME = 200
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_MINUS = re.compile(r"(?<![\w.-])-(?=\d)")
_CODE = re.compile(r"`([^`]+)`")


def write_page(path: Path, page: str) -> None:
    """Write a page; the same page gives the same bytes on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", newline="\n")


def file_name(name: str) -> str:
    """Return any text, such as an id, as the name of one file or folder.

    >>> file_name("123456"), file_name("../a"), file_name("..")
    ('123456', '..%2Fa', '%2E%2E')
    """
    quoted = quote(name, safe="")
    if len(quoted) > _LONGEST_NAME:  # disks refuse names of more than 255 bytes
        return f"{quoted[:100]}~{sha256(name.encode()).hexdigest()}"
    return quoted if quoted.strip(".") else quoted.replace(".", "%2E")


def render(template: str, *, script: bool = False, **shown: object) -> str:
    """Return a template's page with the shared style, and with the list's script if it is asked for."""
    style, code = _part("style.css"), _part("list.js") if script else ""
    page = _environment().get_template(template)
    return page.render(style=Markup(style), script=Markup(code), policy=_policy(style, code), **shown)


def spoken(sentence: str) -> Markup:
    """Return a sentence that a terminal shows as well in the style of a page: dates in words, true minus signs, code.

    >>> spoken("from -0.01, `until` 2026-11-09")
    Markup('from −0.01, <code>until</code> 9 November 2026')
    """
    said = _DATE.sub(lambda found: words.day(found[0]), _MINUS.sub("−", sentence))
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(said))))


def _policy(style: str, code: str) -> str:
    allowed = f"; script-src '{_hash(code)}'" if code else ""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'{allowed}; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _part(name: str) -> str:
    """Return the style or the script as it stands in the page."""
    return files("earlywarn.report").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    pages = Environment(
        loader=PackageLoader("earlywarn", "report/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"day": words.day, "spoken": spoken}
    return pages
