"""Appraisal: did counts change where and when something was done, beyond what would have come anyway?

Enters: a declaration made before looking, counts by area and month. Leaves: an `Appraisal` with a verdict,
which may be that these data cannot tell. Called by the verb `appraise`; `appraise.appraise` is the way in.
"""
