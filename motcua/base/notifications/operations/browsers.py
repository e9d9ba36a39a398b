"""Browsers that listen: forgotten as soon as their push service says that they have gone."""

from motcua.base.notifications.models import PushSubscription


def forget(number: int) -> None:
    """Forget one subscription."""
    PushSubscription.objects.filter(pk=number).delete()
