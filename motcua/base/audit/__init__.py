"""History: who did what to which thing, append-only, one hash chain per subject.

Its nouns: Entry (one act), OperationKey (the answer kept for a repeated request), Anchor (the daily root
of an agency's chains). It must not know what a dossier is: subjects are a kind and an id.
Begin with `operations.record`. Not part of the outbox, because history is kept for ever and never delivered.
"""
