"""The QR code of an address as PDF drawing operators."""

from itertools import groupby
from typing import Final

import segno

SIDE: Final = 25.0
"""Millimetres, without the quiet zone: the page keeps at least four modules clear around it."""

_OVERLAP = 1.03  # rows that only touch show hairlines in some viewers


def ink(address: str) -> bytes:
    """Draw the code around the origin in points; level Q still reads with a quarter stained."""
    rows = segno.make(address, error="q", boost_error=False, micro=False).matrix
    module = SIDE / 25.4 * 72 / len(rows)
    half = len(rows) / 2
    operators = [f"{module:.5f} 0 0 {-module:.5f} 0 0 cm 0 g"]
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                operators.append(f"{x - half:g} {y - half:g} {width} {_OVERLAP} re")
            x += width
    return "\n".join([*operators, "f"]).encode()
