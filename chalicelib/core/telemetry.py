"""Structured logs and metrics. No personal data: ids, codes and counts only."""

import os
from threading import Lock

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "aktivni-mesto")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "AktivniMesto")

log = Logger(level=os.environ.get("LOG_LEVEL", "INFO"))
metrics = Metrics()
_one_thread = Lock()
"""A function of Lambda has one thread; the local cloud and tests have many, and one metric set."""


def count(name: str, n: int = 1) -> None:
    """Add to a metric; it is sent when the handler ends."""
    with _one_thread:
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=n)


def send_metrics() -> None:
    """Write what was counted in this invocation as one EMF line."""
    with _one_thread:
        _send()


def _send() -> None:
    if metrics.metric_set:
        print(_serialized())
        metrics.clear_metrics()


def _serialized() -> str:
    import json

    return json.dumps(metrics.serialize_metric_set())
