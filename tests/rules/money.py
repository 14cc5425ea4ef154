#!/usr/bin/env python3
"""A second opinion on fees and interest, with nothing but the standard library: fractions, and a walk over every single day, where crates/rules computes by spans.

Scales and fixed rates are written down here once more, from 诉讼费用交纳办法 and the interpretations. The loan prime rate it reads from crates/rules/data/lpr.toml,
because that is a list of facts.

    money.py < QUESTIONS > ANSWERS        one JSON object a line; amounts are fen, days 2025-03-18
"""

import bisect
import datetime
import json
import pathlib
import sys
import tomllib
from fractions import Fraction as F

DATA = pathlib.Path(__file__).resolve().parent.parent.parent / "crates" / "rules" / "data"
ONE = datetime.timedelta(days=1)

# What a case costs in any event, then (above, rate in percent), in yuan.
SCALES = {
    "property": (50, [(10_000, "2.5"), (100_000, "2"), (200_000, "1.5"), (500_000, "1"), (1_000_000, "0.9"), (2_000_000, "0.8"), (5_000_000, "0.7"), (10_000_000, "0.6"),
                      (20_000_000, "0.5")], None),
    "enforcement": (50, [(10_000, "1.5"), (500_000, "1"), (5_000_000, "0.5"), (10_000_000, "0.1")], None),
    "preservation": (30, [(1_000, "1"), (100_000, "0.5")], 5_000),
}  # fmt: skip


def day(text):
    return datetime.date.fromisoformat(text)


def rounded(value):
    """Half a fen and more goes up."""
    return (value * 2 + 1) // 2 if value >= 0 else -((-value * 2 + 1) // 2)


def scale(code, fen):
    base, tiers, cap = SCALES[code]
    yuan, due = F(fen, 100), F(base)
    for (above, rate), (to, _) in zip(tiers, tiers[1:] + [(None, None)]):
        upto = yuan if to is None else min(yuan, to)
        if upto > above:
            due += (upto - above) * F(rate) / 100
    return (due if cap is None else min(due, F(cap))) * 100


def fee(question):
    code, fen = question["code"], question["amount"]
    if code == "payment_order":
        due = scale("property", fen) / 3
    elif code == "bankruptcy":
        due = min(scale("property", fen) / 2, F(30_000_000))
    else:
        due = scale(code, fen)
    if question["halved"]:
        due /= 2
    return [rounded(due * (100 - question["less"]) / 100)]


def year_of(basis, at):
    if basis == "360":
        return 360
    if basis == "365":
        return 365
    return 366 if at.year % 4 == 0 and (at.year % 100 != 0 or at.year % 400 == 0) else 365


def lpr_table():
    table = tomllib.loads((DATA / "lpr.toml").read_text(encoding="utf-8"))
    days = [day(row["published"]) for row in table["month"]]
    return days, [F(row["rate"].rstrip("%")) / 100 for row in table["month"]]


LPR_DAYS, LPR_RATES = lpr_table()


def lpr(at):
    return LPR_RATES[bisect.bisect_right(LPR_DAYS, at) - 1]


def simple(question):
    at, until, total = day(question["from"]), day(question["until"]), F(0)
    fixed = None if question["rate"] is None else F(question["rate"]) / 100
    while at < until:
        at += ONE
        rate = fixed if fixed is not None else lpr(at) * F(question["times"])
        total += question["amount"] * rate / year_of(question["basis"], at)
    return [rounded(total)]


def late(question):
    """Day by day: what is overdue bears the extra part; at the end of the day comes what was paid."""
    debts = sorted([day(due), amount, bears] for due, amount, bears in question["debts"])
    payments = {}
    for on, amount in question["payments"]:
        payments.setdefault(day(on), []).append(amount)
    stays = [(day(first), day(last)) for first, last in question["stays"]]
    until, extra, ordinary = day(question["until"]), F(0), F(question["fixed"])
    extra_paid = ordinary_paid = surplus = 0
    ordinary_from = day(question["ordinary_from"]) if question["ordinary_from"] else None
    at = min([debts[0][0], until] + list(payments) + ([ordinary_from] if ordinary_from else [])) - ONE
    while at < until:
        at += ONE
        overdue = sum(amount for due, amount, _ in debts if due < at)
        if not any(first <= at <= last for first, last in stays):
            extra += F(overdue * 175, 1_000_000)
        if ordinary_from and ordinary_from < at:
            base = sum(amount for _, amount, bears in debts if bears)
            ordinary += base * F(question["ordinary_rate"]) / 100 / year_of(question["basis"], at)
        for money in payments.get(at, []):
            def from_extra(money):
                nonlocal extra_paid
                part = min(money, rounded(extra) - extra_paid)
                extra_paid += part
                return money - part

            def from_ordinary(money):
                nonlocal ordinary_paid
                part = min(money, rounded(ordinary) - ordinary_paid)
                ordinary_paid += part
                return money - part

            if question["extra_first"]:
                money = from_extra(money)
            if not question["principal_first"]:
                money = from_ordinary(money)
            for debt in debts:
                part = min(money, debt[1])
                debt[1] -= part
                money -= part
            surplus += from_extra(from_ordinary(money))
    return [
        rounded(extra),
        rounded(extra) - extra_paid,
        rounded(ordinary),
        rounded(ordinary) - ordinary_paid,
        sum(amount for _, amount, _ in debts),
        surplus,
    ]


