"""Theatre packs, the archive of what sources published, and the register of what people wrote.

Enters: folders and files. Leaves: theatres, snapshots, database rows. Used by `toguna.sources` and below.
"""
