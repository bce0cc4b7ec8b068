"""The JSON schema of a flow, for editors of other makers."""

from typing import Any

import msgspec

from hotline.flows.definition import Flow


def flow_schema() -> dict[str, Any]:
    """JSON schema (2020-12) of a flow's definition."""
    return msgspec.json.schema(Flow)
