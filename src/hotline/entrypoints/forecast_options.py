"""What `hotline forecast` may be asked. Apart from what answers it, so that other commands start without that."""

import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "history",
        metavar="HISTORY.csv",
        help="columns start,calls and maybe queue,brand,channel,site,aht_s; or .csv.gz",
    )
    parser.add_argument(
        "--horizon", default="28d", metavar="N", help="calendar days as 28d, or intervals as 96; default: %(default)s"
    )
    parser.add_argument("--interval", default="30min", metavar="LENGTH", help="5min to 60min; default: %(default)s")
    parser.add_argument("--calendar", metavar="C.csv", help="columns date,kind and maybe until,name,queue,value")
    parser.add_argument(
        "--country", default="", metavar="CODE", help="whose public holidays, as CN; default: the one the history keeps"
    )
    parser.add_argument(
        "--coverage", type=float, default=0.9, metavar="SHARE", help="of low to high; default: %(default)s"
    )
    parser.add_argument(
        "--like", action="append", default=[], metavar="NEW=QUEUE[:SHARE]", help="a new queue borrows another's profile"
    )
    parser.add_argument("--json", action="store_true", help="print JSON on a terminal, too")
