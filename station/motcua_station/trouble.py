"""What can go wrong at the printer or the scanner, in the words the server knows."""


class Trouble(Exception):
    """The work was not done. `problem` is a word of the interface; `unsure`: paper may have come out all the same."""

    def __init__(self, problem: str, words: str, *, unsure: bool = False) -> None:
        super().__init__(words)
        self.problem = problem
        self.unsure = unsure
