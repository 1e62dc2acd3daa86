"""Page one: five sentences for a minister, one file per question they answer."""

from toguna.room.headline.slots import headline

__all__ = ["headline"]
