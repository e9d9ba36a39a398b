"""What the screens of a hall show, read in one statement and grown call by call. Pure, and without Django: the live
process and the web process read the same.

A screen names the last call it has (`after`) and gets every later one, however many there were at once; that is how a
reconnect loses nothing. Labels and numbers of counters only; nobody's name is in here.
"""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
#: So many calls are kept for screens that were away; who was away for longer has slept and starts anew.
KEPT = 200
#: So many of the last calls every screen gets, for its list of those before.
SHOWN = 20

#: One statement, so that calls, counters and line are of one moment. Values: hall, after, most.
READ = """
select json_build_object(
  'now', now(), 'last', l.calls, 'open', h.is_open, 'normals', h.normals,
  'voice', json_build_object('on', h.voice_on, 'volume', h.voice_volume, 'from', h.quiet_from, 'to', h.quiet_to),
  'calls', coalesce((select json_agg(c order by c.call) from (
    select k.number as call, t.label, d.number as counter, k.why, k.at
    from counters_call k join counters_ticket t on t.id = k.ticket_id join agencies_counter d on d.id = k.counter_id
    where k.hall_id = h.id and k.number > greatest(%(after)s::bigint, l.calls - %(most)s::bigint)) c), '[]'::json),
  'counters', coalesce((select json_agg(c order by c.number) from (
    select d.number, s.id is not null as staffed, t.label as ticket, t.state = 'called' as called,
      exists (select 1 from counters_pause p where p.shift_id = s.id and p.until is null) as paused,
      (select coalesce(json_agg(v.prefix order by v.position, v.id), '[]'::json) from counters_serving g
        join counters_service v on v.id = g.service_id where g.counter_id = d.id and g.until is null) as services
    from agencies_counter d
    left join counters_shift s on s.counter_id = d.id and s.ended_at is null
    left join counters_ticket t on t.shift_id = s.id and t.state in ('called', 'serving')
    where d.point_id = h.point_id
      and (d.valid_to is null or d.valid_to > (now() at time zone 'Asia/Ho_Chi_Minh')::date)) c), '[]'::json),
  'services', coalesce((select json_agg(c order by c.position, c.id) from (
    select v.id, v.position, v.prefix, v.name, (select count(*) from counters_ticket t
      where t.hall_id = h.id and t.service_id = v.id and t.state = 'waiting') as waiting
    from counters_service v where v.hall_id = h.id and v.valid_to is null) c), '[]'::json),
  'devices', coalesce((select json_agg(x.id) from counters_device x
    where x.hall_id = h.id and x.revoked_at is null), '[]'::json)
) from counters_hall h join counters_hallline l on l.hall_id = h.id where h.id = %(hall)s::bigint
"""


class Board:
    """A hall as its screens see it; `take` what was read, give each screen its `message`."""

    def __init__(self, hall: int) -> None:
        self.hall = hall
        self.last = 0
        self.calls: list[dict[str, Any]] = []
        self.rest: dict[str, Any] = {}
        self.devices: frozenset[int] = frozenset()

    @property
    def values(self) -> dict[str, int]:
        """The values of the next `READ`: only calls that are not here yet are read."""
        return {"hall": self.hall, "after": self.last, "most": KEPT}

    def take(self, read: dict[str, Any]) -> None:
        """Add what a `READ` gave. A database that was put back to an earlier moment begins anew."""
        if read["last"] < self.last:
            self.calls = []
        voice = read["voice"]
        self.calls += [
            {
                "call": one["call"],
                "label": one["label"],
                "counter": str(one["counter"]),
                "why": one["why"],
                "at": one["at"],
                "voice": speaks(voice, datetime.fromisoformat(one["at"])),
            }
            for one in read["calls"]
        ]
        del self.calls[:-KEPT]
        self.last = read["last"]
        self.devices = frozenset(read["devices"])
        self.rest = {
            "hall": self.hall,
            "now": read["now"],
            "last": self.last,
            "open": read["open"],
            "normals": read["normals"],
            "volume": voice["volume"],
            "waiting": sum(one["waiting"] for one in read["services"]),
            "counters": [
                {
                    "number": str(one["number"]),
                    "state": _state(one),
                    "ticket": one["ticket"] or "",
                    "services": one["services"],
                }
                for one in read["counters"]
            ],
            "services": [
                {"prefix": one["prefix"], "name": one["name"], "waiting": one["waiting"]}
                for one in read["services"]
            ],
        }

    def since(self, after: int) -> int:
        """Return after which call the message begins for a screen that has all until `after` (-1: it is new).

        Screens that are up to date share one message.
        """
        recent = max(0, self.last - SHOWN)
        return min(after, recent) if 0 <= after <= self.last else recent

    def message(self, after: int) -> dict[str, Any]:
        """Return the state, with the last calls and every one after `after`, in the order in which they were made."""
        first = self.since(after)
        return {**self.rest, "calls": [one for one in self.calls if one["call"] > first]}


def _state(counter: dict[str, Any]) -> str:
    """Return what a counter does: closed, paused, called (somebody is on the way), serving or free."""
    if not counter["staffed"]:
        return "closed"
    if counter["ticket"]:
        return "called" if counter["called"] else "serving"
    return "paused" if counter["paused"] else "free"


def speaks(voice: dict[str, Any], at: datetime) -> bool:
    """Tell whether a call of this moment is spoken: no quiet hour, which may pass midnight."""
    if not voice["on"]:
        return False
    if not voice["from"] or not voice["to"]:
        return True
    start, end = time.fromisoformat(voice["from"]), time.fromisoformat(voice["to"])
    now = at.astimezone(HERE).time()
    quiet = start <= now < end if start <= end else now >= start or now < end
    return not quiet
