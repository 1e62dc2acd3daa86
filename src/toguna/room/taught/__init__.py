"""What a replay taught: its pictures, its page, and its place in an assessment."""
