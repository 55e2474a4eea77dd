"""The command line: one file a command. Commands import inside their functions, so `--help` stays quick."""
