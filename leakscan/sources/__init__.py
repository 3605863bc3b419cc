"""Where content comes from. Each source yields Content or Problem, lazily."""
