"""What an administrator says of a form that is being made."""
