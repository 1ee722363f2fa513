"""Why a request is not done: a status below 500 and the sentences of the answer's `errors`."""

from collections.abc import Sequence


class RefusedRequest(Exception):  # noqa: N818 - said to clients as sentences, not as an error's name
    """A request the sandbox does not do. `name` is the key of the sentences in a JSON answer."""

    def __init__(self, status: int, messages: Sequence[str], name: str = "base") -> None:
        self.status = status
        self.messages = tuple(messages)
        self.name = name
        super().__init__("; ".join(self.messages))


def bad_request(message: str) -> RefusedRequest:
    """A request that cannot be understood."""
    return RefusedRequest(400, [message])


def not_found(what: str) -> RefusedRequest:
    """Something that is not there."""
    return RefusedRequest(404, [f"Couldn't find {what}"])
