"""An open step carries the moment its dossier is ranked by, so that a desk reads only the rows it shows.

The rank follows the dossier: its promised date while the clock runs, and fixed far dates after that. Triggers keep
it, because whatever moves a date must move the rank in the same statement.
"""

from django.db import migrations, models

FUNCTIONS = """
create or replace function motcua_rank(due timestamptz, paused timestamptz, finished timestamptz)
returns timestamptz language sql immutable parallel safe as $$
  select case when paused is not null then timestamptz '9999-01-01 00:00:00+00'
              when finished is not null then timestamptz '9997-01-01 00:00:00+00'
              else coalesce(due, timestamptz '9998-01-01 00:00:00+00') end
$$;

create or replace function motcua_task_ranked() returns trigger language plpgsql as $$
begin
  select motcua_rank(d.due_at, d.paused_at, d.finished_at) into new.rank
  from dossiers_dossier d where d.id = new.dossier_id;
  new.rank := coalesce(new.rank, timestamptz '9998-01-01 00:00:00+00');
  return new;
end $$;

create or replace function motcua_dossier_ranked() returns trigger language plpgsql as $$
begin
  update dossiers_task set rank = motcua_rank(new.due_at, new.paused_at, new.finished_at)
  where home_agency_id = new.home_agency_id and dossier_id = new.id and ended_at is null;
  return null;
end $$;
"""

TRIGGERS = """
create trigger task_ranked before insert on dossiers_task
  for each row execute function motcua_task_ranked();
create trigger dossier_ranked after update of due_at, paused_at, finished_at on dossiers_dossier
  for each row when ((old.due_at, old.paused_at, old.finished_at)
    is distinct from (new.due_at, new.paused_at, new.finished_at))
  execute function motcua_dossier_ranked();
"""

BACKFILL = """
update dossiers_task t set rank = motcua_rank(d.due_at, d.paused_at, d.finished_at)
from dossiers_dossier d where d.id = t.dossier_id and t.ended_at is null
"""

UNDO = """
drop trigger dossier_ranked on dossiers_dossier;
drop trigger task_ranked on dossiers_task;
drop function motcua_dossier_ranked();
drop function motcua_task_ranked();
drop function motcua_rank(timestamptz, timestamptz, timestamptz);
"""

OPEN = models.Q(("ended_at__isnull", True))


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0002_row_level_security")]

    operations = [
        migrations.AddField(
            model_name="task",
            name="rank",
            field=models.DateTimeField(db_default=models.Value("9998-01-01 00:00:00+00"), editable=False),
        ),
        migrations.RunSQL(FUNCTIONS + TRIGGERS, UNDO),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="task", name="task_inbox_unit"),
        migrations.RemoveIndex(model_name="task", name="task_inbox_position"),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["position", "rank", "id"], condition=OPEN, name="task_of_position"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["unit", "rank", "id"], condition=OPEN, name="task_of_unit"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["unit", "rank", "id"],
                condition=models.Q(("ended_at__isnull", True), ("position__isnull", True)),
                name="task_of_nobody_yet",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["agency", "rank", "id"],
                condition=models.Q(("ended_at__isnull", True), ("is_owner", True)),
                name="task_of_agency",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                models.F("home_agency"),
                models.F("status"),
                models.F("due_at").asc(nulls_last=True),
                models.F("id"),
                condition=models.Q(("status__in", (1, 5, 9))),
                name="dossier_waiting_at_home",
            ),
        ),
    ]
