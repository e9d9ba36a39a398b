"""The touch kiosk of a hall: tickets, look-up, slips, bookings, ratings. Docs: docs/reference/kiosk.md."""
