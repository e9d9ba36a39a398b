"""The voice of a hall: what is said for a call, and the sound of it.

`words` (text), `sound` (samples) and `guidance` know nothing of the program; `speaker` runs espeak-ng; `announcing`
puts them together for a call. Reference: docs/reference/voice.md.
"""
