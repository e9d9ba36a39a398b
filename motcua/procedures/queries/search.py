"""Finding procedures: with or without marks, with typing mistakes, by code, by initials.

Exact forms first (code, name as typed, name without marks, beginnings of words, initials); only when none
is found, one slip of the finger in each word; only then likeness by trigrams. So a rightly typed query never
drowns in look-alikes. `rank` is a whole
number so that pages can go on from (rank, sort_key, id) without counting offsets.
"""

import re
import string
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from motcua.lib.vietnamese import fold, normalize

_LONGEST_QUERY = 200
_LONGEST_WORD, _MOST_WORDS = 12, 8
_EXACT_FROM, _SLIPS_FROM = 15_000, 10_000  # the lowest ranks of these steps
_LIKENESS = 0.42  # of pg_trgm.word_similarity: one wrong letter in a short word still passes

_STATUS = """
    join lateral (
        select v.id, v.number, v.in_force_from, v.in_force_to, v.repeal_decision_number, v.summary, v.plain,
               case when v.in_force_to <= %(day)s then 'repealed'
                    when v.in_force_from > %(day)s then 'coming' else 'current' end as status
        from procedures_procedureversion v
        where v.procedure_id = p.id and v.state <> 'draft'
        order by (coalesce(v.in_force_from <= %(day)s, true)
                  and coalesce(v.in_force_to > %(day)s, true)) desc,
                 v.number desc
        limit 1
    ) v on true
    left join procedures_sector s on s.id = p.sector_id
"""
#: For administrators: drafts are found too, and stand behind whatever is public.
_STATUS_ALL = """
    join lateral (
        select v.id, v.number, v.in_force_from, v.in_force_to, v.repeal_decision_number, v.summary, v.plain,
               case when v.state = 'draft' then 'draft' when v.in_force_to <= %(day)s then 'repealed'
                    when v.in_force_from > %(day)s then 'coming' else 'current' end as status
        from procedures_procedureversion v
        where v.procedure_id = p.id
        order by (v.state <> 'draft') desc,
                 (coalesce(v.in_force_from <= %(day)s, true)
                  and coalesce(v.in_force_to > %(day)s, true)) desc,
                 v.number desc
        limit 1
    ) v on true
    left join procedures_sector s on s.id = p.sector_id
"""
_ONLY = {
    **{status: f"v.status = '{status}'" for status in ("current", "coming", "repealed", "draft")},
    "ahead": """exists (select 1 from procedures_procedureversion w where w.procedure_id = p.id
        and w.state <> 'draft' and w.in_force_from > %(day)s)""",
    "written": """exists (select 1 from procedures_procedureversion w where w.procedure_id = p.id
        and w.state = 'draft' and w.source = 'office')""",
    "waiting": """exists (select 1 from procedures_approval a
        join procedures_procedureversion w on w.id = a.version_id
        where w.procedure_id = p.id and a.outcome = '')""",
    "flagged": """exists (select 1 from procedures_importflag f
        join procedures_procedureversion w on w.id = f.version_id
        where w.procedure_id = p.id and f.settled_at is null)""",
    # The newest national record is none that holds, something of ours is public, and nobody has compared them.
    "national": """exists (select 1 from (
            select w.id, w.state from procedures_procedureversion w
            where w.procedure_id = p.id and w.source not in ('office', 'motcua') order by w.number desc limit 1) n
        where n.state = 'draft' and v.status <> 'draft'
        and not exists (select 1 from procedures_nationalreview r where r.version_id = n.id))""",
}
_COLUMNS = """
    p.id, coalesce(p.code, '') as code, p.name, p.sort_key, p.levels, coalesce(s.name, '') as sector,
    v.id as version_id, v.status, v.summary, v.in_force_from, v.in_force_to, v.repeal_decision_number
"""
_AGENCY = """
    exists (select 1 from procedures_agencyprocedure a
            where a.procedure_id = p.id and a.agency_id = %(agency)s
            and a.valid_from <= %(day)s and (a.valid_to is null or a.valid_to > %(day)s))
"""
#: Or what it may receive for another agency, wherever people live (Nghị định 118/2025/NĐ-CP, Điều 14).
_ANYWHERE = """
    (exists (select 1 from procedures_procedurevariant f where f.version_id = v.id and f.allows_boundary_free)
     and exists (select 1 from procedures_agencyprocedure a
                 where a.procedure_id = p.id and a.competent
                 and a.valid_from <= %(day)s and (a.valid_to is null or a.valid_to > %(day)s)))
"""
_EXACT_RANK = """
    case when p.code = %(code)s then 100000
         when %(code)s <> '' and p.code like %(code)s || '%%' then 90000
         when p.lowered = %(lowered)s or p.lowered = 'thủ tục ' || %(lowered)s then 80000
         when p.initials = %(letters)s and %(letters)s <> '' then 70000
         when strpos(p.lowered, %(lowered)s) > 0 then 60000
         when p.folded = %(folded)s then 55000
         when strpos(' ' || p.folded || ' ', ' ' || %(folded)s || ' ') > 0 then 50000
         when strpos(' ' || p.search_text || ' ', ' ' || %(folded)s || ' ') > 0 then 48000
         when strpos(p.folded, %(folded)s) > 0 then 45000
         when %(letters)s <> '' and p.initials like %(letters)s || '%%' then 40000
         when p.words @@ to_tsquery('simple', %(prefixes)s) then 30000
         else 20000 end
    + round(similarity(p.folded, %(folded)s) * 900)::int
    - case when v.status = 'current' then 0 else 5000 end
"""
_EXACT_WHERE = """
    (p.search_text like '%%' || %(pattern)s || '%%'
     or p.words @@ to_tsquery('simple', %(prefixes)s)
     or (%(letters)s <> '' and p.initials like '%%' || %(letters)s || '%%')
     or (%(code)s <> '' and p.code like %(code)s || '%%'))
"""
_SLIP_RANK = "10000 + round(similarity(p.folded, %(folded)s) * 4000)::int"
_SLIP_WHERE = "p.words @@ to_tsquery('simple', %(slips)s)"
_LIKE_RANK = """
    round(word_similarity(%(folded)s, p.search_text) * 9000)::int
    + round(similarity(p.folded, %(folded)s) * 900)::int
"""
_LIKE_WHERE = "%(folded)s <%% p.search_text"
_PAGE = """
select * from (select {columns}, {rank} as rank
    from procedures_procedure p {status} where {where}) found
where {more} order by rank desc, sort_key, id limit %(limit)s
"""


