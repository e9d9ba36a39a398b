"""Satisfaction with a visit: one rating each, without a name. Docs: docs/reference/feedback.md."""
