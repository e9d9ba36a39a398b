"""Vietnamese words for days and times, as the explanation of a due date says them."""

from datetime import date, datetime

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def day_name(day: date) -> str:
    """Return weekday and date without the year: "thứ Sáu 28/8"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day}/{day.month}"


def clock_day(moment: datetime) -> str:
    """Return time, weekday and date: "13:30 thứ Sáu 28/8"."""
    return f"{moment:%H:%M} {day_name(moment.date())}"


def long_clock_day(moment: datetime) -> str:
    """Return time, weekday and full date: "13:30 thứ Sáu 28/8/2026"."""
    return f"{clock_day(moment)}/{moment.year}"


def range_words(first: date, last: date) -> str:
    """Return one day, two days, or a span of days."""
    if first == last:
        return day_name(first)
    joint = "và" if (last - first).days == 1 else "đến"
    return f"{day_name(first)} {joint} {day_name(last)}"


def time_words(minutes: int) -> str:
    """Return minutes as hours and minutes: "2 giờ 30 phút"."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} giờ"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} phút")
    return " ".join(parts)


def lower_first(text: str) -> str:
    """Let a name that begins with a verb run on inside a sentence ("Nghỉ bù" → "nghỉ bù")."""
    return "nghỉ" + text[4:] if text.startswith("Nghỉ") else text
