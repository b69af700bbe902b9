"""Who decides where views conflict: votes, learnt weights, a small model, a language model."""
