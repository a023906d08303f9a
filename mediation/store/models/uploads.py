"""Files on their way in, and those of applications that are not filed yet: sealed, and gone when done."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Id, Moment


class Upload(Base):
    """A file that comes in parts: `name` is the hash of its secret, `holder` who may send it, to what.

    `came` counts the bytes that are here of `size`; `network` is the hash of that from which they come.
    """

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    holder: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    came: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    network: Mapped[str | None]


class UploadPart(Base):
    """Bytes of an upload from `start` on, sealed."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[int] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class UnsentFile(Base):
    """A file of an application that is not filed yet, judged and cleaned: all three copies, sealed.

    `network` is the hash of that from which it came.
    """

    __tablename__ = "unsent_files"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    unsent_id: Mapped[int] = mapped_column(ForeignKey("unsent.id", ondelete="CASCADE"))
    digest: Mapped[str]
    kind: Mapped[str]
    media: Mapped[str]
    size: Mapped[int]
    original: Mapped[bytes] = mapped_column(LargeBinary)
    view: Mapped[bytes] = mapped_column(LargeBinary)
    small: Mapped[bytes] = mapped_column(LargeBinary)
    network: Mapped[str | None]
    at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        UniqueConstraint("unsent_id", "digest"),
        Index("ix_unsent_files_network_at_size", "network", "at", "size"),
    )
