"""Who reads the ratings: whoever answers for the service of an agency. They name nobody."""

from motcua.agencies.roles import Role

READERS = (Role.UNIT_HEAD, Role.LEADER, Role.MONITOR, Role.UNIT_ADMIN, Role.SYSTEM_ADMIN)
