"""Bytes sealed with a key that lies outside the database: whoever has one of the two has nothing."""

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mediation.store import durable
from mediation.store.keys import kept_secret

KEY = "evidence"
"""The file of the key: lost, no evidence can be read any more."""
_NONCE = 12


class Spoilt(Exception):
    """Sealed bytes that are not what was sealed under this name with this key."""


def seal(keys: Path, name: str, content: bytes) -> bytes:
    """`content` sealed under its name: put under another name it does not open."""
    return seal_with(_secret(keys), name, content)


def unseal(keys: Path, name: str, sealed: bytes) -> bytes:
    """What was sealed.  Raises Spoilt."""
    return unseal_with(_secret(keys), name, sealed)


def seal_with(secret: bytes, name: str, content: bytes) -> bytes:
    """`content` sealed under its name with a key of 32 bytes."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(secret).encrypt(nonce, content, name.encode())


def unseal_with(secret: bytes, name: str, sealed: bytes) -> bytes:
    """What was sealed with this key.  Raises Spoilt."""
    try:
        return AESGCM(secret).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
    except (InvalidTag, ValueError):
        raise Spoilt(name) from None


def put(folder: Path, keys: Path, name: str, content: bytes) -> None:
    """Keep bytes in a file under `name`, which begins with a SHA-256; on the disk when this returns."""
    durable.write(place(folder, name), seal(keys, name, content))


def get(folder: Path, keys: Path, name: str) -> bytes:
    """The bytes kept under `name`.  Raises OSError, Spoilt."""
    return unseal(keys, name, place(folder, name).read_bytes())


def place(folder: Path, name: str) -> Path:
    """Where the file with this name lies."""
    return folder / name[:2] / name


def _secret(keys: Path) -> bytes:
    secret = bytes.fromhex(kept_secret(keys / KEY))
    return hmac.digest(secret, b"content", hashlib.sha256)
