"""The organisation that mediates: what its papers, seal and numbers say."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Organisation:
    """The registered mediation organisation (劳动争议调解仲裁法 art. 10, 14), configured, never assumed.

    `addresses` says where the counters of other bodies are and when they are open, by the contact of
    `places.yaml`.
    """

    name: str
    short: str
    seal_line: str
    case_prefix: str
    case_width: int
    phone: str
    address: str
    arbitration_commission: str
    public_url: str
    link_base: str
    sms_signature: str
    addresses: Mapping[str, str] = field(default_factory=dict, hash=False)

    def number(self, year: int, serial: int) -> str:
        """A case number: 东工调〔2026〕000128号."""
        return f"{self.case_prefix}〔{year}〕{serial:0{self.case_width}d}号"
