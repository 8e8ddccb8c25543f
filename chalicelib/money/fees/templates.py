"""What people are told of their charges. No subject of an e-mail says what is owed for what."""

from chalicelib.town.messages.model import Template, Words
from chalicelib.town.messages.templates import register

DUE_REMINDER = Template(
    name="fees.due_reminder",
    title=Words("Blíží se splatnost", "A payment is due soon"),
    text=Words(
        "{title}: zaplaťte {amount_minor} do {due_on}. QR platbu najdete v osobním účtu.",
        "{title}: pay {amount_minor} by {due_on}. The QR payment is in your personal account.",
    ),
    link="/platby",
    mail=Words("Blíží se splatnost platby městu", "A payment to the town is due soon"),
    button=Words("Otevřít osobní účet", "Open the personal account"),
)
OVERDUE_NOTICE = Template(
    name="fees.overdue_notice",
    title=Words("Platba je po splatnosti", "A payment is overdue"),
    text=Words(
        "{title}: k {due_on} chybí {amount_minor}. Zaplaťte co nejdřív, jinak může město platbu vyměřit.",
        "{title}: {amount_minor} was missing on {due_on}. Pay soon, otherwise the town may assess it.",
    ),
    link="/platby",
    mail=Words("Platba městu je po splatnosti", "A payment to the town is overdue"),
    button=Words("Otevřít osobní účet", "Open the personal account"),
)
register(DUE_REMINDER, OVERDUE_NOTICE)
