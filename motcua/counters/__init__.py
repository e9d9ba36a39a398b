"""The hall of a one-stop centre: tickets, calls, counters, kiosks, displays, bookings.

Runs when all else is down: knows neither dossiers nor payments. A dossier knows its ticket, not the other way round.
"""
