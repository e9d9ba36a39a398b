"""How long data is kept here: the spans of `lib.retention`, changed by one administrator and approved by a second."""
