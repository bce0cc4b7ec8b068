"""The examples of the guide are flows that work."""

import json
import re
from pathlib import Path

from hotline.flows import Context, read_flow, start

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "flows.md"


def test_every_example_of_the_guide_is_a_flow_that_starts() -> None:
    examples = re.findall(r"```json\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    assert len(examples) == 5
    for example in examples:
        flow = read_flow(json.loads(example))
        assert start(flow, Context(called="962740", caller=None, language="zh"), 0).actions
