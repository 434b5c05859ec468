"""The sentences, one file per language, and the catalogue that reads them."""
