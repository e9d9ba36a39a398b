"""Agencies, their units, one-stop shops and the people in them, all dated.

Nouns: Agency, Unit, OneStopShop, Point, Counter, Position. Who has an identifier code is an Agency; who has
none is a Unit, OneStopShop or Point. A level ("tỉnh", "huyện", "xã") is data, never a constant. Knows nothing
of procedures or dossiers. Begin with `roles.py`, then `models/`, then `queries.py`.
"""
