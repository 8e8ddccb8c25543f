"""Where scanned documents about guardians lie: a private bucket, reached by addresses that end soon."""

from dataclasses import dataclass

from chalicelib.core.aws import client
from chalicelib.core.settings import settings

LINK_SECONDS_MAX = 300
DOCUMENT_BYTES_MAX = 10 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A form that a browser posts the file with; the bucket refuses another type and a longer file."""

    url: str
    fields: dict[str, str]


def upload(name: str, content_type: str) -> Upload:
    """Where to send a document of this type."""
    made = client("s3").generate_presigned_post(
        settings().bucket_documents,
        name,
        Fields={"Content-Type": content_type},
        Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, DOCUMENT_BYTES_MAX]],
        ExpiresIn=LINK_SECONDS_MAX,
    )
    return Upload(made["url"], dict(made["fields"]))


def download(name: str) -> str:
    """An address that shows the document for five minutes."""
    return client("s3").generate_presigned_url(
        "get_object", Params={"Bucket": settings().bucket_documents, "Key": name}, ExpiresIn=LINK_SECONDS_MAX
    )
