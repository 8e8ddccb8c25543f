"""What payouts tell providers."""

from chalicelib.town.messages.model import Template, Words
from chalicelib.town.messages.templates import register

REMITTANCE = Template(
    name="payout.remittance",
    title=Words("Posíláme vám proplacení", "We are paying you out"),
    text=Words(
        "Proplacení č. {number} pro {provider}: {amount_minor}. Vyúčtování najdete ve Výplatách.",
        "Payout no. {number} for {provider}: {amount_minor}. The remittance is under Payouts.",
    ),
    app="admin",
    link="/p/{provider_id}/vyplaty",
    mail=Words("Proplacení uplatněných příspěvků", "Payout of redeemed contributions"),
    button=Words("Otevřít vyúčtování", "Open the remittance"),
)
RETURNED = Template(
    name="payout.returned",
    title=Words("Banka vrátila vaši platbu", "The bank returned your payment"),
    text=Words(
        "Platba {amount_minor} z proplacení č. {number} se vrátila. Zkontrolujte číslo účtu, peníze pošleme v další výplatě.",
        "The payment of {amount_minor} from payout no. {number} came back. Check the account number; the money goes out with the next payout.",
    ),
    app="admin",
    link="/p/{provider_id}/nastaveni",
    mail=Words("Platba se vrátila, zkontrolujte účet", "A payment came back, check your account"),
    button=Words("Zkontrolovat účet", "Check the account"),
)
REJECTED = Template(
    name="payout.rejected",
    title=Words("Banka platbu neprovedla", "The bank did not make the payment"),
    text=Words(
        "Platbu {amount_minor} z proplacení č. {number} banka odmítla. Zkontrolujte číslo účtu, peníze pošleme v další výplatě.",
        "The bank refused the payment of {amount_minor} from payout no. {number}. Check the account number; the money goes out with the next payout.",
    ),
    app="admin",
    link="/p/{provider_id}/nastaveni",
    mail=Words("Platba neprošla, zkontrolujte účet", "A payment did not go through, check your account"),
    button=Words("Zkontrolovat účet", "Check the account"),
)
register(REMITTANCE, RETURNED, REJECTED)
