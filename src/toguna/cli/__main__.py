"""``python -m toguna.cli`` does what ``toguna`` does."""

from toguna.cli import main

main()
