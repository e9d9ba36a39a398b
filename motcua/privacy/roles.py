"""Roles around personal data, as sets."""

from motcua.agencies.roles import Role

#: Whoever sits where people come with their card.
COUNTER = (Role.GUIDE, Role.RECEIVER, Role.RETURNER)
#: Whoever answers for data of an agency: assigns, decides, erases, tells the authority.
KEEPERS = (Role.LEADER, Role.UNIT_ADMIN, Role.SYSTEM_ADMIN)
WATCHERS = (*KEEPERS, Role.MONITOR)
