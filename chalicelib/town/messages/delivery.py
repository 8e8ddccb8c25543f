"""Sending what is queued: composed at the last moment, from what is known then; once, short of a crash in between."""

from datetime import datetime
from html import escape

from chalicelib.core.clock import now
from chalicelib.core.refusals import ChangedMeanwhile, NotFound
from chalicelib.core.settings import settings
from chalicelib.core.telemetry import count, log
from chalicelib.town.messages import store
from chalicelib.town.messages.model import (
    TRIES_MAX,
    Channel,
    Language,
    Message,
    Outgoing,
    filled,
    link_to,
    retry_at,
)
from chalicelib.town.messages.outside import Carrier, Email, MaybeSent, NotSent, Sms
from chalicelib.town.messages.templates import FOOT, GENERIC_MAIL, GENERIC_TEXT
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Reach
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import NOBODYS_TOWN

PRODUCT = "Aktivní město"

CARRIERS: dict[Channel, Carrier] = {"email": Email(), "sms": Sms()}


def deliver(city: str, id: str) -> None:
    """Send one queued message, if nobody else is sending it. A channel that fails is tried again later."""
    message = store.message(city, id)
    if message is None:
        return
    if message.state != "queued":
        store.leave_queue(message)
        return
    at = now()
    if message.not_before > at:
        return  # the sweep sends it when its time comes
    try:
        store.lease(message, at)
    except ChangedMeanwhile:
        return
    _send(message, at)


def _send(message: Message, at: datetime) -> None:
    reach = _reach(message)
    channel = _channel(message, reach)
    if channel == "inbox":
        store.finish(message, "inbox_only", channel, at)
        return
    try:
        CARRIERS[channel].send(compose(message, reach, channel))
        store.finish(message, "sent", channel, now())
        count("MessagesSent")
    except MaybeSent:
        store.finish(message, "unsure", channel, now())
        count("MessagesUnsure")
    except NotSent as reason:
        _later(message, channel, str(reason))


def _later(message: Message, channel: Channel, reason: str) -> None:
    tries = message.tries + 1
    log.warning("message not sent", message_id=message.id, template=message.template.name, tries=tries, reason=reason)
    if tries >= TRIES_MAX:
        store.finish(message, "failed", channel, now())
        count("MessagesFailed")
    else:
        store.postpone(message, retry_at(now(), tries))


def _reach(message: Message) -> Reach:
    if message.address:
        return Reach(message.address, "", message.language)
    try:
        return people.reach(message.city, message.person)
    except NotFound:
        return Reach("", "", "cs")


def _channel(message: Message, reach: Reach) -> Channel:
    """E-mail where there is one; else a short message, if the template has one; else the inbox alone keeps it."""
    if reach.email:
        return "email"
    return "sms" if reach.phone and message.template.sms else "inbox"


def compose(message: Message, reach: Reach, channel: Channel) -> Outgoing:
    """What goes out. Of a template without words for e-mail it says only that a message waits."""
    kind = message.template
    city = "" if message.city == NOBODYS_TOWN else message.city
    town = towns.town(city).name if city else PRODUCT
    facts = {"town": town} | dict(message.facts)
    language = reach.language
    if channel == "sms" and kind.sms:
        return Outgoing(reach.phone.replace(" ", ""), "", filled(kind.sms.in_(language), facts, language))
    if "ticket" in message.facts:
        facts["token"] = people.token_of(str(message.facts["ticket"]))
    open_words = kind.text if message.address else kind.mail_text
    subject = filled((kind.mail or GENERIC_MAIL).in_(language), facts, language)
    text = filled((open_words or GENERIC_TEXT).in_(language), facts, language)
    link = link_to(settings().origin, kind.app, city, kind.link, facts)
    button, foot = kind.button.in_(language), filled(FOOT.in_(language), facts, language)
    plain = f"{text}\n\n{button}:\n{link}\n\n-- \n{town}\n{foot}\n"
    return Outgoing(reach.email, subject, plain, _html(town, subject, text, button, link, foot, language))


def _html(town: str, subject: str, text: str, button: str, link: str, foot: str, language: Language) -> str:
    """One column, one button, no pictures and nothing loaded from outside."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(subject)}</title></head>'
        '<body style="margin:0;padding:24px;background:#f6f6f6;color:#262626;font:16px/24px Roboto,Arial,sans-serif">'
        '<div style="max-width:560px;margin:0 auto;background:#fff;border:1px solid #ddd;border-radius:12px;'
        'padding:24px">'
        f'<p style="margin:0 0 8px;color:#4f4f4f;font-size:14px">{escape(town)}</p>'
        f'<h1 style="margin:0 0 16px;font-size:22px;line-height:30px">{escape(subject)}</h1>'
        f'<p style="margin:0 0 24px">{escape(text)}</p>'
        f'<p style="margin:0 0 24px"><a href="{escape(link)}" style="display:inline-block;background:#2362a2;'
        f'color:#fff;padding:12px 20px;border-radius:8px;text-decoration:none">{escape(button)}</a></p>'
        f'<p style="margin:0;color:#4f4f4f;font-size:14px">{escape(foot)}</p></div></body></html>'
    )
