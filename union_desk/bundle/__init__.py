"""How it travels: packets and bundles."""
