"""Days in words that read the same everywhere: 20 Nov 2026."""

from datetime import date

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def spelled(day: date) -> str:
    return f"{short(day)} {day.year}"
