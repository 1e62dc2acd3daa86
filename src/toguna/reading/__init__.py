"""Reading reports: from a text in French or English to draft records that a person reviews.

Enters: a `Text` (what a document says, when it was published) and the registry and gazetteer of a
theatre. Leaves: `Drafts`: incidents, relations between organisations and responses, every field
with the words it came from, the rule that produced it and how sure it is. Offline; nothing read
here enters an assessment by itself. Called by the command line and by whatever reviews drafts.

The way of a text::

    intake (addresses) -> documents (kinds, apart -> formats) -> prose
    prose -> sentences, tongue -> lexicon, days, numerals, places, groups -> marks
              -> episodes -> tolls, deeds, authors -> incidents
              -> relations, responses          -> confidence -> Drafts
"""
