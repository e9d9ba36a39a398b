"""What is done with ratings: given once, words removed in time."""
