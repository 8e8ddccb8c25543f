"""The mail inbox: every mail and SMS that the local installation sent, kept across restarts, readable at /posta."""

import json
import re
import threading
import time
import urllib.request
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FRESH_SECONDS = 0.25
"""How old what we know may be: ministack tells everything that was ever sent at each asking."""
SHOWN_MAX = 200
PRAGUE = ZoneInfo("Europe/Prague")


@dataclass(frozen=True)
class Mail:
    """One message as its recipient has it. `sent_at` is in epoch seconds; an SMS has no subject."""

    id: str
    sent_at: float
    to: str
    subject: str
    text: str

    @property
    def when(self) -> str:
        local = datetime.fromtimestamp(self.sent_at, UTC).astimezone(PRAGUE)
        return f"{local.day}. {local.month}. {local:%H:%M:%S}"


class Inbox:
    """What was sent. ministack forgets when it is killed, so each message is noted in a file once it is seen."""

    def __init__(self, aws: str, file: Path) -> None:
        self._aws = aws
        self._file = file
        self._lock = threading.Lock()
        self._asked_at = 0.0
        self._mails = {mail.id: mail for mail in _noted(file)}

    def mails(self, to: str = "") -> list[Mail]:
        """Newest first; `to` is a part of the recipient's address or number."""
        with self._lock:
            if time.monotonic() - self._asked_at > FRESH_SECONDS:
                self._note(_sent(self._aws))
                self._asked_at = time.monotonic()
            wanted = to.strip().lower()
            found = [mail for mail in self._mails.values() if wanted in mail.to.lower()]
        return sorted(found, key=lambda mail: mail.sent_at, reverse=True)

    def mail(self, id: str) -> Mail | None:
        self.mails()
        return self._mails.get(id)

    def _note(self, sent: Iterable[Mail]) -> None:
        new = [mail for mail in sent if mail.id not in self._mails]
        if not new:
            return
        with self._file.open("a") as out:
            out.writelines(json.dumps(asdict(mail), ensure_ascii=False) + "\n" for mail in new)
        self._mails |= {mail.id: mail for mail in new}


def _noted(file: Path) -> Iterable[Mail]:
    if not file.exists():
        return
    for line in file.read_text().splitlines():
        try:
            yield Mail(**json.loads(line))
        except (ValueError, TypeError):
            # A kill may have cut the last line; ministack still knows that mail or is gone with it.
            continue


def _sent(aws: str) -> Iterable[Mail]:
    for messages in _ask(f"{aws}/_ministack/ses/messages")["messages"].values():
        for it in messages:
            text = it["BodyText"] or _without_tags(it["BodyHtml"] or "")
            yield Mail(it["MessageId"], it["Timestamp"], ", ".join(it["To"]), it["Subject"], text)
    for number, messages in _ask(f"{aws}/_ministack/sns/sms-messages")["sms_messages"].items():
        for it in messages:
            lowered = {key.lower(): value for key, value in it.items()}
            yield Mail(lowered["messageid"], float(lowered.get("timestamp", 0)), number, "", lowered["message"])


def _ask(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def _without_tags(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
a { color: light-dark(#1a4a9c, #9cc2ff); } input { font: inherit; padding: 0.3rem 0.5rem; width: min(20rem, 60vw); }
button { font: inherit; padding: 0.3rem 0.9rem; } ul { list-style: none; padding: 0; }
li { border-bottom: 1px solid light-dark(#d5d9e0, #3a4250); padding: 0.5rem 0; }
.small { font-size: 0.9rem; } pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 0.35rem 0.75rem 0.35rem 0; }
td, th { border-bottom: 1px solid light-dark(#d5d9e0, #3a4250); vertical-align: top; }
""".lstrip()


def list_page(mails: list[Mail], to: str) -> str:
    """The newest mails, and a search by recipient."""
    form = (
        '<form method="get" action="/posta"><label>Komu <input name="komu" type="search" '
        f'value="{escape(to)}"></label> <button>Hledat</button></form>'
    )
    rows = "".join(
        f'<li><a href="/posta/{escape(mail.id)}">{escape(mail.subject or "SMS")}</a>'
        f'<br><span class="small">{escape(mail.to)} · {mail.when}</span></li>'
        for mail in mails[:SHOWN_MAX]
    )
    shown = (
        f"<p>{len(mails)} zpráv{', ukazujeme nejnovějších ' + str(SHOWN_MAX) if len(mails) > SHOWN_MAX else ''}.</p>"
    )
    return page("Pošta", form + (f"{shown}<ul>{rows}</ul>" if mails else "<p>Nic tu není.</p>"))


def mail_page(mail: Mail) -> str:
    """One mail as text; its links can be followed."""
    facts = f'<p class="small">{escape(mail.to)} · {mail.when}</p>'
    back = '<p><a href="/posta">Zpět na poštu</a></p>'
    return page(mail.subject or "SMS", f"{facts}<pre>{_linked(mail.text)}</pre>{back}")


def _linked(text: str) -> str:
    return re.sub(r"https?://[^\s<>\"']+", lambda url: f'<a href="{url[0]}">{url[0]}</a>', escape(text, quote=False))


def page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    style = '<link rel="stylesheet" href="/posta/style.css"><link rel="icon" href="/icon.svg">'
    return (
        f'<!doctype html><html lang="cs"><head>{head}{style}</head><body><h1>{escape(title)}</h1>{body}</body></html>'
    )
