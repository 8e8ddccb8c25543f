"""Where a newcomer begins: who to sign in as, where, and a voucher for the till."""

from html import escape

import segno

from chalicelib.core.refusals import crowns
from localcloud import inbox
from localcloud.demo import people_to_sign_in, voucher_to_scan

PLACES = (
    ("/", "Veřejný web"),
    ("/moje/", "Moje: občan"),
    ("/admin/", "Správa: město a poskytovatelé"),
    ("/reader/", "Čtečka poukazů"),
    ("/posta", "Pošta: všechny odeslané zprávy"),
    ("/docs/", "Dokumentace API"),
)


def page() -> str:
    places = "".join(f'<li><a href="{path}">{escape(name)}</a></li>' for path, name in PLACES)
    rows = "".join(
        f"<tr><td>{escape(each.role)}</td><td>{escape(each.name)}</td><td><code>{escape(each.email)}</code></td>"
        f'<td><code>{escape(each.password)}</code></td><td><a href="{escape(each.path)}">{escape(each.path)}</a></td></tr>'
        for each in people_to_sign_in()
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Kdo", "Jméno", "E-mail", "Heslo", "Kde"))
    table = f"<h2>Přihlaste se jako</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return inbox.page("Aktivní město na tomto počítači", f"<ul>{places}</ul>{_voucher()}{table if rows else ''}")


def _voucher() -> str:
    """A voucher as its owner would show it, to scan from this screen or to type."""
    voucher = voucher_to_scan()
    if voucher is None:
        return ""
    code = segno.make(voucher.qr, error="q", micro=False)
    picture = code.svg_inline(scale=8, border=4, light="#fff", title=f"QR kód voucheru {voucher.typed}")
    return (
        "<h2>Voucher na zkoušku</h2>"
        f"<p>{escape(voucher.programme)}, zbývá {crowns(voucher.left_minor)}. Bere ho {escape(voucher.provider)}: "
        "spárujte pokladnu kódem níže a voucher naskenujte, nebo opište jeho kód.</p>"
        f"{picture}<p><code>{escape(voucher.typed)}</code></p>"
    )