@dataclass(frozen=True)
class Found:
    """One hit: the procedure with the version that holds (or held, or will hold) on the asked day."""

    id: int
    code: str
    name: str
    sort_key: str
    levels: list[str]
    sector: str
    version_id: int
    status: str
    summary: str
    in_force_from: date | None
    in_force_to: date | None
    repeal_decision_number: str
    rank: int

    @property
    def after(self) -> str:
        """The key of the page that begins after this hit."""
        return f"{self.rank}:{self.id}"

    @property
    def only_alike(self) -> bool:
        """Whether nothing typed is in it as typed: found by a slip of the finger or by likeness."""
        return 0 < self.rank < _EXACT_FROM


#: What `only` may ask for.
STATES = tuple(_ONLY)


def search(
    text: str,
    *,
    on: date,
    agency: int | None = None,
    anywhere: bool = False,
    sector: int | None = None,
    current_only: bool = False,
    drafts: bool = False,
    only: str = "",
    after: str = "",
    limit: int = 20,
) -> list[Found]:
    """Return up to `limit` procedures for what a person typed, best first.

    `agency`: only what that agency receives on the day; `anywhere`: also what any centre of the province may receive
    for the agency that settles it. `sector`: only that sector. Without text: all, in
    alphabetical order. `after` is `Found.after` of the last hit of the page before; nonsense is ignored.
    Drafts are found with `drafts` alone: the administrators' list. `only`: those in one state (`STATES`).
    """
    values = _values(text, on=on, agency=agency, sector=sector, limit=limit)
    where = ["true"]
    if agency is not None:
        where.append(f"({_AGENCY} or {_ANYWHERE})" if anywhere else _AGENCY)
    if sector is not None:
        where.append("p.sector_id = %(sector)s")
    if current_only:
        where.append("v.status = 'current'")
    if only:
        where.append(_ONLY[only])
    values["drafts"] = drafts
    values["status"] = _STATUS_ALL if drafts else _STATUS
    more = _more(after, values)
    if not values["folded"]:
        return _run("0", where, more, values)
    return _by_step(where, more, values)


