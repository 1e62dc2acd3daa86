"""The command line: one file per verb, nothing heavy imported before a verb runs.

Enters: the words a person typed. Leaves: results on stdout, progress and advice on stderr, an exit
code (0 done, 1 findings, 2 usage, 3 cannot proceed). Called by the ``toguna`` script.
"""

__all__ = ["main"]


def main(words: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    from toguna.cli.app import run

    raise SystemExit(run(words))
