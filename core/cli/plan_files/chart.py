"""Draws a picture of a plan with matplotlib, as PNG, or as SVG whose text stays text."""

import warnings
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from babel.dates import format_date
from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FuncFormatter

from core.cli.plan_files.picture import Block, Mark, Picture
from core.domain.errors import Message
from core.planning.moments import MINUTES_A_DAY, to_datetime
from core.services.wording import ENGLISH, Wording

#: Okabe and Ito's colours, which people with every kind of colour vision tell apart.
_COLOURS = ("#56B4E9", "#E69F00", "#009E73", "#F0E442", "#CC79A7", "#0072B2", "#D55E00", "#999999")
_MARKS: dict[Mark, tuple[Message, dict[str, Any]]] = {
    Mark.FROZEN: (Message("lies behind us"), {"hatch": "////", "edgecolor": "#444444"}),
    Mark.MOVED: (Message("at another time than published"), {"edgecolor": "#C00000", "linewidth": 1.8}),
    Mark.REHOUSED: (
        Message("in another room than published"),
        {"edgecolor": "#C00000", "linewidth": 1.4, "linestyle": ":"},
    ),
    Mark.ADDED: (Message("not published yet"), {"edgecolor": "#000000", "linewidth": 1.2}),
}
#: Fonts with Chinese characters, as they are called on Debian, Windows, macOS and by their makers.
_CHINESE_FONTS = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK JP", "WenQuanYi Micro Hei"),
    *("WenQuanYi Zen Hei", "Microsoft YaHei", "SimHei", "PingFang SC", "Heiti SC"),
)
#: Inches: of a row, of what stands above and below a week, of a day, of the room labels, of the chart of costs.
_ROW, _AROUND, _DAY, _LABELS, _COSTS = 0.17, 0.55, 1.55, 1.7, 2.4
_FEWEST_DAYS = 5
#: So many letters of a block's name find place in an hour of a day of ten hours.
_LETTERS = 40


def drawn(picture: Picture, kind: str, wording: Wording) -> bytes:
    """Return the picture as `png` or `svg`; a PNG is in English where no font has Chinese characters."""
    installed = set(font_manager.get_font_names())
    chinese = [font for font in _CHINESE_FONTS if font in installed]
    if kind == "png" and not chinese:
        wording = Wording(ENGLISH)
    looks: Any = {"font.family": ["DejaVu Sans", *chinese], "svg.fonttype": "none", "svg.hashsalt": picture.title}
    looks |= {"font.size": 7, "hatch.linewidth": 0.4}
    content = BytesIO()
    # Names may have characters that no font here has: they show as boxes, and a warning would help nobody.
    with rc_context(looks), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = _figure(picture, wording)
        figure.savefig(content, format=kind, dpi=130, metadata={"Date": None} if kind == "svg" else None)
    return content.getvalue()


def _figure(picture: Picture, wording: Wording) -> Figure:
    days = max([_FEWEST_DAYS, *(len(week) for week in picture.weeks)])
    week_height = len(picture.rows) * _ROW + _AROUND
    heights = [*(week_height for _ in picture.weeks), *([_COSTS] if picture.history else [])]
    figure = Figure(figsize=(_LABELS + days * _DAY, sum(heights) + _AROUND), layout="constrained")
    hours = "–".join(f"{minute // 60:02}:00" for minute in picture.hours)
    figure.suptitle(f"{picture.title}  {hours}", fontsize=11, x=0.01, ha="left")
    if heights:
        axes = figure.subplots(len(heights), 1, squeeze=False, gridspec_kw={"height_ratios": heights})[:, 0]
        for week, ax in zip(picture.weeks, axes, strict=False):
            _draw_week(ax, picture, week, days, wording)
        if picture.history:
            _draw_costs(axes[-1], picture, wording)
    figure.legend(handles=_legend(picture, wording), loc="upper right", ncols=8, frameon=False)
    return figure


def _draw_week(ax: Axes, picture: Picture, week: tuple[int, ...], days: int, wording: Wording) -> None:
    """Draw a week: a column for each of its days, the hours running from left to right within it."""
    first, last = picture.hours
    labels = [label or wording.say(Message("no room")) for label in picture.rows]
    for block in picture.blocks:
        if block.day in week:
            left = week.index(block.day) + (block.start - first) / (last - first)
            _draw_block(ax, picture, block, left, (block.end - block.start) / (last - first))
    ax.set_xlim(0, days)
    ax.set_ylim(len(picture.rows), 0)
    ax.set_xticks([number + 0.5 for number in range(len(week))], [_date(day, wording) for day in week])
    ax.set_yticks([number + 0.5 for number in range(len(picture.rows))], labels)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.hlines(range(1, len(picture.rows)), 0, len(week), color="#E4E4E4", linewidth=0.5, zorder=0)
    ax.vlines(range(1, len(week) + 1), 0, len(picture.rows), color="#888888", linewidth=0.8, zorder=0)
    ax.spines[["top", "right", "bottom"]].set_visible(False)


def _draw_block(ax: Axes, picture: Picture, block: Block, left: float, width: float) -> None:
    colour = _COLOURS[picture.programs.index(block.program) % len(_COLOURS)]
    look: dict[str, Any] = {"edgecolor": "white", "linewidth": 0.4, **(_MARKS[block.mark][1] if block.mark else {})}
    ax.add_patch(Rectangle((left, block.row + 0.08), width, 0.84, facecolor=colour, **look))
    letters = int(width * _LETTERS)
    name = block.name if len(block.name) <= letters else block.name.rsplit(" ", 1)[-1]
    ax.text(left + width / 2, block.row + 0.52, name, ha="center", va="center", fontsize=4.5, clip_on=True)


def _draw_costs(ax: Axes, picture: Picture, wording: Wording) -> None:
    seconds, costs, bounds = zip(*picture.history, strict=True)
    ax.step(seconds, costs, where="post", color="#0072B2", label=wording.say(Message("Cost")))
    ax.step(seconds, bounds, where="post", color="#D55E00", label=wording.say(Message("No plan costs less")))
    ax.set_xlabel(wording.say(Message("Seconds")))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda cost, _: f"{cost:,.0f}"))
    ax.grid(color="#E4E4E4", linewidth=0.5)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)


def _legend(picture: Picture, wording: Wording) -> Iterable[Patch]:
    marks = {block.mark for block in picture.blocks}
    return [
        *(
            Patch(facecolor=_COLOURS[number % len(_COLOURS)], label=program)
            for number, program in enumerate(picture.programs)
        ),
        *(
            Patch(facecolor="white", label=wording.say(text), **look)
            for mark, (text, look) in _MARKS.items()
            if mark in marks
        ),
    ]


def _date(day: int, wording: Wording) -> str:
    return format_date(to_datetime(day * MINUTES_A_DAY).date(), "yyyy-MM-dd E", locale=wording.language)