def _by_step(where: list[str], more: str, values: dict[str, Any]) -> list[Found]:
    """Try the exact forms, then slips, then likeness; a later page stays with the step it began in."""
    last = values.get("last_rank")
    if last is None or last >= _EXACT_FROM:
        found = _run(_EXACT_RANK, [*where, _EXACT_WHERE], more, values)
        if found or last is not None:
            return found
    slips = _slips(values["folded"])
    if slips and (last is None or last >= _SLIPS_FROM):
        found = _run(_SLIP_RANK, [*where, _SLIP_WHERE], more, values | {"slips": slips})
        if found or last is not None or values["drafts"]:
            return found
    return _run(_LIKE_RANK, [*where, _LIKE_WHERE], more, values)


def _slips(folded: str) -> str:
    """Return a text search for `folded` with one slip in a word: a letter left out, added, wrong, swapped,
    or the space to the next word forgotten. "" when some word is like no word of the catalogue."""
    typed = folded.split()
    if not 0 < len(typed) <= _MOST_WORDS or any(len(word) > _LONGEST_WORD for word in typed):
        return ""
    near = {word: _one_slip(word) for word in typed}
    wanted = set().union(*near.values(), *(_halves(word) for word in typed))
    with connection.cursor() as cursor:
        cursor.execute("select word from procedures_searchword where word = any(%s)", [sorted(wanted)])
        known = {word for (word,) in cursor.fetchall()}
    return " & ".join(f"({_choices(word, near[word], known)})" for word in typed)


def _choices(word: str, near: set[str], known: set[str]) -> str:
    """Return the alternatives for one typed word as a part of a text search."""
    pairs = [(word[:place], word[place:]) for place in range(2, len(word) - 1)]
    split = [f"({left} <-> {right})" for left, right in pairs if left in known and right in known]
    return " | ".join([f"{word}:*", *sorted(near & known), *split])


def _halves(word: str) -> set[str]:
    return {half for place in range(2, len(word) - 1) for half in (word[:place], word[place:])}


def _one_slip(word: str) -> set[str]:
    letters = string.ascii_lowercase
    splits = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    near = {left + right[1:] for left, right in splits if right}
    near |= {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    near |= {left + letter + right[1:] for left, right in splits if right for letter in letters}
    near |= {left + letter + right for left, right in splits for letter in letters}
    return near | {word}


def _values(text: str, **others: Any) -> dict[str, Any]:
    typed = normalize(text.replace("\x00", ""))[:_LONGEST_QUERY]
    words = re.findall(r"\w+", fold(typed))
    folded = " ".join(words)
    return {
        "lowered": typed.lower(),
        "folded": folded,
        "pattern": re.sub(r"([\\%_])", r"\\\1", folded),
        "prefixes": " & ".join(f"{word}:*" for word in words),
        "letters": folded if re.fullmatch(r"[a-z]{2,12}", folded) else "",
        "code": _code_prefix(typed),
        "day": others.pop("on"),
        **others,
    }


def _code_prefix(typed: str) -> str:
    """Return "1.0011" for "1.0011" and for "10011"; "" when it is no beginning of a code."""
    if re.fullmatch(r"\d\.\d{0,6}", typed):
        return typed
    if re.fullmatch(r"\d{3,7}", typed):
        return f"{typed[0]}.{typed[1:]}"
    return ""


def _more(after: str, values: dict[str, Any]) -> str:
    match = re.fullmatch(r"(-?\d{1,9}):(\d{1,18})", after)
    if match is None:
        return "true"
    values["last_rank"], values["last_id"] = int(match[1]), int(match[2])
    return """(rank < %(last_rank)s or (rank = %(last_rank)s and (sort_key, id) >
        ((select sort_key from procedures_procedure where id = %(last_id)s), %(last_id)s)))"""


def _run(rank: str, where: list[str], more: str, values: dict[str, Any]) -> list[Found]:
    status = values["status"]
    sql = _PAGE.format(columns=_COLUMNS, rank=rank, status=status, where=" and ".join(where), more=more)
    with connection.cursor() as cursor:
        if rank is _LIKE_RANK:
            cursor.execute(
                "select set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(_LIKENESS)]
            )
        cursor.execute(sql, values)
        return [Found(*row) for row in cursor.fetchall()]
