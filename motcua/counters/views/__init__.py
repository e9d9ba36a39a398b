"""Pages of the hall for the office: set-up, the hall now, figures."""
