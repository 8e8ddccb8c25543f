"""Files that people send: straight to S3 by a form that we sign, and read ever after in the version that arrived.

A signed form may be used again until it ends, so a name alone promises nothing: what was checked is kept by its version.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core.aws import client
from chalicelib.core.clock import now
from chalicelib.core.refusals import DocumentNotArrived, TryAgain
from chalicelib.core.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

UPLOAD_SECONDS_MAX = 900
LINK_SECONDS_MAX = 300
FRESH_MAX = timedelta(hours=6)
"""What was sent longer ago does not arrive any more: it is sent again."""
UNANNOUNCED_MAX = timedelta(days=1)
"""Far above FRESH_MAX, so that the sweep never takes what arrives at the same moment."""
SWEPT_A_STEP = 1000
FIRST_BYTES: Final = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True)
class Upload:
    """A form to POST the file with: these fields first, the file last, as `file`."""

    url: str
    fields: Mapping[str, str]


def form(name: str, media_type: str, bytes_max: int) -> Upload:
    """A signed form. S3 itself refuses another type or a larger file."""
    made = client("s3").generate_presigned_post(
        settings().bucket_documents,
        name,
        Fields={"Content-Type": media_type},
        Conditions=[{"Content-Type": media_type}, ["content-length-range", 1, bytes_max]],
        ExpiresIn=UPLOAD_SECONDS_MAX,
    )
    return Upload(made["url"], made["fields"])


def arrived(name: str, bytes_max: int) -> str:
    """The version that is there now, whole, and begins as its type does.

    Raises DocumentNotArrived, and TryAgain when S3 is silent.
    """
    longest = max(map(len, FIRST_BYTES.values()))
    try:
        part = client("s3").get_object(Bucket=settings().bucket_documents, Key=name, Range=f"bytes=0-{longest - 1}")
        begins = part["Body"].read()
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (404, 416):
            raise DocumentNotArrived from None
        raise TryAgain from None
    except BotoCoreError:
        raise TryAgain from None
    first = FIRST_BYTES.get(part["ContentType"])
    whole = int(part["ContentRange"].rpartition("/")[2]) <= bytes_max and part["LastModified"] > now() - FRESH_MAX
    if not (first and whole and begins.startswith(first)):
        raise DocumentNotArrived
    return part["VersionId"]


def link(name: str, version: str) -> str:
    """A short-lived address that downloads the version that arrived: it is never shown in our own origin."""
    place = {"Bucket": settings().bucket_documents, "Key": name, "VersionId": version}
    return client("s3").generate_presigned_url(
        "get_object", Params={**place, "ResponseContentDisposition": "attachment"}, ExpiresIn=LINK_SECONDS_MAX
    )


def delete(name: str) -> None:
    """Remove a file in all its versions. What S3 does not take now, the sweep takes later."""
    with suppress(ClientError, BotoCoreError):
        found = client("s3").list_object_versions(Bucket=settings().bucket_documents, Prefix=name)
        _delete_versions([(one["Key"], one["VersionId"]) for one in found.get("Versions", []) if one["Key"] == name])


def sweep(prefix: str, kept: Callable[[Sequence[str]], Mapping[str, str]], cursor: str | None) -> str | None:
    """One step over the files under a prefix: what lies there for a day, and is not the version kept, goes for good.

    `kept(names)` gives the version that each name is kept in. Returns after which name the next step begins, None at
    the end; more versions of one name than a step takes wait for the next sweep.
    """
    page = client("s3").list_object_versions(
        Bucket=settings().bucket_documents, Prefix=prefix, KeyMarker=cursor or "", MaxKeys=SWEPT_A_STEP
    )
    old = [
        (one["Key"], one["VersionId"])
        for one in page.get("Versions", [])
        if one["LastModified"] < now() - UNANNOUNCED_MAX
    ]
    versions = kept(list(dict.fromkeys(name for name, _version in old)))
    _delete_versions([(name, version) for name, version in old if versions.get(name) != version])
    return page["NextKeyMarker"] if page["IsTruncated"] else None


def _delete_versions(versions: Sequence[tuple[str, str]]) -> None:
    """At most a thousand, which is what S3 takes at once and lists at once."""
    if versions:
        objects: list[ObjectIdentifierTypeDef] = [{"Key": name, "VersionId": one} for name, one in versions]
        client("s3").delete_objects(Bucket=settings().bucket_documents, Delete={"Objects": objects, "Quiet": True})
