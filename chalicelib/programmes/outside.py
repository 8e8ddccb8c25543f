"""Applicants' files in S3: they come and go by addresses that we sign, never through the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core.aws import client
from chalicelib.core.refusals import TryAgain
from chalicelib.core.settings import settings
from chalicelib.programmes.model import DOCUMENT_BYTES_MAX, Document

UPLOAD_SECONDS_MAX = 900
LINK_SECONDS_MAX = 300
FIRST_BYTES: Final = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True)
class Upload:
    """A form to POST the file with: these fields first, the file last, as `file`."""

    url: str
    fields: Mapping[str, str]


def _name(city: str, document: Document) -> str:
    return f"{city}/applications/{document.application}/{document.id}"


def upload(city: str, document: Document) -> Upload:
    """A signed form. S3 itself refuses another type or a larger file."""
    made = client("s3").generate_presigned_post(
        settings().bucket_documents,
        _name(city, document),
        Fields={"Content-Type": document.media_type},
        Conditions=[
            {"Content-Type": document.media_type},
            ["content-length-range", 1, DOCUMENT_BYTES_MAX],
        ],
        ExpiresIn=UPLOAD_SECONDS_MAX,
    )
    return Upload(made["url"], made["fields"])


def arrived(city: str, document: Document) -> bool:
    """Whether the file is there, within the limit, and begins as its type does. Raises TryAgain when S3 is silent."""
    first = FIRST_BYTES[document.media_type]
    try:
        part = client("s3").get_object(
            Bucket=settings().bucket_documents, Key=_name(city, document), Range=f"bytes=0-{len(first) - 1}"
        )
        size = int(part["ContentRange"].rpartition("/")[2])
        return size <= DOCUMENT_BYTES_MAX and part["Body"].read() == first
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (404, 416):
            return False
        raise TryAgain from None
    except BotoCoreError:
        raise TryAgain from None


def link(city: str, document: Document) -> str:
    """A short-lived address that downloads the file: it is never shown in our own origin."""
    return client("s3").generate_presigned_url(
        "get_object",
        Params={
            "Bucket": settings().bucket_documents,
            "Key": _name(city, document),
            "ResponseContentDisposition": "attachment",
            "ResponseContentType": document.media_type,
        },
        ExpiresIn=LINK_SECONDS_MAX,
    )
