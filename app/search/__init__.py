"""Finding requests: views of the queue, and words, numbers, addresses and phones in any spelling."""
