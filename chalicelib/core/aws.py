"""Clients of AWS, each made on first use and shared: making one costs more than a request."""

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Literal, overload

if TYPE_CHECKING:
    from botocore.session import Session
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient

CONNECT_SECONDS_MAX = 1
READ_SECONDS_MAX = 3
"""One attempt of 1 s + 3 s: botocore's own retries would outlive the gateway, and money would move behind an error."""


@overload
def client(service: Literal["dynamodb"]) -> "DynamoDBClient": ...
@overload
def client(service: Literal["s3"]) -> "S3Client": ...
@overload
def client(service: Literal["secretsmanager"]) -> "SecretsManagerClient": ...
@overload
def client(service: Literal["sesv2"]) -> "SESV2Client": ...
@overload
def client(service: Literal["sqs"]) -> "SQSClient": ...
def client(service: str) -> object:
    """The shared client of a service. Endpoints come from AWS_ENDPOINT_URL and its kin alone."""
    with _making:  # botocore's session makes one client at a time
        return _client(service)


_making = Lock()


@cache
def _client(service: str) -> object:
    # boto3's clients are botocore's; making them directly spares a new container the import of boto3 around them.
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS_MAX,
        read_timeout=READ_SECONDS_MAX,
        retries={"total_max_attempts": 1},
        max_pool_connections=32,
        s3={"addressing_style": "path"},
    )
    return _session().create_client(service, config=config)


@cache
def _session() -> "Session":
    from botocore.session import get_session

    return get_session()
