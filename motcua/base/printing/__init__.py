"""Papers: every PDF the program makes comes from here, and the forms of law they follow.

Nouns: paper (the data of one printout), form (a form of law, dated), template (typst).
Must not know: dossiers, applicants, databases. A caller fills a frozen dataclass of `data` and gets bytes.
Not part of `files`: a paper is made from stored data whenever asked and is not itself kept here.
"""
