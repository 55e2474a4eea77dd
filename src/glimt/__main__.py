"""`python -m glimt`, and through it `torchrun -m glimt`."""

from glimt.cli.main import main

main()
