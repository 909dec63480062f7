"""Start Union Desk: the window without a command, the command line with one."""

import sys

from union_desk.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
