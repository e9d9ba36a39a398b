"""The dossier (hồ sơ): taken in, worked on by units, decided, returned. The heart of the product.

Its nouns: Dossier, DossierDocument (a paper), Task (an open step), Pause, SupplementRequest, Consultation,
Result, Paper (an issued slip), Draft (an intake not yet saved as a dossier). It must not know screens of other
apps, national systems or how news is delivered. Begin with `states.py`, then `operations/__init__.py`, which
gives the order of a dossier's life; `docs/tour/a-dossier.md` walks through it once.
"""
