"""Where the vouchers' documents lie: a private bucket, reached by addresses that end soon."""

from datetime import timedelta

from chalicelib.core.aws import client
from chalicelib.core.settings import settings
from chalicelib.money.vouchers.model import Voucher


def pdf_name(city: str, voucher: Voucher) -> str:
    """The document's name in the bucket: no code and nobody's name in it."""
    return f"{city}/vouchers/{voucher.id}/{voucher.revision}.pdf"


def put(name: str, document: bytes) -> None:
    """Store a PDF. Storing it again writes the same."""
    client("s3").put_object(Bucket=settings().bucket_documents, Key=name, Body=document, ContentType="application/pdf")


def link(name: str, file_name: str, life: timedelta) -> str:
    """An address that downloads the document until its life ends."""
    return client("s3").generate_presigned_url(
        "get_object",
        Params={
            "Bucket": settings().bucket_documents,
            "Key": name,
            "ResponseContentDisposition": f'attachment; filename="{file_name}"',
        },
        ExpiresIn=int(life.total_seconds()),
    )
