"""`python -m hotline.entrypoints` is the command `hotline`."""

from hotline.entrypoints.command_line import main

if __name__ == "__main__":
    main()
