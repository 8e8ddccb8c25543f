"""Which installation a command of an operator speaks to."""

import json
import os
from pathlib import Path

from infra.deploy import read_stage
from infra.stacks import outputs

ROOT = Path(__file__).parent.parent


def environment(stage: str | None) -> dict[str, str]:
    """The environment of an installation's functions: of infra/stages/NAME.json, or of the local cloud of DATA_DIR."""
    return _on_aws(stage) if stage else _local()


def _local() -> dict[str, str]:
    """As the local cloud's last start wrote it."""
    file = Path(os.environ.get("DATA_DIR", ROOT / ".data")) / "environment.json"
    if not file.exists():
        raise SystemExit(f"{file} does not exist: start the local cloud first (make run)")
    found: dict[str, str] = json.loads(file.read_text())
    return found


def _on_aws(name: str) -> dict[str, str]:
    import boto3

    stage = read_stage(name)
    data = outputs(boto3.client("cloudformation", region_name=stage.region), stage.data_stack)
    return {
        "AWS_DEFAULT_REGION": stage.region,
        "STAGE": stage.name,
        "ORIGIN": stage.origin,
        "TABLE_NAME": data["TableName"],
        "BUCKET_SEALS": data["SealsName"],
        "PEPPER_ID": data["PepperArn"],
    }
