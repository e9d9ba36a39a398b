"""The screens of a hall: who is called, what each counter does, how long it takes, which dossiers are due today."""
