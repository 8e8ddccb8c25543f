"""The channels to people: e-mail by SES, short messages by SNS. Both are what AWS_ENDPOINT_URL says they are."""

from typing import Any, Protocol, cast

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from chalicelib.core.aws import client
from chalicelib.core.settings import settings
from chalicelib.town.messages.model import Outgoing


class NotSent(Exception):
    """The channel refused or was not reached: the message was surely not sent."""


class MaybeSent(Exception):
    """The channel was reached and did not answer: sending again might send twice."""


class Carrier(Protocol):
    """Sends one message. Raises NotSent or MaybeSent."""

    def send(self, message: Outgoing) -> None: ...


class Email:
    """E-mail by Amazon SES."""

    def send(self, message: Outgoing) -> None:
        body: Any = {"Text": {"Data": message.text, "Charset": "UTF-8"}}
        if message.html:
            body["Html"] = {"Data": message.html, "Charset": "UTF-8"}
        try:
            client("sesv2").send_email(
                FromEmailAddress=settings().mail_from,
                Destination={"ToAddresses": [message.to]},
                Content={"Simple": {"Subject": {"Data": message.subject, "Charset": "UTF-8"}, "Body": body}},
            )
        except ReadTimeoutError:
            raise MaybeSent from None
        except (ClientError, BotoCoreError) as error:
            raise NotSent(type(error).__name__) from None


class Sms:
    """Short messages by Amazon SNS."""

    def send(self, message: Outgoing) -> None:
        try:
            cast(Any, client)("sns").publish(PhoneNumber=message.to, Message=message.text)
        except ReadTimeoutError:
            raise MaybeSent from None
        except (ClientError, BotoCoreError) as error:
            raise NotSent(type(error).__name__) from None
