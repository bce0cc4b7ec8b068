"""The report on reachability as CSV."""

from collections.abc import Iterator

from hotline.domains.contacts.export import BYTE_ORDER_MARK, YES_NO, csv_line
from hotline.domains.contacts.views import AccessReport, AccessRow

HEADERS = {
    "en": (
        "day",
        "begins",
        "wanted a person",
        "asked for agent",
        "answered",
        "abandoned",
        "turned away",
        "refused",
        "closed",
        "blocked",
        "blocked %",
        "blocked within limit",
        "abandoned %",
        "abandoned within limit",
        "simulated",
    ),
    "zh": (
        "日期",
        "开始时间",
        "需要人工",
        "请求人工",
        "接通",
        "放弃",
        "队列未接",
        "被拒",
        "非服务时间",
        "未能接入",
        "未能接入率 %",
        "未能接入率达标",
        "放弃率 %",
        "放弃率达标",
        "模拟数据",
    ),
}
_SUM = {"en": "sum", "zh": "合计"}


def csv_lines(report: AccessReport, language: str) -> Iterator[str]:
    """The lines of the file, the limits in the headings, the sum last."""
    yield BYTE_ORDER_MARK + csv_line(_with_limits(report, HEADERS[language]))
    for row in report.rows:
        yield csv_line(_cells(row, row.day.isoformat(), report, language))
    yield csv_line(_cells(report.total, _SUM[language], report, language))


def _with_limits(report: AccessReport, headers: tuple[str, ...]) -> tuple[str, ...]:
    limits = {10: report.blocked_limit, 12: report.abandoned_limit}
    return tuple(f"{name} (≤ {limits[at] / 100:g})" if at in limits else name for at, name in enumerate(headers))


def _cells(row: AccessRow, day: str, report: AccessReport, language: str) -> tuple[str, ...]:
    def judged(is_within: bool | None) -> str:
        return "" if is_within is None else YES_NO[language][0 if is_within else 1]

    counts = (row.wanted, row.asked, row.answered, row.abandoned, row.turned_away, row.refused, row.closed, row.blocked)
    return (
        day,
        row.starts_at.isoformat(timespec="minutes") if row.starts_at is not None else "",
        *map(str, counts),
        row.blocked_share,
        judged(row.is_blocked_within),
        row.abandoned_share,
        judged(row.is_abandoned_within),
        YES_NO[language][0 if report.is_simulated else 1],
    )
