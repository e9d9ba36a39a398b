"""Dated lists of codes: provinces, communes, nations, ethnic groups, banks. What a code is called on a day.

Nouns: list (a name such as `province`), code (one row, with the days it holds). Pure: files beside the program and,
for what an installation brings itself (the communes of its province), files under `MOTCUA_DATA/codelists`.
Must not know: forms, procedures, people.
"""
