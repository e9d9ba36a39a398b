"""The drawing of a workflow: a line with stations, the door at the end (server SVG, no script, no style
attribute). `drawing.draw` is the way in; `layout` places, `wide` and `tall` draw, `words` says it in text.
"""
