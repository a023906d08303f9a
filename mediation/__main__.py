"""`python -m mediation`: the command line, from a checkout too."""

from mediation.cli.main import main

main()
