"""``toguna init``: make the folder that holds archive and register."""

from __future__ import annotations

from toguna.cli.flags import Common, verb
from toguna.cli.report import print_json
from toguna.cli.view import home_of

__all__ = ["init"]


@verb
def init(flags: Common) -> None:
    """Make the home folder: an empty archive and a register."""
    home = home_of(flags)
    home.path.mkdir(parents=True, exist_ok=True)
    (home.path / "archive").mkdir(exist_ok=True)
    with home.register.read():
        pass
    if flags.json:
        print_json({"home": str(home.path), "register": home.register.address})
    else:
        print(f"home: {home.path}")
        print(f"register: {home.register.address}")
