"""Commands of the `motcua` program, one module each; thin, on the same operations as the screens."""
