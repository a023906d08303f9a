"""A worker in a process of its own: says that it is there, waits for a line, and does all that is due.

python waking_worker.py INSTANCE DATABASE_URL MOMENT
"""

import sys
from datetime import datetime
from pathlib import Path

from mediation.app import create_app
from mediation.services.waking import wake
from mediation.store import db as store


def main(instance: str, url: str, moment: str) -> None:
    app = create_app(Path(instance), DATABASE_URL=url, MIGRATE=False)
    with app.app_context():
        office = app.extensions["office"]
        print("ready", flush=True)
        sys.stdin.readline()
        came = wake(store.transaction, office, datetime.fromisoformat(moment))
        print(came.done, came.stuck, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
