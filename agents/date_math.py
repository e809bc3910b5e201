# Calendar arithmetic on plain dates, because models miscount days: deadlines, durations, weekdays, working days.
import calendar
from datetime import date, timedelta

AGENT = {
    "name": "date-math",
    "description": "Calculates with calendar dates: adds or subtracts years, months, weeks, days and business days, or "
    "measures the time between two dates. Use it for deadlines, ages, notice periods and weekdays instead of counting. "
    "It has no clock: pass today's date where it matters.",
    "parameters": {
        "type": "object",
        "properties": {
            "action": {"type": "string", "enum": ["add", "subtract", "difference"], "description": "Move `date` by an amount of time, or measure from `date` to `to`"},
            "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": "The first date, YYYY-MM-DD"},
            "to": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": "The second date of a difference"},
            "years": {"type": "integer", "minimum": 0, "default": 0, "description": "Amount to move by; all amounts add up"},
            "months": {"type": "integer", "minimum": 0, "default": 0, "description": "A day that the month lacks becomes its last day"},
            "weeks": {"type": "integer", "minimum": 0, "default": 0, "description": "Counted after years and months"},
            "days": {"type": "integer", "minimum": 0, "default": 0, "description": "Counted after years and months"},
            "business_days": {"type": "integer", "minimum": 0, "maximum": 100000, "default": 0, "description": "Counted after all others"},
            "weekend": {
                "type": "array",
                "items": {"type": "string", "enum": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]},
                "maxItems": 6, "uniqueItems": True, "default": ["Saturday", "Sunday"], "description": "Weekdays that are no business days",
            },
            "holidays": {"type": "array", "items": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}, "default": [], "description": "Dates that are no business days either"},
        },
        "required": ["action", "date"],
        "additionalProperties": False,
    },
    "returns": {
        "type": "object",
        "description": "A moved date; or a span: signed, without the first date and with the last, and once more as years, months, rest_days",
        "properties": {
            "date": {"type": "string"}, "weekday": {"type": "string"}, "iso_week": {"type": "string"}, "day_of_year": {"type": "integer"},
            "days": {"type": "integer"}, "business_days": {"type": "integer"},
            "years": {"type": "integer"}, "months": {"type": "integer"}, "rest_days": {"type": "integer"},
        },
        "additionalProperties": False,
    },
    "examples": [
        {"args": {"action": "add", "date": "2026-01-31", "months": 1}, "returns": {"date": "2026-02-28", "weekday": "Saturday", "iso_week": "2026-W09", "day_of_year": 59}},
        {"args": {"action": "add", "date": "2026-12-23", "business_days": 3, "holidays": ["2026-12-25"]}, "returns": {"date": "2026-12-29", "weekday": "Tuesday", "iso_week": "2026-W53", "day_of_year": 363}},
        {"args": {"action": "difference", "date": "2024-02-29", "to": "2026-11-21"}, "returns": {"days": 996, "business_days": 711, "years": 2, "months": 8, "rest_days": 23}},
    ],
}


def run(context, action, date, to=None, years=0, months=0, weeks=0, days=0, business_days=0, weekend=("Saturday", "Sunday"), holidays=()):
    start, off = _parse(date, "date"), {_parse(day, "holidays") for day in holidays}
    free = {list(calendar.day_name).index(name) for name in weekend}
    if action not in ("add", "subtract", "difference") or len(free) > 6 or (action == "difference" and to is None):
        raise ValueError('Use an "action" of add, subtract or difference, a "to" with difference, and a "weekend" of at most six days')
    if action == "difference":
        return _difference(start, _parse(to, "to"), free, off)
    step = timedelta(days=1 if action == "add" else -1)
    try:
        day = _add_months(start, step.days * (12 * years + months)) + step * (7 * weeks + days)
        for _ in range(business_days):
            day += step
            while day.weekday() in free or day in off:
                day += step
    except (ValueError, OverflowError):
        raise ValueError("The result lies outside the years 1 to 9999; use a smaller amount") from None
    year, week, _ = day.isocalendar()
    return {"date": day.isoformat(), "weekday": calendar.day_name[day.weekday()], "iso_week": f"{year:04}-W{week:02}", "day_of_year": day.timetuple().tm_yday}


def _difference(start, end, free, off):
    early, late, sign = (start, end, 1) if start <= end else (end, start, -1)
    months = 12 * (late.year - early.year) + late.month - early.month
    months -= _add_months(early, months) > late
    # The steps that `add` takes from the first date to the last: whole weeks, what is left of one, less the holidays.
    first, last = (early + timedelta(1), late) if start < end else (early, late - timedelta(1)) if end < start else (early, early)
    weeks, rest = divmod((late - early).days, 7)
    working = weeks * (7 - len(free)) + sum((last - timedelta(n)).weekday() not in free for n in range(rest))
    working -= sum(first <= day <= last and day.weekday() not in free for day in off) if start != end else 0
    span = {"days": (late - early).days, "business_days": working, "years": months // 12, "months": months % 12, "rest_days": (late - _add_months(early, months)).days}
    return {key: sign * value for key, value in span.items()}


def _add_months(day, months):
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _parse(text, what):
    try:
        if (day := date.fromisoformat(text)).isoformat() == text:
            return day
    except (TypeError, ValueError):
        pass
    raise ValueError(f'The value "{text}" in "{what}" is no calendar date; write it as YYYY-MM-DD, such as 2026-02-28')


if __name__ == "__main__":  # Alone: python3 date_math.py '{"action": "add", …}', or --agent
    import json, sys
    arg = sys.argv[1] if len(sys.argv) > 1 else "{}"
    print(json.dumps(AGENT if arg == "--agent" else run(None, **json.loads(arg)), indent=2))
