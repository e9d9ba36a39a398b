"""The pure engine of electronic forms: no database, no request. What a form asks, and what is wrong with an answer.

`schema.form_of` reads a stored definition, `schema.faults` says in plain words what is wrong with one; `answers.check`
says what is wrong with an answer, by field path; `reading.taken` takes what a browser posted; `showing.shown` puts an
answer into words for a page and for paper.
"""
