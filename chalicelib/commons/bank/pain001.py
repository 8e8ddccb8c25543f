"""Payment order in ISO 20022 pain.001.001.09, and .03 where a bank still wants it. Crowns only."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from chalicelib.commons.bank import orders, text
from chalicelib.commons.bank.model import AccountNumber, OrderFile, Payment, PaymentOrder
from chalicelib.commons.bank.profiles import BankProfile, PainVersion, profile_of
from chalicelib.core.clock import PRAGUE
from chalicelib.core.money import decimal

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001."
NAME_MAX = 70
MESSAGE_MAX = 140
NOT_PROVIDED = "NOTPROVIDED"


def write(order: PaymentOrder, profile: BankProfile | None = None, first_number: int = 1) -> tuple[OrderFile, ...]:
    """The order as files numbered from `first_number`, in the profile of the payer's bank unless another is given.

    Raises PaymentOrderEmpty, PaymentReferenceInvalid, PaymentAmountInvalid, SymbolInvalid, PaymentFilesTooMany.
    """
    rules = profile or profile_of(order.payer.bank)
    fit = orders.checked(order, rules)
    return tuple(_file(fit, rules, number, payments) for number, payments in orders.in_files(fit, rules, first_number))


def _file(order: PaymentOrder, profile: BankProfile, number: int, payments: tuple[Payment, ...]) -> OrderFile:
    name = f"{order.reference}-{number:03}"
    document = Element("Document", {"xmlns": NAMESPACE + profile.pain_version})
    initiation = SubElement(document, "CstmrCdtTrfInitn")
    _header(initiation, order, name, payments)
    _instruction(initiation, order, profile, name, payments)
    ElementTree.indent(document)
    content = ElementTree.tostring(document, encoding="UTF-8", xml_declaration=True) + b"\n"
    return OrderFile(f"{name.replace('/', '-')}.xml", content, payments)


def _header(initiation: Element, order: PaymentOrder, name: str, payments: tuple[Payment, ...]) -> None:
    header = SubElement(initiation, "GrpHdr")
    _leaf(header, "MsgId", name)
    _leaf(header, "CreDtTm", order.created_at.astimezone(PRAGUE).isoformat(timespec="seconds"))
    _totals(header, payments)
    _leaf(SubElement(header, "InitgPty"), "Nm", _name(order.payer_name))


def _instruction(
    initiation: Element, order: PaymentOrder, profile: BankProfile, name: str, payments: tuple[Payment, ...]
) -> None:
    """One instruction: all payments from one account on one day. For crowns it carries no service level."""
    instruction = SubElement(initiation, "PmtInf")
    _leaf(instruction, "PmtInfId", f"{name}-1")
    _leaf(instruction, "PmtMtd", "TRF")
    _leaf(instruction, "BtchBookg", "false")
    _totals(instruction, payments)
    _leaf(SubElement(instruction, "PmtTpInf"), "InstrPrty", "NORM")
    if profile.pain_version == "03":
        _leaf(instruction, "ReqdExctnDt", order.due_on.isoformat())
    else:
        _leaf(SubElement(instruction, "ReqdExctnDt"), "Dt", order.due_on.isoformat())
    _leaf(SubElement(instruction, "Dbtr"), "Nm", _name(order.payer_name))
    account = SubElement(instruction, "DbtrAcct")
    _leaf(SubElement(account, "Id"), "IBAN", order.payer.iban)
    _leaf(account, "Ccy", "CZK")
    _agent(SubElement(instruction, "DbtrAgt"), order.payer, profile.pain_version)
    _leaf(instruction, "ChrgBr", "SLEV")
    for payment in payments:
        _transfer(SubElement(instruction, "CdtTrfTxInf"), payment, profile)


def _transfer(transfer: Element, payment: Payment, profile: BankProfile) -> None:
    ids = SubElement(transfer, "PmtId")
    _leaf(ids, "InstrId", payment.id)
    _leaf(ids, "EndToEndId", _end_to_end(payment, profile))
    _leaf(SubElement(transfer, "Amt"), "InstdAmt", _amount(payment.amount_minor)).set("Ccy", "CZK")
    _agent(SubElement(transfer, "CdtrAgt"), payment.account, profile.pain_version)
    _leaf(SubElement(transfer, "Cdtr"), "Nm", _name(payment.payee_name))
    _leaf(SubElement(SubElement(transfer, "CdtrAcct"), "Id"), "IBAN", payment.account.iban)
    _remittance(transfer, payment)


def _remittance(transfer: Element, payment: Payment) -> None:
    message = text.one_line(payment.message)[:MESSAGE_MAX].rstrip()
    references = _symbols(payment)
    if not message and not references:
        return
    remittance = SubElement(transfer, "RmtInf")
    if message:
        _leaf(remittance, "Ustrd", message)
    for kind, symbol in references:
        reference = SubElement(SubElement(remittance, "Strd"), "CdtrRefInf")
        _leaf(reference, "Ref", f"{kind}:{symbol}")


def _end_to_end(payment: Payment, profile: BankProfile) -> str:
    if not profile.symbols_in_end_to_end:
        return NOT_PROVIDED
    return "".join(f"/{kind}{symbol}" for kind, symbol in _symbols(payment)) or NOT_PROVIDED


def _symbols(payment: Payment) -> list[tuple[str, str]]:
    known = (("VS", payment.vs), ("SS", payment.ss), ("KS", payment.ks))
    return [(kind, symbol) for kind, symbol in known if symbol]


def _totals(parent: Element, payments: tuple[Payment, ...]) -> None:
    _leaf(parent, "NbOfTxs", str(len(payments)))
    _leaf(parent, "CtrlSum", _amount(sum(payment.amount_minor for payment in payments)))


def _agent(agent: Element, account: AccountNumber, version: PainVersion) -> None:
    institution = SubElement(agent, "FinInstnId")
    if account.bic:
        _leaf(institution, "BIC" if version == "03" else "BICFI", account.bic)
    else:
        _leaf(SubElement(institution, "Othr"), "Id", NOT_PROVIDED)


def _leaf(parent: Element, tag: str, content: str) -> Element:
    leaf = SubElement(parent, tag)
    leaf.text = content
    return leaf


def _name(name: str) -> str:
    return text.one_line(name)[:NAME_MAX].rstrip() or NOT_PROVIDED


def _amount(amount_minor: int) -> str:
    return decimal(amount_minor, ".")
