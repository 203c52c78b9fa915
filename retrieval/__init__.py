"""吉问's archive: pages become articles, passages, vectors; questions become proven quotes."""
