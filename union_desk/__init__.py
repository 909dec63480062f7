"""Union Desk (工会填报台): entry, checks, papers and files of a trade-union tree."""

__version__ = "0.1.0"
