"""What people are told about their vouchers. No code ever stands in a message: it links into the app."""

from chalicelib.core.table import Write
from chalicelib.money.vouchers.model import Voucher
from chalicelib.town.messages import service as messages
from chalicelib.town.messages.service import Template, Words

messages.register(
    Template(
        name="vouchers.issued",
        title=Words("Voucher je připravený", "Your voucher is ready"),
        text=Words(
            "Voucher z programu {programme} v hodnotě {amount_minor} platí do {until_on}. Pro: {name}. "
            "Kód a PDF k vytištění najdete v aplikaci.",
            "The voucher of {programme} worth {amount_minor} is valid until {until_on}. For: {name}. "
            "The code and a PDF to print are in the app.",
        ),
        link="/vouchery/{voucher}",
        mail=Words("{town}: voucher je připravený", "{town}: your voucher is ready"),
        mail_text=Words(
            "V portálu máte připravený voucher. Kód k uplatnění a PDF k vytištění otevřete tlačítkem.",
            "A voucher is ready for you in the portal. The button opens its code and a PDF to print.",
        ),
        button=Words("Zobrazit voucher", "Show the voucher"),
    ),
    Template(
        name="vouchers.reissued",
        title=Words("Voucher má nový kód", "Your voucher has a new code"),
        text=Words(
            "Voucher z programu {programme} má nový kód, starý už neplatí. Pro: {name}. "
            "Nebyli jste to vy? Zablokujte voucher v aplikaci.",
            "The voucher of {programme} has a new code; the old one no longer works. For: {name}. "
            "If it was not you, block the voucher in the app.",
        ),
        link="/vouchery/{voucher}",
        mail=Words("{town}: voucher má nový kód", "{town}: your voucher has a new code"),
        mail_text=Words(
            "Voucher má nový kód, starý už neplatí. Nebyli jste to vy? Zablokujte voucher v portálu.",
            "The voucher has a new code; the old one no longer works. If it was not you, block it in the portal.",
        ),
        button=Words("Zobrazit voucher", "Show the voucher"),
    ),
)


def ready(city: str, voucher: Voucher, *, programme: str, name: str, amount_minor: int, until_on: str) -> Write:
    """The voucher, or its new code, can be shown and printed. Once for each revision."""
    template = "vouchers.issued" if voucher.pdf_revision == 0 else "vouchers.reissued"
    facts: dict[str, str | int] = {
        "voucher": voucher.id,
        "programme": programme,
        "name": name,
        "amount_minor": amount_minor,
        "until_on": until_on,
    }
    return messages.tell(city, voucher.person, template, f"voucher.{voucher.id}.{voucher.revision}", facts)
