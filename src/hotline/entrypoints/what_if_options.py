"""What `hotline what-if` may be asked. Apart from what answers it, so that other commands start without that."""

import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "--configuration", metavar="NEW.json", help="the changed set-up, whole; --show prints the recorded one to edit"
    )
    parser.add_argument("--show", action="store_true", help="print the set-up in force at the end of that time instead")
    parser.add_argument("--day", metavar="YYYY-MM-DD", help="in the time zone of the queues; default: yesterday")
    parser.add_argument("--from", dest="begin", metavar="TIME", help="as 2026-03-02T09:00, a quarter of an hour")
    parser.add_argument("--to", dest="end", metavar="TIME", help="the same; at most 25 hours after --from")
    parser.add_argument("--pool", default=None, help="staff pool; default: that of the settings")
    parser.add_argument("--replays", type=int, default=5, metavar="N", help="of each set-up; default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of chance; default: %(default)s")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
