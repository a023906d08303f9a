"""The gateway that sends our texts: an address that takes each as JSON and says whether it has it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

SECONDS = 5
"""How long it may take to be reached, and again to answer."""
NOT_NOW = {408, 425, 429}
"""Refusals that are none: ask again later."""


class Refused(Exception):
    """The gateway will not send this text, however often it is asked."""


class Unsure(Exception):
    """No answer, or none that says it has the text: it is handed over again, under the same number."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A text for the gateway; by `number` it knows one that it has already.

    `phone` is a mail address where it goes by mail, and `at` the moment at which it was composed.
    """

    number: int
    phone: str
    body: str
    at: datetime


Gateway = Callable[[Outgoing], None]
"""Hands a text over.  Raises Refused or Unsure."""


@dataclass(frozen=True, slots=True)
class GatewayAddress:
    """Where the gateway is and what it knows us by; no `url`, no gateway."""

    url: str = ""
    token: str = ""

    def __bool__(self) -> bool:
        return bool(self.url)


def over_http(address: GatewayAddress) -> Gateway:
    """A gateway that takes `{"id", "to", "text"}` by POST and answers 2xx when it has it."""

    def hand(one: Outgoing) -> None:
        said = json.dumps({"id": str(one.number), "to": one.phone, "text": one.body}).encode()
        headers = {"Content-Type": "application/json"}
        if address.token:
            headers["Authorization"] = f"Bearer {address.token}"
        request = Request(address.url, said, headers)  # noqa: S310 - the administrator's own address
        try:
            with urlopen(request, timeout=SECONDS):  # noqa: S310 - the same
                pass
        except HTTPError as error:
            with error:
                if 400 <= error.code < 500 and error.code not in NOT_NOW:
                    raise Refused(str(error.code)) from None
                raise Unsure(str(error.code)) from None
        except (URLError, OSError, ValueError) as error:
            raise Unsure(str(error)) from None

    return hand
