"""What people read: the assessment, its pictures, the briefing on screen and paper, the data files."""
