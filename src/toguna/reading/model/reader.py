"""The reader ``model``: asks a language model, and keeps what the text itself bears out.

Enters: a `Text` and a `Setting`. Leaves: `Drafts`. Registered in the group ``toguna.readers``; called by
`toguna read`. If the model fails, it says so: the rules are not put in its place.
"""

from __future__ import annotations

from datetime import date

from toguna.core.errors import DataError
from toguna.reading.confidence import Weights
from toguna.reading.documents import Text
from toguna.reading.drafts import Drafts
from toguna.reading.marks import Setting
from toguna.reading.model.ask import ask
from toguna.reading.model.evidence import Evidence
from toguna.reading.model.prompt import prompt
from toguna.reading.model.proof import proved
from toguna.reading.model.settings import SECTION, ModelSettings, read_settings
from toguna.reading.plain import folded
from toguna.reading.tongue import language_of
from toguna.sources.patient import Means

__all__ = ["ModelReader"]


class ModelReader:
    """Reads by a language model that the home names.

    Parameters
    ----------
    setting : Setting
        Registry, gazetteer, what is on record; `home` names the settings.
    weights : Weights, optional
        Of the rules; of them only `least` holds here, since a model has its own.
    means : Means, optional
        Clock, sleep and chance.

    Raises
    ------
    UsageError
        No model is set up, or not soundly.
    """

    name = "model"

    def __init__(
        self, setting: Setting, weights: Weights | None = None, *, means: Means | None = None
    ) -> None:
        self.setting = setting
        self.settings: ModelSettings = read_settings(setting.home)
        self._means = means

    def read(self, text: Text, *, lang: str = "auto", published: date | None = None) -> Drafts:
        """Read one text; see `toguna.reading.protocol.Reader`.

        Raises
        ------
        DataError
            The text may not be sent, is too long, or the model gave no usable answer.
        UsageError
            The server refuses key or address.
        """
        self._refuse(text)
        day = published or text.published
        tongue = language_of(folded(text.text)) if lang == "auto" else lang
        asked = prompt()
        answer = ask(self.settings, asked.body(self.settings.name, text.text, day), means=self._means)
        rule = f"model:{self.settings.name} prompt:{asked.version}"
        evidence = Evidence.of(text.text, tongue, self.setting, published=day)
        incidents, relations, responses, notes = proved(answer, evidence, rule)
        return Drafts(
            f"{rule}@{asked.digest}",
            tongue,
            day,
            incidents,
            relations,
            responses,
            (*notes, *(() if day else ("no-day-of-publication",))),
        )

    def _refuse(self, text: Text) -> None:
        told, most = text.sensitivity or "not told", self.settings.sensitivity
        if not self.settings.allows(text.sensitivity):
            raise DataError(
                f"the sensitivity of the text is {told}, and {SECTION} allows {most} at the most; nothing "
                "was sent. Say --sensitivity if it is known, or read by --reader rules."
            )
        letters, longest = len(text.text), self.settings.most_characters
        if letters > longest:
            raise DataError(
                f"the text has {letters:,} letters, {SECTION} allows {longest:,}; nothing was sent. Cut it "
                "into its reports, raise most_characters, or read by --reader rules."
            )
