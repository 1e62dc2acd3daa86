"""Ask a model over HTTP: one request, an answer of bounded size and time, no step aside.

Enters: settings and the body of a request. Leaves: an answer of the schema. Called by
`toguna.reading.model.reader`. Redirects are not followed; what a server says is repeated in no error, since
it may hold the key or words of the text.
"""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from toguna import __version__
from toguna.core.errors import DataError, UsageError
from toguna.reading.model.answer import read_answer
from toguna.reading.model.settings import SECTION, ModelSettings
from toguna.sources.fetch_errors import FetchError, RefusedError
from toguna.sources.patient import Ask, Means, Pace, Patient

__all__ = ["FALL_BACK", "ask"]

LARGEST = 1_000_000  # bytes of an answer
TRIES = 2
FALL_BACK = "Nothing was drafted; mend this, or read the text by --reader rules."
_ENDS = (401, 403, 404)  # every further text would fail the same way
_PHRASE = re.compile(r"(status \d{3}).*?( and asks to wait \d+ s)?\Z", re.DOTALL)


def ask(settings: ModelSettings, body: bytes, *, means: Means | None = None) -> dict[str, Any]:
    """Send one request.

    Parameters
    ----------
    settings : ModelSettings
        Where, with which key, how long.
    body : bytes
        See `toguna.reading.model.prompt`.
    means : Means, optional
        Clock, sleep and chance.

    Returns
    -------
    dict
        Of the shape of `toguna.reading.model.answer.answer_schema`.

    Raises
    ------
    UsageError
        The server refuses key or address.
    DataError
        No answer, one that is too large or too slow, or of another shape.
    """
    headers = {"content-type": "application/json", "accept-encoding": "identity"}
    if settings.key:
        headers["authorization"] = f"Bearer {settings.key}"
    pace = Pace(
        per_second=100, tries=TRIES, throttled_wait=5, longest_asked=60, deadline=settings.timeout,
        largest=LARGEST,
    )  # fmt: skip
    # A proxy of the environment would carry a text off this machine: for a local model there is none.
    with httpx.Client(
        timeout=settings.timeout,
        trust_env=not settings.local,
        headers={"user-agent": f"toguna/{__version__}"},
    ) as http:
        patient = Patient(http, pace=pace, means=means)
        try:
            return patient.get(Ask(settings.url, headers=headers, body=body), _answer)
        except RefusedError as error:
            if error.status in _ENDS:
                raise UsageError(f"{_plain(error)}. Look at key, url and name under {SECTION}.") from None
            raise DataError(f"{_plain(error)}. {FALL_BACK}") from None
        except FetchError as error:
            raise DataError(f"{_plain(error)}. {FALL_BACK}") from None
        except DataError as error:
            raise DataError(f"{error}. {FALL_BACK}") from None


def _plain(error: FetchError) -> str:
    """Say what went wrong without the phrase that the server puts behind the number of its status."""
    return _PHRASE.sub(r"\1\2", error.found)


def _answer(body: bytes) -> dict[str, Any]:
    """Take the words of the model out of what the server sent."""
    try:
        (choice, *_) = json.loads(body)["choices"]
        content = choice["message"]["content"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DataError("the server's answer is no completion of a chat") from None
    if choice.get("finish_reason") == "length":
        raise DataError("the model's answer was cut off at the length that its server allows")
    if not isinstance(content, str):
        raise DataError("the server's answer holds no text of the model")
    return read_answer(content)
