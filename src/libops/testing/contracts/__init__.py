"""Contracts: test suites that a plugin author inherits, so that a plugin proves itself in a few lines.

```python
class TestMyStore(StorageContract):
    plugins = ("my_plugin",)

    def url(self, folder):
        return f"mystore://{folder}/library"
```
"""

from libops.testing.contracts.storage import StorageContract

__all__ = ["StorageContract"]
