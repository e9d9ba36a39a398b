"""Counting months: all of them the first time, then this month and the one before. The system counts, no person.

One statement; its cost at 150,000 dossiers stands in docs/reference/public-site.md. What each figure counts is said to
people in `motcua.sites.portal.figure_words`: both change together.
"""

from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from motcua.reports.models import MonthFigure

_BEGINNING = date(2000, 1, 1)
# Parts of a joint dossier are counted with their parent. On the day it was promised is on time, also withdrawn ones and
# those without a date (Biểu II.06a of the reports on administrative procedures counts them so).
_COUNT = """
with taken as (
  select competent_agency_id as agency, date_trunc('month', accepted_at at time zone 'Asia/Ho_Chi_Minh')::date as month,
    count(*) as received, count(*) filter (where channel = 'online') as online
  from dossiers_dossier where parent_id is null and accepted_at >= %(since)s group by 1, 2
), ended as (
  select competent_agency_id as agency, date_trunc('month', finished_at at time zone 'Asia/Ho_Chi_Minh')::date as month,
    count(*) as ended,
    count(*) filter (where status <> 7 and finished_at > due_at) as late,
    count(*) filter (where status <> 7 and (finished_at at time zone 'Asia/Ho_Chi_Minh')::date
      < (due_at at time zone 'Asia/Ho_Chi_Minh')::date) as early
  from dossiers_dossier where parent_id is null and accepted_at is not null and finished_at >= %(since)s group by 1, 2
), rated as (
  select home_agency_id as agency, date_trunc('month', day)::date as month, count(*) as rated,
    count(*) filter (where score >= 4) as happy
  from feedback_rating r where day >= %(day)s
    and not exists (select 1 from feedback_ratingflag f where f.rating_id = r.id) group by 1, 2
), standing as (
  select competent_agency_id as agency, %(now_month)s::date as month, count(*) as standing,
    count(*) filter (where paused_at is null and due_at < %(at)s) as late,
    count(*) filter (where paused_at is not null) as paused
  from dossiers_dossier where parent_id is null and accepted_at is not null and finished_at is null group by 1
), keys as (
  select agency, month from taken union select agency, month from ended union select agency, month from rated
  union select agency, month from standing
  union select agency_id, month from reports_monthfigure where month >= %(day)s
)
insert into reports_monthfigure as old (agency_id, month, received, online, early, on_time, late, rated, happy,
  standing, standing_late, standing_paused, counted_at)
select agency, month, coalesce(received, 0), coalesce(online, 0), coalesce(early, 0),
  coalesce(ended - early - ended.late, 0), coalesce(ended.late, 0), coalesce(rated, 0), coalesce(happy, 0),
  case when month = %(now_month)s then coalesce(standing, 0) end,
  case when month = %(now_month)s then coalesce(standing.late, 0) end,
  case when month = %(now_month)s then coalesce(paused, 0) end, %(at)s
from keys left join taken using (agency, month) left join ended using (agency, month)
  left join rated using (agency, month) left join standing using (agency, month)
on conflict (agency_id, month) do update set received = excluded.received, online = excluded.online,
  early = excluded.early, on_time = excluded.on_time, late = excluded.late, rated = excluded.rated,
  happy = excluded.happy, standing = coalesce(excluded.standing, old.standing),
  standing_late = coalesce(excluded.standing_late, old.standing_late),
  standing_paused = coalesce(excluded.standing_paused, old.standing_paused), counted_at = excluded.counted_at
"""


def count_months(*, at: datetime) -> int:
    """Count this month and the one before anew, all months where none is counted yet; return how many lines."""
    this = timezone.localdate(at).replace(day=1)
    known = MonthFigure.objects.exists()
    day = (this - timedelta(days=1)).replace(day=1) if known else _BEGINNING
    since = datetime.combine(day, time.min, timezone.get_current_timezone())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"since": since, "day": day, "now_month": this, "at": at})
        return int(cursor.rowcount)
