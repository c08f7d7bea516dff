"""`python -m earlywarn`: the command line, where no script is on the path."""

from earlywarn.cli import main

main()
