"""Applicants' files: straight to S3 by a form that we signed, and counted only when they are what they say."""

from datetime import timedelta

import httpx
import pytest

from chalicelib.core import uploads
from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.refusals import DocumentNotArrived
from chalicelib.money.programmes import jobs, service, store
from chalicelib.money.programmes.model import (
    DOCUMENT_BYTES_MAX,
    DOCUMENTS_MAX,
    Application,
    ApplicationUnknown,
    TooManyDocuments,
    Words,
)
from tests.days import StandAt
from tests.files import PDF, SWAPPED, lying, send
from tests.money.programmes.build import CITY, a_citizen, a_hall, an_open


def a_draft() -> tuple[Application, Who]:
    staff = a_hall()
    programme = an_open(staff, documents=Words("potvrzení školy"))
    me = a_citizen()
    return service.start(CITY, programme.id, me.id, me), me


def test_a_file_that_arrived_lets_the_application_pass_and_can_be_read(bucket: str) -> None:
    draft, me = a_draft()
    document, upload = service.add_document(CITY, draft.id, "potvrzení.pdf", "application/pdf", len(PDF), me)
    with pytest.raises(DocumentNotArrived):
        service.submit(CITY, draft.id, me)
    assert send(upload.url, upload.fields, PDF) in (200, 204)
    assert service.document_arrived(CITY, draft.id, document.id, me).arrived_at is not None
    assert service.submit(CITY, draft.id, me).state == "submitted"
    link = service.document_link(CITY, service.application(CITY, draft.id), document.id)
    assert httpx.get(link).content == PDF


def test_a_file_that_is_not_what_it_says_does_not_count(bucket: str) -> None:
    draft, me = a_draft()
    document, upload = service.add_document(CITY, draft.id, "potvrzení.pdf", "application/pdf", 10, me)
    with pytest.raises(DocumentNotArrived):
        service.document_arrived(CITY, draft.id, document.id, me)
    assert send(upload.url, upload.fields, b"<script>alert(1)</script>") in (200, 204)
    with pytest.raises(DocumentNotArrived):
        service.document_arrived(CITY, draft.id, document.id, me)
    service.remove_document(CITY, draft.id, document.id, me)
    assert store.documents(CITY, draft.id) == []


def test_the_form_itself_bounds_the_size_and_names_the_type(bucket: str) -> None:
    draft, me = a_draft()
    document, upload = service.add_document(CITY, draft.id, "velký.pdf", "application/pdf", 10, me)
    assert send(upload.url, upload.fields, PDF + b" " * DOCUMENT_BYTES_MAX) >= 400
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


def swept(stand_at: StandAt) -> None:
    """The night's sweep, when what was sent has lain for over a day."""
    stand_at(now() + timedelta(days=2))
    cursor = jobs.JOBS["files"](CITY, None)
    while cursor:
        cursor = jobs.JOBS["files"](CITY, cursor)


def test_what_is_sent_again_by_the_same_form_changes_nothing_that_arrived(bucket: str, stand_at: StandAt) -> None:
    draft, me = a_draft()
    document, upload = service.add_document(CITY, draft.id, "potvrzení.pdf", "application/pdf", len(PDF), me)
    send(upload.url, upload.fields, PDF)
    service.document_arrived(CITY, draft.id, document.id, me)
    assert send(upload.url, upload.fields, SWAPPED) in (200, 204)
    service.document_arrived(CITY, draft.id, document.id, me)
    known = service.application(CITY, draft.id)
    assert httpx.get(service.document_link(CITY, known, document.id, "clerk")).content == PDF
    assert httpx.get(service.document_link(CITY, known, document.id)).content == PDF
    swept(stand_at)
    assert lying(bucket) == [PDF]


@pytest.mark.parametrize("how", ["removed", "discarded"])
def test_a_deleted_file_is_gone_in_all_its_versions(how: str, bucket: str) -> None:
    draft, me = a_draft()
    document, upload = service.add_document(CITY, draft.id, "potvrzení.pdf", "application/pdf", len(PDF), me)
    send(upload.url, upload.fields, PDF)
    service.document_arrived(CITY, draft.id, document.id, me)
    send(upload.url, upload.fields, SWAPPED)
    assert lying(bucket) == [PDF, SWAPPED]
    if how == "removed":
        service.remove_document(CITY, draft.id, document.id, me)
    else:
        service.discard(CITY, draft.id, me)
    assert lying(bucket) == []
    assert store.documents(CITY, draft.id) == []


def test_what_was_sent_and_never_announced_is_swept_and_what_arrived_stays(
    bucket: str, stand_at: StandAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SWEPT_A_STEP", 1)
    draft, me = a_draft()
    arrived, first = service.add_document(CITY, draft.id, "1.pdf", "application/pdf", len(PDF), me)
    _silent, second = service.add_document(CITY, draft.id, "2.pdf", "application/pdf", len(PDF), me)
    removed, third = service.add_document(CITY, draft.id, "3.pdf", "application/pdf", len(PDF), me)
    service.remove_document(CITY, draft.id, removed.id, me)
    for upload, content in ((first, PDF), (second, SWAPPED), (third, SWAPPED)):
        send(upload.url, upload.fields, content)
    service.document_arrived(CITY, draft.id, arrived.id, me)
    jobs.JOBS["files"](CITY, None)
    assert lying(bucket) == [PDF, SWAPPED, SWAPPED]
    swept(stand_at)
    assert lying(bucket) == [PDF]


def test_what_lies_there_longer_than_the_form_holds_does_not_arrive_any_more(bucket: str, stand_at: StandAt) -> None:
    draft, me = a_draft()
    document, upload = service.add_document(CITY, draft.id, "potvrzení.pdf", "application/pdf", len(PDF), me)
    send(upload.url, upload.fields, PDF)
    stand_at(now() + timedelta(hours=7))
    with pytest.raises(DocumentNotArrived):
        service.document_arrived(CITY, draft.id, document.id, me)
