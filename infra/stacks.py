"""CloudFormation, as a deployment and the local cloud both use it: a template and its parameters become a stack."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

CAPABILITIES: Any = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
WAIT: Any = {"Delay": 5, "MaxAttempts": 360}
WAIT_LOCALLY: Any = {"Delay": 0.1, "MaxAttempts": 600}


class StackFailed(Exception):
    """CloudFormation refused a change; the text says which resource and why."""


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms (`!Ref x`), read as their long forms."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def parse(text: str) -> dict[str, Any]:
    """A template as plain data, short forms made long."""
    template: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506  a SafeLoader with our own tags
    return template


def apply(
    client: "CloudFormationClient",
    name: str,
    parameters: Mapping[str, str],
    *,
    body: str = "",
    url: str = "",
    wait: Any = WAIT,
) -> dict[str, str]:
    """Create or change a stack and wait; gives its outputs. Nothing to change is fine. Raises StackFailed."""
    source: Any = {"TemplateURL": url} if url else {"TemplateBody": body}
    kind: Any = "UPDATE" if _exists(client, name) else "CREATE"
    change = client.create_change_set(
        StackName=name,
        ChangeSetName=f"deploy-{time.time_ns()}",
        ChangeSetType=kind,
        Capabilities=CAPABILITIES,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        **source,
    )
    if _ready(client, change["Id"], wait):
        client.execute_change_set(ChangeSetName=change["Id"])
        _wait(client, name, kind, wait)
    return outputs(client, name)


def outputs(client: "CloudFormationClient", name: str) -> dict[str, str]:
    stack = client.describe_stacks(StackName=name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _exists(client: "CloudFormationClient", name: str) -> bool:
    try:
        status = client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    except client.exceptions.ClientError:
        return False
    if status == "ROLLBACK_COMPLETE":
        raise StackFailed(f"{name} failed when it was first made: delete the stack, mend the cause and deploy again")
    return status != "REVIEW_IN_PROGRESS"


def _ready(client: "CloudFormationClient", change_set: str, wait: Any) -> bool:
    """Whether the change set can be executed; an empty one is dropped."""
    from botocore.exceptions import WaiterError

    try:
        client.get_waiter("change_set_create_complete").wait(ChangeSetName=change_set, WaiterConfig=wait)
    except WaiterError:
        reason = client.describe_change_set(ChangeSetName=change_set).get("StatusReason", "")
        if "didn't contain changes" not in reason and "No updates" not in reason:
            raise StackFailed(reason) from None
        client.delete_change_set(ChangeSetName=change_set)
        return False
    return True


def _wait(client: "CloudFormationClient", name: str, kind: str, wait: Any) -> None:
    from botocore.exceptions import WaiterError

    waiter: Any = client.get_waiter("stack_create_complete" if kind == "CREATE" else "stack_update_complete")
    try:
        waiter.wait(StackName=name, WaiterConfig=wait)
    except WaiterError:
        events = client.describe_stack_events(StackName=name)["StackEvents"]
        failed = [
            f"{event.get('LogicalResourceId')}: {event.get('ResourceStatusReason')}"
            for event in events
            if event.get("ResourceStatus", "").endswith("_FAILED")
        ]
        raise StackFailed("; ".join(failed)) from None
