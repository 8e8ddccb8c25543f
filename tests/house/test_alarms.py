"""Alarms watch what is really sent, and somebody is told what to do about each."""

import re
from typing import Any

import pytest

from chalicelib.core.refusals import Refusal
from infra.stacks import parse
from tools.docs import ROOT, load_rooms

load_rooms()
RESOURCES = parse((ROOT / "infra/app.yaml").read_text())["Resources"]
SENT = set(re.findall(r'count\("(\w+)"', "\n".join(path.read_text() for path in (ROOT / "chalicelib").rglob("*.py"))))


def alarms() -> dict[str, dict[str, Any]]:
    """Every alarm of the application by name; of those made in a loop, the beginning of the name."""
    found = {}
    for name, resource in RESOURCES.items():
        looped = resource[2] if isinstance(resource, list) else {name: resource}
        for each, it in looped.items():
            if it.get("Type") == "AWS::CloudWatch::Alarm":
                found[each.partition("${")[0]] = it["Properties"]
    return found


@pytest.mark.parametrize("name", alarms())
def test_an_alarm_watches_a_metric_that_is_sent(name: str) -> None:
    alarm = alarms()[name]
    metric = alarm["MetricName"]
    if alarm["Namespace"] != "AktivniMesto" or isinstance(metric, dict):  # AWS's own; jobs have a test in tests/deploy
        return
    kind, _, code = metric.partition(".")
    assert code in Refusal.all if kind == "Refusal" else metric in SENT, metric


def test_the_refusals_that_are_counted_are_those_that_an_alarm_watches() -> None:
    """A metric costs money each month: what nobody is woken for is a field of the log."""
    names = [alarm["MetricName"] for alarm in alarms().values() if isinstance(alarm["MetricName"], str)]
    watched = {name.partition(".")[2] for name in names if name.startswith("Refusal.")}
    assert watched == {code for code, refusal in Refusal.all.items() if refusal.watched}


@pytest.mark.parametrize("name", alarms())
def test_an_alarm_is_described_where_its_runbook_is(name: str) -> None:
    operating = (ROOT / "docs/operating.md").read_text()
    text = alarms()[name]["AlarmDescription"]
    text = text if isinstance(text, str) else text["Fn::Sub"]
    (runbook,) = re.findall(r'Runbook "(.+)"', text)
    assert f"### {runbook}\n" in operating
    section = operating.partition(f"### {runbook}\n")[2].partition("\n### ")[0]
    assert name in section, "the runbook names its alarms"
