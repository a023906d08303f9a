"""How a command says that it could not do its work."""


class Failed(Exception):
    """Not all is well; each sentence goes to standard error on a line of its own."""

    def __init__(self, *sentences: str, status: int = 1) -> None:
        super().__init__(*sentences)
        self.sentences = sentences
        self.status = status
