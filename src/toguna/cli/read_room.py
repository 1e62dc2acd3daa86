"""What ``toguna read`` does with the decisions of reviewers: write them as labels, train on them.

Enters: flags. Leaves: files. Called by the verb `read`.
"""

from __future__ import annotations

from pathlib import Path

from toguna.cli.flags import TheatreFlags
from toguna.cli.report import advise, print_json
from toguna.cli.view import home_of, theatre_of
from toguna.core.errors import UsageError

__all__ = ["ROOM", "from_room"]

ROOM = Path("room")
"""Given in place of a file of labels: what was decided in the room of this home."""


def from_room(
    flags: TheatreFlags, what: str, *, train: Path | None, out: Path | None, examples: Path | None
) -> bool:
    """Do what concerns the room; False when a report is to be read, or labels of a file are trained on.

    Raises
    ------
    UsageError
        Nothing was decided yet; or there is nothing to read.
    """
    if examples is not None:
        _write(flags, examples)
    elif train == ROOM:
        _train(flags, out)
    elif not what and train is None:
        raise UsageError("name a report to read, a folder of such, or - for standard input.")
    else:
        return False
    return True


def _write(flags: TheatreFlags, folder: Path) -> None:
    from toguna.room.texts.learned import write_labels
    from toguna.room.texts.shelf import every_text

    written = write_labels(every_text(home_of(flags), theatre_of(flags).name), folder)
    result = {"labels": written.labels, "texts": written.texts, "examples": written.examples}
    if flags.json:
        print_json(result | {"folder": str(folder)})
        return
    print(f"{folder}: {written.labels} labels, {written.texts} of them with their words")
    advise(f"Next: toguna read --train {folder / 'labels.jsonl'} --out weights.toml", quiet=flags.quiet)


def _train(flags: TheatreFlags, out: Path | None) -> None:
    """Fit to every decision of the home, of all its theatres, from the weights of the program."""
    from toguna.reading.confidence import shipped
    from toguna.reading.training import fitted, weights_text
    from toguna.room.texts.learned import WEIGHTS, examples_of_drafts
    from toguna.room.texts.shelf import every_text

    home = home_of(flags)
    found = [e for text in every_text(home, None) for e in examples_of_drafts(text.drafts)]
    if not found:
        raise UsageError("nothing was decided in the room of this home yet: there is nothing to learn from.")
    path = out or home.path / WEIGHTS
    weights = fitted(found, shipped(), made_from=f"{len(found)} decisions of the room")
    path.write_text(weights_text(weights), encoding="utf-8")
    if flags.json:
        print_json({"examples": len(found), "weights": str(path)})
        return
    print(f"{path}: fitted to {len(found)} drafts and fields that reviewers decided on")
    if out is None:
        advise(
            "The room reads with these weights from now on; remove the file to go back.", quiet=flags.quiet
        )
