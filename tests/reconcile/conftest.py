"""The server of the service's tests."""

from ..service.conftest import client

__all__ = ["client"]
