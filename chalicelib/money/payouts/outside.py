"""Files of payouts in S3. They leave by short-lived links, not through the API."""

from chalicelib.core.aws import client
from chalicelib.core.clock import PRAGUE
from chalicelib.core.settings import settings

__all__ = ["PRAGUE", "keep_file", "link_to"]

LINK_SECONDS_MAX = 300


def keep_file(key: str, content: bytes, content_type: str) -> None:
    """Store a file. The bucket keeps versions: what was once handed out is never lost."""
    client("s3").put_object(Bucket=settings().bucket_documents, Key=key, Body=content, ContentType=content_type)


def link_to(key: str, name: str) -> str:
    """A link that downloads the file under this name and works for LINK_SECONDS_MAX."""
    parameters = {
        "Bucket": settings().bucket_documents,
        "Key": key,
        "ResponseContentDisposition": f'attachment; filename="{name}"',
    }
    return client("s3").generate_presigned_url("get_object", Params=parameters, ExpiresIn=LINK_SECONDS_MAX)
