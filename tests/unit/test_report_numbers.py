"""Every number on the model report stands in `metrics.json`."""

import json
from pathlib import Path

import pytest

from earlywarn.report.model_report import render_model_report
from made_up_facts import report_facts, staff_facts
from page_numbers import not_in_facts


@pytest.mark.parametrize("facts", [report_facts(), report_facts(("everyone",)), staff_facts()])
def test_every_number_on_the_page_stands_in_the_facts(facts: dict[str, object], tmp_path: Path) -> None:
    kept = json.loads(json.dumps(facts))
    assert not_in_facts(render_model_report(facts), kept) == set()


def test_a_number_that_is_made_up_on_the_way_would_be_noticed() -> None:
    facts = report_facts()
    page = render_model_report(facts).replace("</main>", "<p>4,711 families</p></main>")
    assert not_in_facts(page, facts) == {"4,711"}
