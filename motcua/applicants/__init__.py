"""Who applies: persons and organizations, known by what their papers say. They need no account.

Person (personal number, passport, or the reason why there is no paper) and Organization (tax code);
`Applicant` is the one thing a dossier points at. Submitter, applicant and representative are roles in a
dossier, not here. Knows nothing of dossiers. Personal numbers, phones, e-mail and home addresses are
encrypted, names are not. Begin with `operations/people.py`.
"""
