"""Relations: who did what, from the pieces of each sentence and the frames of the lexicon."""
