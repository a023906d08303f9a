"""Settings: defaults, then instance/config.py, then MEDIATION_* variables."""

import os
from pathlib import Path
from typing import Any

from flask import Config

from mediation.domain.anchors import AnchorTargets
from mediation.domain.organisation import Organisation
from mediation.domain.place_rules import places
from mediation.services.gateways import GatewayAddress
from mediation.services.mail import MailServer
from mediation.store.keys import kept_secret

DEFAULTS: dict[str, Any] = {
    "ORGANISATION_NAME": "北京市东城区劳动争议联合调解中心",
    "ORGANISATION_SHORT": "东城区总工会劳动争议调解",
    "ORGANISATION_SEAL_LINE": "劳动争议调解专用章",
    "ORGANISATION_PHONE": "12351",
    "ORGANISATION_ADDRESS": "北京市东城区",
    "ARBITRATION_COMMISSION": "北京市东城区劳动人事争议仲裁委员会",
    "ADDRESSES": {"commission": "北京市东城区交道口南大街27号，工作日9:00–12:00、13:30–17:00"},
    "CASE_PREFIX": "东工调",
    "CASE_WIDTH": 6,
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "PROXIES": 0,
    "SMS_LINK_BASE": "",
    "SMS_SIGNATURE": "区工会调解",
    "ANCHOR_FILE": None,
    "ANCHOR_MAIL_TO": "",
    "ANCHOR_MAIL_FROM": "",
    "ANCHOR_SMTP": "",
    "ANCHOR_TSA_URL": "",
    "SMS_GATEWAY_URL": "",
    "SMS_GATEWAY_TOKEN": "",
    "MAIL_SMTP": "",
    "MAIL_FROM": "",
    "MAIL_USER": "",
    "MAIL_PASSWORD": "",
    "MAIL_SECURITY": "starttls",
    "REPORT_TOKEN": "",
    "EMPLOYER_LIST": "",
    "BACKUP_DIR": None,
    "BACKUP_KEEP_DAYS": 35,
    "WATCHERS": 350,
    "SHOW_INBOX": False,
    "MIGRATE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "REMEMBER_COOKIE_NAME": "remember",
    "REMEMBER_COOKIE_DURATION": 30 * 24 * 3600,
    "REMEMBER_COOKIE_HTTPONLY": True,
    "REMEMBER_COOKIE_SAMESITE": "Lax",
    "REMEMBER_COOKIE_SECURE": False,
    "MAX_CONTENT_LENGTH": 4 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
    "WTF_CSRF_TIME_LIMIT": None,
}


def instance_folder() -> Path:
    """The folder for database, files and keys: MEDIATION_INSTANCE, or `instance` where we stand."""
    given = os.environ.get("MEDIATION_INSTANCE")
    checkout = Path(__file__).parents[1] / "instance"
    return Path(given or (checkout if checkout.is_dir() else "instance")).resolve()


def load(config: Config, instance: Path) -> None:
    """Fill `config`; an empty instance folder gets a secret key of its own."""
    read(config, instance)
    if not config.get("SECRET_KEY"):
        config["SECRET_KEY"] = kept_secret(instance / "secret_key")


def read(config: Config, instance: Path) -> None:
    """Fill `config` from what is there, and make nothing."""
    config.from_mapping(DEFAULTS)
    if (instance / "config.py").is_file():
        config.from_pyfile(str(instance / "config.py"))
    config.from_prefixed_env("MEDIATION")


def anchor_targets(config: Config, instance: Path) -> AnchorTargets:
    """Where anchors go, as configured."""
    return AnchorTargets(
        file=instance / (config["ANCHOR_FILE"] or "anchors.log"),
        mail_to=config["ANCHOR_MAIL_TO"],
        mail_from=config["ANCHOR_MAIL_FROM"],
        smtp=config["ANCHOR_SMTP"],
        tsa_url=config["ANCHOR_TSA_URL"],
    )


def gateway(config: Config) -> GatewayAddress:
    """Where texts are handed over, as configured."""
    return GatewayAddress(config["SMS_GATEWAY_URL"], config["SMS_GATEWAY_TOKEN"])


def mail(config: Config) -> MailServer:
    """Where letters are handed in, as configured.  Raises MailSettings."""
    names = ("SMTP", "FROM", "USER", "PASSWORD", "SECURITY")
    return MailServer(*(str(config[f"MAIL_{name}"]) for name in names))


def database_url(config: Config) -> str | None:
    """The database given by DATABASE_URL in the settings or the environment, None for SQLite."""
    return config.get("DATABASE_URL") or os.environ.get("DATABASE_URL") or None


class AddressSettings(Exception):
    """ADDRESSES names what is no contact with a counter."""


def addresses(said: object) -> dict[str, str]:
    """Where the counters of other bodies are, by their contact.  Raises AddressSettings."""
    counters = sorted(contact.code for contact in places().contacts.values() if contact.visit)
    if not isinstance(said, dict) or not all(isinstance(text, str) for text in said.values()):
        raise AddressSettings(f"ADDRESSES must give a text for each of some of {counters}")
    if unknown := sorted(said.keys() - set(counters)):
        raise AddressSettings(f"ADDRESSES has {unknown}, but only {counters} have a counter")
    return dict(said)


def organisation(config: Config) -> Organisation:
    """The organisation as configured.  Raises AddressSettings."""
    return Organisation(
        name=config["ORGANISATION_NAME"],
        short=config["ORGANISATION_SHORT"],
        seal_line=config["ORGANISATION_SEAL_LINE"],
        case_prefix=config["CASE_PREFIX"],
        case_width=config["CASE_WIDTH"],
        phone=config["ORGANISATION_PHONE"],
        address=config["ORGANISATION_ADDRESS"],
        arbitration_commission=config["ARBITRATION_COMMISSION"],
        public_url=config["PUBLIC_URL"].rstrip("/"),
        link_base=(config["SMS_LINK_BASE"] or config["PUBLIC_URL"]).rstrip("/"),
        sms_signature=config["SMS_SIGNATURE"],
        addresses=addresses(config["ADDRESSES"]),
    )
