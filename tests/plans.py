"""What the database does for a query: the plans and the effort of both databases, not a clock."""

import re
from typing import Any

from sqlalchemy import Connection, event, text

RECORD = ("cases", "entries", "parties", "ledger", "finds", "leaves", "messages", "papers", "people")
"""Tables that grow with the district."""


class Listening:
    """Every statement of these kinds that is sent to the database, with what it was sent with."""

    def __init__(self, engine: Any, kinds: tuple[str, ...] = ("SELECT",)) -> None:
        self.heard: list[tuple[str, Any]] = []
        self._kinds = kinds
        event.listen(engine, "before_cursor_execute", self._hear)

    def _hear(self, _connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(self._kinds):
            self.heard.append((statement, values))


def scans(connection: Connection, statement: str, values: Any, record: tuple[str, ...] = RECORD) -> list[str]:
    """The tables of `record` that the plan of a statement reads from end to end, in whatever order."""
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = [row[3] for row in plan]
        return [found[1] for one in steps if (found := re.match(r"SCAN (\w+)", one)) and found[1] in record]
    connection.execute(text("SET LOCAL enable_seqscan = off"))  # the tables are small: else it would scan
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
    return list(_full(plan[0]["Plan"], record))


def _full(node: Any, record: tuple[str, ...], above: str = "") -> Any:
    """A scan, or an index read from end to end: one without a condition on what it is sorted by.

    Right below a limit, and with nothing to choose, it ends after as many rows.
    """
    if node.get("Relation Name") in record and "Scan" in node["Node Type"]:
        narrowed = "Index Cond" in node or node["Node Type"] == "Bitmap Heap Scan"
        if not narrowed and (above != "Limit" or "Filter" in node):
            yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _full(child, record, node["Node Type"])


def effort(connection: Connection, statement: str, values: Any) -> int:
    """How much the database has to do for a statement, which is done: undo it.

    On SQLite the instructions of its machine, a dozen for each row that it looks at; on PostgreSQL the rows.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values).scalar_one()
        return _rows(plan[0]["Plan"])
    driver: Any = connection.connection.driver_connection
    done = 0

    def count() -> int:
        nonlocal done
        done += 1
        return 0

    driver.set_progress_handler(count, 1)
    try:
        result = connection.exec_driver_sql(statement, values)
        if result.returns_rows:
            result.all()
    finally:
        driver.set_progress_handler(None, 1)
    return done


def _rows(node: Any) -> int:
    """The rows that a node of a plan and those below it came across."""
    each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return round(each * node["Actual Loops"]) + sum(_rows(child) for child in node.get("Plans", ()))
