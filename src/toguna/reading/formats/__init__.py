"""Parsers of documents that strangers write: they run in a process of their own and hold nothing.

Enters: bytes on standard input. Leaves: JSON on standard output. Started by `toguna.reading.apart` as
``python -m toguna.reading.formats KIND SECONDS BYTES``; imported by nothing else of the program.
"""
