"""Bulk import and export of Coupa purchase orders, driven by YAML mappings.

What a program can ask for. A name is imported when it is first asked for, so that `import bulkpo` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bulkpo.workspace.names import *  # noqa: F403 - the names have one home, and type checkers read it there
    from bulkpo.workspace.names import __all__ as __all__

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for; type checkers read the imports above
    names = import_module("bulkpo.workspace.names")
    if name == "__all__" or name in names.__all__:
        return getattr(names, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
