"""Applications that are being filled in and are not filed yet."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Id, Moment


class Unsent(Base):
    """The answers so far of one application, encrypted; taken away when it is filed, or after thirty days.

    `browser`, `code` and `phone` are keyed hashes of what opens it again: the secret that its browser
    keeps, the return code on its pages, and the phone that was typed, if any.  `link` is the hash of the key
    that was texted when it was left (`reminded_at`), in the `language` of whoever fills it in.
    """

    __tablename__ = "unsent"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    browser: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str | None] = mapped_column(index=True)
    content: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(Moment, index=True)
    language: Mapped[str] = mapped_column(server_default="zh", default="zh")
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    link: Mapped[str | None] = mapped_column(index=True)
