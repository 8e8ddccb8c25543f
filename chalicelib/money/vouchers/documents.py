"""Making a voucher's PDF, storing it, and telling its holder: what happens after an award, off the API's path."""

from dataclasses import replace

from chalicelib.core.clock import day_of
from chalicelib.core.refusals import ChangedMeanwhile, crowns
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Grant
from chalicelib.money.programmes import service as programmes
from chalicelib.money.programmes.model import Programme
from chalicelib.money.providers.model import Provider
from chalicelib.money.vouchers import letters, outside, service, store
from chalicelib.money.vouchers.model import Voucher
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Person
from chalicelib.town.towns import service as towns


def publish(city: str, id: str) -> None:
    """Put the PDF of a voucher's revision into the bucket, then tell its holder: each revision is told once."""
    voucher, grant = store.voucher(city, id), ledger.grant(city, id)
    if voucher is None or grant is None or voucher.pdf_ready or voucher.is_blocked:
        return
    programme = programmes.programme(city, voucher.programme)
    holder = people.person(city, voucher.person)
    beneficiary = people.subject(city, voucher.beneficiary).name
    outside.put(outside.pdf_name(city, voucher), _pdf(city, voucher, grant, programme, holder, beneficiary))
    told = letters.ready(
        city,
        voucher,
        programme=programme.name.cs,
        name=beneficiary,
        amount_minor=grant.spendable_minor,
        until_on=day_of(grant.valid_until).isoformat(),
    )
    try:
        transact([store.save_voucher(city, replace(voucher, pdf_revision=voucher.revision)), told])
    except ChangedMeanwhile:
        return  # published by another run, or blocked or re-issued meanwhile


def pdf_due(city: str, limit: int) -> list[str]:
    """Vouchers whose PDF was not made yet, oldest first."""
    return store.pdf_due(city, limit)


def _pdf(city: str, voucher: Voucher, grant: Grant, programme: Programme, holder: Person, beneficiary: str) -> bytes:
    from chalicelib.money.vouchers import pdf  # fpdf2 takes 170 ms to import: only where a PDF is really made

    town, made = towns.town(city), service.codes_of(city, voucher)
    contact = ", ".join(filter(None, [town.contact.phone, town.contact.email]))
    return pdf.render(
        pdf.Sheet(
            language=holder.language,
            town=town.name,
            colour=town.colour,
            contact=contact,
            programme=programme.name.in_(holder.language),
            purpose=programme.rules.purpose.in_(holder.language),
            person=beneficiary,
            amount_minor=grant.spendable_minor,
            valid_from=grant.valid_from,
            valid_until=grant.valid_until,
            issued_at=voucher.issued_at,
            qr=made.qr,
            short_code=made.short,
            conditions=conditions(grant, holder.language),
            places=tuple(
                pdf.Place(*named) for provider in service.where(city, programme) for named in _places(provider)
            ),
            part=grant.part,
            parts=grant.parts,
        )
    )


def _places(provider: Provider) -> list[tuple[str, str]]:
    """A provider's open branches: its own name, the branch's where it says more, and the address."""
    return [
        (provider.name if branch.name == provider.name else f"{provider.name}, {branch.name}", branch.address)
        for branch in provider.open_branches
    ]


def conditions(grant: Grant, language: str) -> tuple[str, ...]:
    """The terms of use as sentences."""
    least = crowns(grant.min_price_minor)
    if language == "en":
        said = [
            (grant.min_price_minor > 0, f"It is valid for a purchase from {least}."),
            (grant.single_use and grant.remainder == "returns", "It is used once; the rest returns to the programme."),
            (grant.single_use and grant.remainder == "stays", "It is used once."),
            (not grant.single_use, "It can be used in parts; the rest stays for the next time."),
        ]
    else:
        said = [
            (grant.min_price_minor > 0, f"Platí na nákup od {least}."),
            (grant.single_use and grant.remainder == "returns", "Je jednorázový, zbytek se vrací do programu."),
            (grant.single_use and grant.remainder == "stays", "Je jednorázový."),
            (not grant.single_use, "Uplatnit ho jde po částech, zbytek zůstává na příště."),
        ]
    return tuple(sentence for holds, sentence in said if holds)
