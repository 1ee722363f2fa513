"""The tree shape of documents as clients and servers exchange them."""

from typing import Any

Tree = dict[str, Any]
"""A document as it was read: dashed names; text, whole numbers, booleans, None, lists and trees. Decimals are text."""
