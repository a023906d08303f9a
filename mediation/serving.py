"""How gunicorn serves us: `gunicorn -c python:mediation.serving 'mediation.app:create_app()'`."""

import gc

worker_class = "gthread"
reuse_port = True
limit_request_line = 8190
"""As much as it takes: a sum with a year of overtime has all its days in its address."""


def post_worker_init(_worker: object) -> None:
    """Before a worker answers: what it has loaded stays, so nobody need look through it for garbage again.

    With sixteen writers on two cores that is a tenth of a step, most of it memory that was cold.
    """
    gc.collect()
    gc.freeze()
