"""Whether applications from home are taken in here. The part that does so is asked for by the name of its address."""

from django.urls import NoReverseMatch, reverse


def offered() -> bool:
    """Tell whether this installation takes applications from home at all."""
    try:
        reverse("online-start", args=["1.000000"])
    except NoReverseMatch:
        return False
    return True
