"""The kiosk's views: the page itself, taking a number, looking procedures up, what was scanned."""
