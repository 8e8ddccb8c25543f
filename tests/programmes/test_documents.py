"""Applicants' files: straight to S3 by a form that we signed, and counted only when they are what they say."""

import httpx
import pytest

from chalicelib.core.gate import Who
from chalicelib.programmes import outside, service
from chalicelib.programmes.model import (
    DOCUMENT_BYTES_MAX,
    DOCUMENTS_MAX,
    Application,
    ApplicationUnknown,
    DocumentNotArrived,
    TooManyDocuments,
    Words,
)
from tests.programmes.build import CITY, a_citizen, a_hall, an_open

PDF = b"%PDF-1.7 a confirmation"


def a_draft() -> tuple[Application, Who]:
    staff = a_hall()
    programme = an_open(staff, documents=Words("potvrzení školy"))
    me = a_citizen()
    return service.start(CITY, programme.id, me.id, me), me


def send(upload: outside.Upload, content: bytes, media_type: str = "application/pdf") -> int:
    """As a browser does: the fields of the form, then the file."""
    fields = dict(upload.fields) | {"Content-Type": media_type}
    return httpx.post(upload.url, data=fields, files={"file": ("potvrzeni.pdf", content, media_type)}).status_code


def test_a_file_that_arrived_lets_the_application_pass_and_can_be_read(bucket: str) -> None:
    draft, me = a_draft()
    document, upload = service.add_document(CITY, draft.id, "potvrzení.pdf", "application/pdf", len(PDF), me)
    with pytest.raises(DocumentNotArrived):
        service.submit(CITY, draft.id, me)
    assert send(upload, PDF) in (200, 204)
    assert service.document_arrived(CITY, draft.id, document.id, me).arrived_at is not None
    assert service.submit(CITY, draft.id, me).state == "submitted"
    link = service.document_link(CITY, service.application(CITY, draft.id), document.id)
    assert httpx.get(link).content == PDF


def test_a_file_that_is_not_what_it_says_does_not_count(bucket: str) -> None:
    draft, me = a_draft()
    document, upload = service.add_document(CITY, draft.id, "potvrzení.pdf", "application/pdf", 10, me)
    with pytest.raises(DocumentNotArrived):
        service.document_arrived(CITY, draft.id, document.id, me)
    assert send(upload, b"<script>alert(1)</script>") in (200, 204)
    with pytest.raises(DocumentNotArrived):
        service.document_arrived(CITY, draft.id, document.id, me)
    service.remove_document(CITY, draft.id, document.id, me)
    assert service.documents(CITY, draft) == []


def test_the_form_itself_bounds_the_size_and_names_the_type(bucket: str) -> None:
    draft, me = a_draft()
    document, upload = service.add_document(CITY, draft.id, "velký.pdf", "application/pdf", 10, me)
    assert send(upload, PDF + b" " * DOCUMENT_BYTES_MAX) >= 400
    with pytest.raises(DocumentNotArrived):
        service.document_arrived(CITY, draft.id, document.id, me)


def test_ten_files_are_enough_and_strangers_see_none(bucket: str) -> None:
    draft, me = a_draft()
    for n in range(DOCUMENTS_MAX):
        service.add_document(CITY, draft.id, f"{n}.pdf", "application/pdf", 10, me)
    with pytest.raises(TooManyDocuments):
        service.add_document(CITY, draft.id, "další.pdf", "application/pdf", 10, me)
    stranger = a_citizen(given="Karel", surname="Cizí")
    with pytest.raises(ApplicationUnknown):
        service.add_document(CITY, draft.id, "cizí.pdf", "application/pdf", 10, stranger)
