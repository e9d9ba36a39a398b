"""Background work: one module in front of the job library, so that the choice stays ours.

Jobs are rows in PostgreSQL, added in the caller's transaction; a job exists only if the caller committed.
"""
