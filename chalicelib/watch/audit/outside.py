"""The bucket of seals: what is written there is written once, and kept by the bucket's lock."""

from collections.abc import Iterable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.core.aws import client
from chalicelib.core.settings import settings
from chalicelib.core.table import retried
from chalicelib.watch.audit.model import Leaf, Seal

LEAVES_READ_BYTES = 64 * 1024


def write_leaves(city: str, day: str, leaves: Iterable[Leaf]) -> bool:
    """The leaves of a day's seal. False if they were written before: then those count."""
    return _write_once(_leaves_name(city, day), "".join(leaf.line() for leaf in leaves), "application/x-ndjson")


def read_leaves(city: str, day: str) -> Iterator[Leaf]:
    """The leaves of a day's seal in order, one at a time, however many there are. None if the object is not there."""
    body = _get(_leaves_name(city, day))
    for line in body.iter_lines(LEAVES_READ_BYTES) if body else ():
        yield Leaf.read(line)


def write_seal(seal: Seal) -> bool:
    """The seal itself. False if it was written before."""
    return _write_once(_seal_name(seal.city, seal.day.isoformat()), seal.document(), "application/json")


def read_seal(city: str, day: str) -> str:
    """The seal's document as it was written, empty if it is not there."""
    body = _get(_seal_name(city, day))
    return body.read().decode() if body else ""


def _get(name: str) -> Any:
    try:
        return retried(lambda: client("s3").get_object(Bucket=settings().bucket_seals, Key=name))["Body"]
    except ClientError as fault:
        if fault.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise


def sealed_days(city: str) -> Iterator[str]:
    """The days that have a seal in the bucket, in order, whatever the table says."""
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=settings().bucket_seals, Prefix=f"{city}/")
    for page in pages:
        for each in page.get("Contents", []):
            if each["Key"].endswith(".json"):
                yield each["Key"].removeprefix(f"{city}/").removesuffix(".json")


def _leaves_name(city: str, day: str) -> str:
    return f"{city}/{day}.leaves"


def _seal_name(city: str, day: str) -> str:
    return f"{city}/{day}.json"


def _write_once(name: str, text: str, content_type: str) -> bool:
    try:
        client("s3").put_object(
            Bucket=settings().bucket_seals, Key=name, Body=text.encode(), ContentType=content_type, IfNoneMatch="*"
        )
    except ClientError as fault:
        if fault.response["Error"]["Code"] == "PreconditionFailed":
            return False
        raise
    return True
