"""Working calendars: office hours and days off, each row with its legal source.

Nouns: Calendar, OfficeHours, Day, CalendarYear. Knows no agency: those above point here. Begin with
`queries.working_calendar`, which hands the arithmetic in `motcua.lib.due` everything it needs.
"""