def lending(question):
    """Day by day: the rate of the day, at most the cap of the day; what comes back pays lawful interest first."""
    split = datetime.date(2020, 8, 19)
    formed, until, filed = day(question["formed"]), day(question["until"]), day(question["filed"])
    due = day(question["due"]) if question["due"] else None
    agreed = F(question["rate"]) / 100 if question["rate"] is not None else F(0)
    late_rate = F(question["overdue"]) / 100 if question["overdue"] is not None else None
    older = formed <= split
    old_rules = filed <= split or (older and question["old_rules"])
    new_cap = 4 * lpr(filed if older else formed) if filed > split else None
    if old_rules:
        old_cap = F(24, 100)
    elif older:
        old_cap = 4 * lpr(formed) if formed >= LPR_DAYS[0] else new_cap
    else:
        old_cap = None

    def after_due(at):
        if late_rate is not None:
            return late_rate
        if question["rate"] is not None:
            return agreed
        if old_rules and (filed <= split or at <= split) and due < split:
            return F(6, 100)
        if filed <= split:
            return F(6, 100)
        return lpr(max(due + ONE, split + ONE) if due <= split else due + ONE)

    payments = {}
    for on, amount in question["repayments"]:
        payments.setdefault(day(on), []).append(amount)
    principal, at = question["amount"] - question["deducted"], formed
    interest = overdue = room = natural = F(0)
    paid = natural_paid = surplus = 0
    while True:
        for money in payments.get(at, []):
            part = min(money, max(rounded(interest + overdue) - paid, 0))
            paid, money = paid + part, money - part
            if at <= split:
                part = min(money, max(rounded(natural) - natural_paid, 0))
                natural_paid, money = natural_paid + part, money - part
            part = min(money, principal)
            principal, surplus = principal - part, surplus + money - part
        if at >= until:
            break
        at += ONE
        old = at <= split or new_cap is None
        cap = (old_cap if old_cap is not None else new_cap) if old else new_cap
        year = year_of(question["basis"], at)
        if due is not None and at > due:
            overdue += principal * min(after_due(at), cap) / year
            room += principal * cap / year
        else:
            interest += principal * min(agreed, cap) / year
            if old and old_rules and agreed > cap:
                natural += principal * (min(agreed, F(36, 100)) - cap) / year
    charges = min(question["charges"], max(rounded(room) - rounded(overdue), 0)) if question["charges"] else 0
    return [rounded(interest), rounded(interest + overdue), charges, principal, max(rounded(interest + overdue) - paid, 0), surplus]


def schedule(question):
    amount, months, rate = question["amount"], question["months"], F(question["rate"]) / 1200
    if question["method"] == "equal_instalment":
        grown = (1 + rate) ** months
        level = rounded(F(amount) * rate * grown / (grown - 1)) if rate else rounded(F(amount, months))
    left, answer = amount, []
    for number in range(1, months + 1):
        interest = rounded(left * rate)
        if number == months:
            principal = left
        elif question["method"] == "equal_instalment":
            principal = min(max(level - interest, 0), left)
        elif question["method"] == "equal_principal":
            principal = rounded(F(amount * number, months)) - rounded(F(amount * (number - 1), months))
        else:
            principal = 0
        left -= principal
        answer += [principal, interest]
    return answer


KINDS = {"fee": fee, "simple": simple, "late": late, "lending": lending, "schedule": schedule}


def main():
    for line in sys.stdin:
        question = json.loads(line)
        print(" ".join(str(number) for number in KINDS[question["kind"]](question)))


if __name__ == "__main__":
    main()
