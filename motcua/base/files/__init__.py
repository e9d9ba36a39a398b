"""Files: the one way in for uploads, and the one place where content is kept.

Nouns: stored file (a row per use), content (bytes, kept once by hash), draft (a file being taken in), preview
(a picture of a page). Must not know: dossiers and who may see them; callers check permission before they hand
out a `StoredFile`. Not part of `dossiers`: payments, correspondence and feedback keep files too.
"""
