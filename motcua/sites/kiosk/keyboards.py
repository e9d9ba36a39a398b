"""The keys on the screen. Search needs no tone marks, so letters are enough."""

from motcua.lib.lookup import ALPHABET

LETTERS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
CODE = ("1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM.-")
#: The 32 letters of secrets and of bookings: none looks like another.
PLAIN = tuple(ALPHABET[start : start + 8] for start in range(0, len(ALPHABET), 8))
