from tests.outside import outside_tool

__all__ = ["outside_tool"]
