"""How gunicorn serves us: `gunicorn -c python:mediation.serving 'mediation.app:create_app()'`."""

import gc
import signal
from typing import Any

worker_class = "gthread"
reuse_port = True
threads = 400
"""Each open page of a meeting has one; the rest of those beyond `WATCHERS` answer everything else."""
limit_request_line = 8190
"""As much as it takes: a sum with a year of overtime has all its days in its address."""


def post_worker_init(worker: Any) -> None:
    """Before a worker answers: what it has loaded stays, so nobody need look through it for garbage again.

    With sixteen writers on two cores that is a tenth of a step, most of it memory that was cold.
    """
    gc.collect()
    gc.freeze()
    _end_lines_with(worker)


def _end_lines_with(worker: Any) -> None:
    """A worker that is asked to end hangs up on whoever watches a meeting, who then calls another.

    Else it would wait for them, and they for it, until it is killed.
    """
    live = getattr(worker.wsgi, "extensions", {}).get("live")
    if live is None:
        return
    usual: Any = signal.getsignal(signal.SIGTERM)

    def ended(number: int, stack: Any) -> None:
        live.close()
        usual(number, stack)

    signal.signal(signal.SIGTERM, ended)
