"""Where pyHanko may start its event loop, also when the caller is inside one already."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def outside_loop(work: Callable[[], T]) -> T:
    """Run pyHanko, which starts an event loop of its own, even where one is running already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        inside = False
    else:
        inside = True
    if not inside:
        return work()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()
