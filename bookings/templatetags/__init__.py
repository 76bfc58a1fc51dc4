"""What pages of programs and rooms show of the guests: hearts and reviews."""
