"""Bulk import and export of Coupa purchase orders, driven by YAML mappings."""

__version__ = "0.1.0"
