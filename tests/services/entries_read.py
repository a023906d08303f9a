"""What the entries of cases say of money, read in plain Python that knows nothing of books and lines."""

import json
from collections import Counter
from datetime import timedelta


class Read:
    """The sums by measure, place, month and head; one method for each act that money follows."""

    def __init__(self, log, place):
        self.sums, self._place = Counter(), place
        for entry in log:
            self._month = f"{entry.at + timedelta(hours=8):%Y-%m}"
            if follow := getattr(self, entry.action, None):
                follow(json.loads(entry.data), entry)

    def _add(self, measure, head, amount):
        self.sums[measure, self._place, self._month, head] += amount

    def start(self, said, _):
        self._workers = said["workers"]
        self._claims = [[one["head"], one["amount"]] for one in said["claims"]]

    def submit(self, _, __):
        for head, fen in self._claims:
            self._add("claimed", head, fen)

    def draft_terms(self, said, _):
        self._payments = said["terms"]["payments"]
        self._reported, self._paid = [0] * len(self._payments), [0] * len(self._payments)

    amend_terms = draft_terms

    def seal(self, _, __):
        self._add("settled_cases", "", 1)
        self._add("settled_workers", "", self._workers)
        for one in self._payments:
            self._add("agreed", one["head"], one["amount"])

    def report_payment(self, said, _):
        """Set against what is due first; ISO days sort as they are."""
        left = said["amount"]
        for index in sorted(range(len(self._payments)), key=lambda n: (self._payments[n]["due"], n)):
            one = self._payments[index]
            if said.get("worker") in (None, one["worker"]):
                taken = min(left, one["amount"] - self._paid[index] - self._reported[index])
                self._reported[index] += taken
                left -= taken

    def confirm_payment(self, _, entry):
        for index, one in self._of(entry.seat):
            self._add("paid", one["head"], self._reported[index])
            self._paid[index] += self._reported[index]
            self._reported[index] = 0

    def deny_payment(self, _, entry):
        for index, _one in self._of(entry.seat):
            self._reported[index] = 0

    def _of(self, seat):
        return [(index, one) for index, one in enumerate(self._payments) if one["worker"] == seat]

    def restate_payment(self, said, _):
        self._waiting = said

    correct_claim = restate_payment

    def book_payment(self, _, __):
        index, right = self._waiting["promised"], self._waiting["right_amount"]
        self._add("paid", self._payments[index]["head"], right - self._waiting["was"])
        self._paid[index] = right

    book_late_payment = book_payment

    def book_claim(self, _, __):
        claim, right = self._claims[self._waiting["claim"]], self._waiting["right_amount"]
        self._add("claimed", claim[0], right - self._waiting["was"])
        claim[1] = right
