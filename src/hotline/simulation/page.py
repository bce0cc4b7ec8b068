"""The result as one self-contained page: tables and curves in Chinese and English, drawn here, nothing fetched."""

from collections.abc import Callable
from html import escape

from hotline.simulation.metrics import ALL, Figure, Results
from hotline.simulation.report import by_queue, clock, in_per_cent, of_whole
from hotline.simulation.running import Replication

_WIDTH, _HEIGHT = 880, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 12, 26
_LABELS = 8

_TITLES = {
    "offered": ("请求人工", "Asked for an agent"),
    "answered": ("接通", "Answered"),
    "abandoned": ("放弃", "Abandoned"),
    "blocked": ("被拒", "Blocked"),
    "called_back": ("接受回拨", "Accepted a call-back"),
    "unreached": ("回拨未接通", "Called back in vain"),
    "service_level": ("服务水平", "Service level"),
    "abandon_probability": ("放弃率", "Abandon probability"),
    "average_wait_s": ("平均等待（秒）", "Average wait, s"),
    "wait_probability": ("等待概率", "Wait probability"),
    "wait_percentile90_s": ("等待第90百分位（秒）", "90th percentile of waits, s"),
    "mean_queue": ("平均排队人数", "Mean queue"),
    "occupancy": ("占用率", "Occupancy"),
    "agents": ("在岗坐席", "Agents on duty"),
    "reserve_teams": ("到岗的后备梯队", "Reserve teams at work"),
    "containment": ("自助解决率", "Containment"),
}
_CURVES = ("offered", "service_level", "average_wait_s", "wait_percentile90_s", "occupancy", "agents")

_STYLE = """
body{font:15px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2rem auto;max-width:960px;
padding:0 1rem;color:#1f2328;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.05rem;margin:1.6rem 0 .3rem}
.note{border-left:4px solid #d97706;background:#fff7ed;padding:.6rem .9rem}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;display:block;overflow-x:auto}
th,td{padding:.25rem .6rem;border-bottom:1px solid #d8dee4;text-align:right;white-space:nowrap}
th{font-weight:600}th:first-child,td:first-child{text-align:left}
svg{width:100%;height:auto;display:block}
.band{fill:#0958d9;opacity:.18}.line{fill:none;stroke:#0958d9;stroke-width:2}
.grid{stroke:#d8dee4;stroke-width:1}text{font-size:12px;fill:#57606a}small{color:#57606a}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}.note{background:#2d2210}
th,td{border-color:#30363d}.grid{stroke:#30363d}text,small{fill:#9198a1;color:#9198a1}
.line{stroke:#6aa6ff}.band{fill:#6aa6ff}}
"""


def page(results: Results, replications: list[Replication], seed: int, name: str, about: str) -> str:
    """The whole page."""
    calls = sum(replication.calls for replication in replications)
    title = escape(name or "Scenario")
    body = [
        f"<h1>{title}</h1>",
        f"<p>{escape(about)}</p>" if about else "",
        _note(len(replications), seed, calls),
        "<h2>合计 · Totals</h2>",
        _table(by_queue(results.totals())),
    ]
    intervals = of_whole(results.by_interval())
    starts = list(intervals)
    for metric in _CURVES:
        curve = [intervals[start][metric] for start in starts]
        body.append(f"<h2>{_title(metric)}</h2>{_curve(starts, curve, in_per_cent(metric))}")
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body>{''.join(body)}</body></html>\n"
    )


def _note(replications: int, seed: int, calls: int) -> str:
    return (
        '<p class="note">这是模拟结果，不是真实话务：路由规则与生产系统相同，来电、时长和耐心由随机数产生。'
        f"共 {replications} 次重复，种子 {seed}，{calls:,} 个请求；阴影为99%置信区间，它不包含场景本身的误差。<br>"
        "This is simulated, not real traffic: the routing rules are those of the live system; calls, lengths and "
        f"patience are chance. {replications} replication(s), seed {seed}, {calls:,} requests; shaded: 99 % confidence "
        "interval, which knows nothing of errors in the scenario itself.</p>"
    )


