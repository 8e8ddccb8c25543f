"""The one invented document that stands for everything people upload, so that a clerk has something to open."""

from functools import cache
from pathlib import Path

from chalicelib.core.aws import client
from chalicelib.core.settings import settings

TYPE = "application/pdf"


@cache
def content() -> bytes:
    import font_roboto
    from fpdf import FPDF

    page = FPDF()
    page.add_page()
    page.add_font("Roboto", "", Path(font_roboto.font_directory) / "Roboto-Regular.ttf")
    page.set_font("Roboto", size=16)
    page.multi_cell(0, 10, "Ukázkový dokument\n\nVšechno v něm je vymyšlené a nic neplatí.")
    return bytes(page.output())


def put_document(name: str) -> str:
    """Store it under a name in the documents' bucket; returns the version."""
    stored = client("s3").put_object(Bucket=settings().bucket_documents, Key=name, Body=content(), ContentType=TYPE)
    return stored["VersionId"]
