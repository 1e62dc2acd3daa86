"""A language model as a reader: asked over HTTP, believed only where its words stand in the text.

Enters: a text that may be sent, and the section `[reading.model]` of a home. Leaves: `Drafts` as of any
reader. Off until that section names an address. Called through the entry point ``model`` of
`toguna.readers`.

The way of a text::

    settings (may it be sent?) -> prompt -> ask -> answer (shape) -> proof (words, values) -> Drafts
"""
