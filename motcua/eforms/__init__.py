"""Electronic forms (biểu mẫu điện tử): what a procedure asks, and what somebody answers.

Nouns: definition (the questions of a procedure and case, by version), answer (what was filled in, under which
definition), co-signer (somebody else who confirms the same content). `engine` is pure: questions, conditions, checks.
Must not know: dossiers (they point at an answer), payments, who is signed in where.
"""
