"""Files as a browser sends them, and what lies in the bucket afterwards."""

from collections.abc import Mapping

import httpx

from chalicelib.core import aws

PDF = b"%PDF-1.7 a confirmation"
SWAPPED = b"%PDF-1.7 something else"


def send(url: str, fields: Mapping[str, str], content: bytes) -> int:
    """The fields of the form, then the file; gives the status."""
    media_type = fields["Content-Type"]
    return httpx.post(url, data=dict(fields), files={"file": ("potvrzeni.pdf", content, media_type)}).status_code


def lying(bucket: str) -> list[bytes]:
    """What lies in a bucket in all its versions, deleted or not."""
    s3 = aws.client("s3")
    found = s3.list_object_versions(Bucket=bucket)
    assert not found.get("DeleteMarkers")
    versions = found.get("Versions", [])
    return sorted(
        s3.get_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])["Body"].read() for one in versions
    )
