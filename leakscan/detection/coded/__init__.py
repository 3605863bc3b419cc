"""What is written in another way, or put together from pieces: content -> texts with the spans that they come from."""
