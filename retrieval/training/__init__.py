"""The recipe of the built-in model: corpus → vocabulary → start vectors → trained rows → folder.

``python -m retrieval.training --corpus CORPUS --out FOLDER`` runs it, and
``python -m retrieval.training.evaluate FOLDER --corpus CORPUS`` measures what came out.
Needs the ``training`` extra, and torch, which sentence-transformers brings.
"""
