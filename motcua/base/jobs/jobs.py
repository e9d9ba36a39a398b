"""Jobs about jobs."""

from motcua.base.jobs.operations import give_back_stalled, job, periodic


@periodic(cron="* * * * *")
@job(name="jobs.give_back", queueing_lock="jobs.give_back")
def give_back(timestamp: int) -> None:
    """Give back what a killed worker was doing: its locks would hold up all other jobs of their kind for ever."""
    give_back_stalled()
