"""Where a newcomer begins: who to sign in as, and where."""

from html import escape

from localcloud import inbox
from localcloud.demo import people_to_sign_in

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
    return inbox.page("Aktivní město na tomto počítači", f"<ul>{places}</ul>{table if rows else ''}")
