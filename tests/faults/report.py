"""The table of faults in docs/promises.md: which tests inject one, and what was measured when they last ran.

A test that injects a fault is marked `@pytest.mark.fault("what goes wrong", "what must happen")`, in literal
texts, since they are read from the source. It may take the fixture `measured` and call it with what was
measured.
"""

from collections.abc import Callable

Measured = Callable[[str], None]
"""The type of the fixture `measured`."""
