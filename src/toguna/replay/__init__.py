"""Everything again as of a past date: the looks of a period, their score beside the rules in use, lessons."""
