"""Days on which Czech banks clear payments: not weekends, not public holidays. Source: Act 245/2000 Coll."""

from datetime import date, timedelta

HOLIDAYS = frozenset(
    {(1, 1), (5, 1), (5, 8), (7, 5), (7, 6), (9, 28), (10, 28), (11, 17), (12, 24), (12, 25), (12, 26)}
)
SATURDAY = 5


def is_banking_day(day: date) -> bool:
    easter = _easter_sunday(day.year)
    moving = (easter - timedelta(days=2), easter + timedelta(days=1))
    return day.weekday() < SATURDAY and (day.month, day.day) not in HOLIDAYS and day not in moving


def after(day: date, count: int) -> date:
    """The `count`-th banking day after a day; with 0 the day itself, or the next banking day."""
    while not is_banking_day(day):
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_banking_day(day):
            day += timedelta(days=1)
    return day


def _easter_sunday(year: int) -> date:
    """Gregorian Easter after Meeus, Jones and Butcher."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, phase = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * phase + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = moon + weekday - 7 * ((golden + 11 * moon + 22 * weekday) // 451) + 114
    return date(year, shift // 31, shift % 31 + 1)
