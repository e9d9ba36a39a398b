"""Certified copies (chứng thực bản sao từ bản chính): the busiest desk of a commune, taken in in seconds.

Nouns: a visit (one person, one dossier), the papers copied in it with their numbers in the book, the volumes of the
book, and money marked as taken by hand. Each visit is a dossier like any other, made and moved by the operations of
`dossiers` (decision 0042): due date, history, tracking and statistics come from there and are not kept twice.

It must not know: desks, boards, reports. It is not part of `dossiers` because a province can run without it, and
because its book, its numbers and its words belong to one kind of procedure.
"""
