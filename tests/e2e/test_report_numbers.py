"""Every number on the reports of a real run stands in their `metrics.json`."""

import json

from demo_folder import Demo
from page_numbers import not_in_facts


def test_every_number_on_the_reports_stands_in_their_metrics(demo: Demo) -> None:
    for bundle in (demo.bundle, demo.staff_bundle):
        facts = json.loads((bundle / "metrics.json").read_text(encoding="utf-8"))
        page = (bundle / "report.html").read_text(encoding="utf-8")
        assert not_in_facts(page, facts | {"version": int(bundle.name)}) == set()
