"""Procedures: the catalogue of administrative procedures (TTHC), their versions, cases, papers and fees.

Nouns: `Procedure` (a code that lives long), `ProcedureVersion` (what holds from one day to another; a
dossier pins it), `ProcedureVariant` (a case: "trường hợp"), `RequiredDocument`, `FeeRow`, `TimeLimitRow`.
The app knows agencies, never dossiers. Begin at `models/catalogue.py`, then `source/record.py` for the
national record's shape and `operations/importing.py` for the way in.
"""