def _title(metric: str) -> str:
    chinese, english = _TITLES[metric]
    return f"{chinese} · {english}"


def _table(rows: dict[str, dict[str, Figure]]) -> str:
    heads = "".join(f"<th>{zh}<br><small>{en}</small></th>" for zh, en in _TITLES.values())
    lines = [f"<table><tr><th>队列<br><small>Queue</small></th>{heads}</tr>"]
    for queue, figures in rows.items():
        label = "全部 · All" if queue == ALL else escape(queue)
        cells = "".join(f"<td>{_cell(figures.get(metric))}</td>" for metric in _TITLES)
        lines.append(f"<tr><td>{label}</td>{cells}</tr>")
    return "".join(lines) + "</table>"


def _cell(figure: Figure | None) -> str:
    if figure is None or figure.estimate.value is None:
        return "–"
    show = _shown(in_per_cent(figure.metric))
    estimate = figure.estimate
    if estimate.low is None or estimate.high is None:
        return show(figure.estimate.value)
    return f"{show(figure.estimate.value)}<br><small>{show(estimate.low)} – {show(estimate.high)}</small>"


def _shown(is_share: bool) -> Callable[[float], str]:
    return (lambda value: f"{value:.1%}") if is_share else (lambda value: f"{value:,.1f}")


# --- curves ---------------------------------------------------------------------------------------------------------


def _curve(starts: list[float], figures: list[Figure], is_share: bool) -> str:
    """The curve of a metric with its band; intervals without a value leave a gap."""
    tops = [f.estimate.high if f.estimate.high is not None else f.estimate.value or 0.0 for f in figures]
    top = 1.0 if is_share else _round_up(max(tops, default=0.0))

    def x(place: int) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * place / max(1, len(starts) - 1)

    def y(value: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - min(value, top) / top)

    parts = [f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(_title(figures[0].metric))}">']
    show = _shown(is_share)
    for step in range(5):
        value = top * step / 4
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
        )
        parts.append(f'<text x="{_LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{show(value)}</text>')
    for place in range(0, len(starts), max(1, len(starts) // _LABELS)):
        label = clock(starts[place])
        parts.append(f'<text x="{x(place):.1f}" y="{_HEIGHT - 6}" text-anchor="middle">{label}</text>')
    for first, last in _stretches(figures):
        parts += _stretch(figures, first, last, x, y)
    return "".join(parts) + "</svg>"


def _stretches(figures: list[Figure]) -> list[tuple[int, int]]:
    """First and last place of each run of intervals that have a value."""
    found: list[tuple[int, int]] = []
    for place, figure in enumerate(figures):
        if figure.estimate.value is None:
            continue
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def _stretch(
    figures: list[Figure], first: int, last: int, x: Callable[[int], float], y: Callable[[float], float]
) -> list[str]:
    places = range(first, last + 1)
    values = [figures[place].estimate for place in places]
    line = " ".join(f"{x(p):.1f},{y(e.value or 0.0):.1f}" for p, e in zip(places, values, strict=True))
    high = [(p, e.high) for p, e in zip(places, values, strict=True) if e.high is not None]
    low = [(p, e.low) for p, e in zip(places, values, strict=True) if e.low is not None]
    band = " ".join(f"{x(p):.1f},{y(bound):.1f}" for p, bound in [*high, *reversed(low)])
    return [
        f'<polygon class="band" points="{band}"/>' if band else "",
        f'<polyline class="line" points="{line}"/>'
        if first < last
        else f'<circle r="3" cx="{x(first):.1f}" cy="{y(values[0].value or 0.0):.1f}" fill="#0958d9"/>',
    ]


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, ... that is not below the value."""
    step = 1.0
    while step * 10 <= value:
        step *= 10
    return next((step * factor for factor in (1, 2, 4, 5, 8, 10) if step * factor >= value), step * 10)
