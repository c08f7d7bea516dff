"""The papers of real bundles: every field is there, and every number comes from the bundle."""

import json
from pathlib import Path
from typing import Any

import earlywarn.record
from command_line import earlywarn_here
from demo_folder import Demo
from earlywarn.record.papers import PAPERS
from page_numbers import not_in_facts

OWN_WORDS = [path.read_text(encoding="utf-8") for path in Path(earlywarn.record.__file__).parent.rglob("*.[pm][yd]")]
HELD = ("manifest", "metrics", "audit", "features")


def test_the_papers_lack_nothing_but_what_only_a_person_can_say(demo: Demo) -> None:
    for bundle in (demo.bundle, demo.staff_bundle):
        ran = earlywarn_here("record", "check", bundle, "--json")
        found = json.loads(ran.out)
        assert (ran.code, found["problems"], found["papers"]) == (10, [], list(PAPERS))
        assert "lawful_basis" in {one["key"] for one in found["open"]}


def test_every_number_in_the_papers_stands_in_the_bundle(demo: Demo) -> None:
    for bundle in (demo.bundle, demo.staff_bundle):
        facts: dict[str, Any] = {name: json.loads((bundle / f"{name}.json").read_bytes()) for name in HELD}
        for name in PAPERS:
            text = (bundle / name).read_text(encoding="utf-8")
            assert not_in_facts(text, facts | {"own": OWN_WORDS}) == set(), (bundle.name, name)
