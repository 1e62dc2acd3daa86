"""Field reports through the room: typed, sealed, kept, reviewed, and published as a release of `reports`.

Enters: what a reporter typed or a reviewer decided. Leaves: rows of the register, files of photos, releases
in the archive. Called by `toguna.room.web` and ``toguna reports``.
"""
