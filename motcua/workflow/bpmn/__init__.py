"""Workflows as BPMN 2.0: `writing.export` for other programs and for the drawing, `reading.read` back.

What BPMN says and a workflow of ours cannot is listed in plain words, never guessed and never a crash.
"""
