"""News for other apps and systems, written in the transaction of the act and delivered afterwards.

`publish` a fact; `config.subscriptions` says who hears it; the worker delivers at least once, in order per
subject, so handlers must bear repetition. NOTIFY wakes the worker and the live process; it carries ids only.
"""
