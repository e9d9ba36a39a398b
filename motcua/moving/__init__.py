"""Moving in: open dossiers, their history and number series out of the system an office had before."""
