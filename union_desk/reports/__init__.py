"""How it prints: definitions and values in, PDF bytes out."""
