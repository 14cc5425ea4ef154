#!/usr/bin/env python3
"""A second opinion on periods, with nothing but the standard library: it walks the calendar day by day, where crates/rules computes.

It has calendar tables of its own (what is off from Monday to Friday, what is worked on at weekends), written from the notices of the State Council's office and
apart from crates/rules/data/holidays. What a period is called and how long it is it reads from crates/rules/data/periods.toml, because that is what both must do.

    periods.py < QUESTIONS > ANSWERS        one JSON object a line: rule, variant, start, length, pauses [[from, until]…], extension
    periods.py --calendar FROM UNTIL        one line a day: the date and w (worked) or - (not)
"""

import calendar
import datetime
import functools
import json
import pathlib
import re
import sys
import tomllib

DATA = pathlib.Path(__file__).resolve().parent.parent.parent / "crates" / "rules" / "data"
ONE = datetime.timedelta(days=1)

# Year: days off from Monday to Friday; Saturdays and Sundays on which people work.
NOTICES = {
    2016: ("0101 0208 0209 0210 0211 0212 0404 0502 0609 0610 0915 0916 1003 1004 1005 1006 1007",
           "0206 0214 0612 0918 1008 1009"),
    2017: ("0102 0127 0130 0131 0201 0202 0403 0404 0501 0529 0530 1002 1003 1004 1005 1006",
           "0122 0204 0401 0527 0930"),
    2018: ("0101 0215 0216 0219 0220 0221 0405 0406 0430 0501 0618 0924 1001 1002 1003 1004 1005 1231",
           "0211 0224 0408 0428 0929 0930 1229"),
    2019: ("0101 0204 0205 0206 0207 0208 0405 0501 0502 0503 0607 0913 1001 1002 1003 1004 1007",
           "0202 0203 0428 0505 0929 1012"),
    2020: ("0101 0124 0127 0128 0129 0130 0131 0406 0501 0504 0505 0625 0626 1001 1002 1005 1006 1007 1008",
           "0119 0426 0509 0628 0927 1010"),
    2021: ("0101 0211 0212 0215 0216 0217 0405 0503 0504 0505 0614 0920 0921 1001 1004 1005 1006 1007",
           "0207 0220 0425 0508 0918 0926 1009"),
    2022: ("0103 0131 0201 0202 0203 0204 0404 0405 0502 0503 0504 0603 0912 1003 1004 1005 1006 1007",
           "0129 0130 0402 0424 0507 1008 1009"),
    2023: ("0102 0123 0124 0125 0126 0127 0405 0501 0502 0503 0622 0623 0929 1002 1003 1004 1005 1006",
           "0128 0129 0423 0506 0625 1007 1008"),
    2024: ("0101 0212 0213 0214 0215 0216 0404 0405 0501 0502 0503 0610 0916 0917 1001 1002 1003 1004 1007",
           "0204 0218 0407 0428 0511 0914 0929 1012"),
    2025: ("0101 0128 0129 0130 0131 0203 0204 0404 0501 0502 0505 0602 1001 1002 1003 1006 1007 1008",
           "0126 0208 0427 0928 1011"),
    2026: ("0101 0102 0216 0217 0218 0219 0220 0223 0406 0501 0504 0505 0619 0925 1001 1002 1005 1006 1007",
           "0104 0214 0228 0509 0920 1010"),
}  # fmt: skip


@functools.cache
def works(day):
    """Whether people work on that day."""
    off, worked = NOTICES.get(day.year, ("", ""))
    name = day.strftime("%m%d")
    if day.year not in NOTICES and name in ("0101", "0501", "0502", "1001", "1002", "1003"):
        return False
    return name in worked.split() or (day.weekday() < 5 and name not in off.split())


@functools.cache
def rows():
    """Every row with the time in which it holds, the earlier versions included."""
    found = []
    with open(DATA / "periods.toml", "rb") as file:
        for row in tomllib.load(file)["period"]:
            for version in [row, *row.get("earlier", [])]:
                found.append(row | {key: version[key] for key in ("from", "length") if key in version} | {"to": version.get("to")})
    return found


def find(rule, variant, day):
    fits = [row for row in rows() if row["id"] == rule and (not variant or row.get("variant") == variant)]
    for row in fits:
        if row["from"] <= day.isoformat() and (row["to"] is None or day.isoformat() < row["to"]):
            return row
    raise LookupError(f"{rule}/{variant} on {day}")


def split(length):
    count, unit = re.fullmatch(r"(\d+)(\D+)", length).groups()
    return int(count), unit


def add_months(day, months):
    """Month by month, with the end of the month where it has no such day."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month > 12:
            year, month = year + 1, 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def answer(question):
    start = question["start"]
    day = datetime.date.fromisoformat(start[:10])
    row = find(question["rule"], question.get("variant", ""), day)
    count, unit = split(question.get("length") or row["length"])
    extension = question.get("extension")
    if extension:
        count += split(extension)[0]
    pauses = [tuple(map(datetime.date.fromisoformat, pause)) for pause in question.get("pauses", [])]
    paused = lambda at: any(first <= at <= last for first, last in pauses)

    if unit == "小时":
        hour = datetime.datetime.fromisoformat(start).replace(minute=0, second=0, tzinfo=None)
        for _ in range(count + 1):
            hour += datetime.timedelta(hours=1)
        return hour.isoformat(timespec="minutes")
    if row.get("way") == "before":
        for _ in range(count):
            day -= ONE
        return day.isoformat()
    if unit == "个工作日":
        while count:
            day += ONE
            count -= works(day)
        return day.isoformat()

    if unit == "日":
        while count:
            day += ONE
            count -= not paused(day)
    else:
        first, end = day + ONE, add_months(day, count * (12 if unit == "年" else 1))
        bare = end
        while True:  # as long as the days to leave out grow, the end moves
            out = sum(paused(first + ONE * at) for at in range((end - first).days + 1))
            if bare + ONE * out == end:
                break
            end = bare + ONE * out
        day = end
    if row.get("rolls", True):
        while not works(day):
            day += ONE
    return day.isoformat()


def main():
    if sys.argv[1:2] == ["--calendar"]:
        day, until = map(datetime.date.fromisoformat, sys.argv[2:4])
        while day <= until:
            print(day.isoformat(), "w" if works(day) else "-")
            day += ONE
        return
    for line in sys.stdin:
        print(answer(json.loads(line)))


if __name__ == "__main__":
    main()
