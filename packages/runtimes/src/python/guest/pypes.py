# What an agent may import from its host: the error of a refused or failed request.


class AgentError(Exception):
    """Raised by `context` members: `code` is one of the host's error codes, `details` may say more."""

    def __init__(self, code, message, details=None):
        super().__init__(message)
        self.code = code
        self.details = details
