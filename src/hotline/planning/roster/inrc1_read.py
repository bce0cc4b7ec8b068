"""Reads instances of the First International Nurse Rostering Competition: the text form and XML."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

from hotline.planning.roster.errors import RosterFileError, file_error
from hotline.planning.roster.inrc1 import (
    ANY,
    LIMITS,
    WEEKDAYS,
    Contract,
    Instance,
    Nurse,
    Pattern,
    Rule,
    set_cover,
    weekend_days,
)
from hotline.planning.roster.texts import read_lines

_Cells = list[str]
_Cover = dict[tuple[int, str], int]


def read_instance(path: Path) -> Instance:
    """The instance in a file, text or XML. Raises RosterFileError naming the line or element that is wrong."""
    lines = list(read_lines(path))
    first = next((line for _, line in lines if line.strip()), "")
    return _read_xml(path, lines) if first.lstrip().startswith("<") else _Text(path, lines).instance


class _Text:
    """The text form: sections with a head line, then one record a line that ends in a semicolon."""

    def __init__(self, path: Path, lines: list[tuple[int, str]]) -> None:
        self._weekly: _Cover = {}
        self._dated: _Cover = {}
        readers = self._readers()
        section = ""
        for number, text in lines:
            line = text.strip().rstrip(";").strip()
            if not line or line.startswith("//"):
                continue
            head = line.split("=")[0].split()[0]
            if head in readers and (line == head or not line[len(head) :].strip().startswith(",")):
                section = head
                continue
            try:
                readers[section](line)
            except (KeyError, ValueError, IndexError, AttributeError) as error:
                raise file_error(path, number, f"{line!r} cannot be read in {section or 'no section'}.") from error
        if not hasattr(self, "instance") or not self.instance.workers or not self.instance.minutes_of:
            raise file_error(path, 0, "it names no period, no shifts or no employees: is this an instance?")
        set_cover(self.instance, self._weekly, self._dated)

    def _readers(self) -> dict[str, Callable[[str], None]]:
        return {
            "SCHEDULING_PERIOD": self._period,
            "SKILLS": lambda line: None,
            "SHIFT_TYPES": self._shift,
            "CONTRACTS": self._contract,
            "PATTERNS": self._pattern,
            "EMPLOYEES": self._employee,
            "DAY_OF_WEEK_COVER": self._weekly_cover,
            "DATE_SPECIFIC_COVER": self._dated_cover,
            "DAY_OFF_REQUESTS": lambda line: self._request(line, is_off=True, has_shift=False),
            "DAY_ON_REQUESTS": lambda line: self._request(line, is_off=False, has_shift=False),
            "SHIFT_OFF_REQUESTS": lambda line: self._request(line, is_off=True, has_shift=True),
            "SHIFT_ON_REQUESTS": lambda line: self._request(line, is_off=False, has_shift=True),
        }

    def _period(self, line: str) -> None:
        _, first, last = _cells(line)
        start = date.fromisoformat(first)
        self.instance = Instance(start, (date.fromisoformat(last) - start).days + 1)

    def _shift(self, line: str) -> None:
        name, _, begin, end, number, skills = _cells(line)
        self.instance.minutes_of[name] = _minutes(begin, end)
        self.instance.skills_of[name] = set(skills.split()[: int(number)])

    def _contract(self, line: str) -> None:
        cells = _cells(line)
        limits = dict(zip(LIMITS, map(_rule, cells[3:11]), strict=True))
        complete, identical, _, _, skill = (_rule(cell).weight for cell in cells[13:18])
        self.instance.contracts[cells[0]] = Contract(
            **limits,
            weekend=weekend_days(cells[12]),
            complete_weekends=complete,
            identical_weekends=identical,
            alternative_skill=skill or None,
            patterns=cells[19].split() if len(cells) > 19 else [],
        )

    def _pattern(self, line: str) -> None:
        name, weight, rest = _cells(line)
        entries = re.findall(r"\(([^|]*)\|([^)]*)\)", rest)
        weekday = WEEKDAYS.index(entries[0][1]) if entries[0][1] != ANY else -1
        self.instance.patterns[name] = Pattern(int(weight), tuple(shift for shift, _ in entries), weekday)

    def _employee(self, line: str) -> None:
        name, _, contract, number, skills = _cells(line)
        self.instance.workers[name] = Nurse(contract, set(skills.split()[: int(number)]))

    def _weekly_cover(self, line: str) -> None:
        day, shift, wanted = _cells(line)
        self._weekly[WEEKDAYS.index(day), shift] = int(wanted)

    def _dated_cover(self, line: str) -> None:
        day, shift, wanted = _cells(line)
        self._dated[self.instance.day_of(day), shift] = int(wanted)

    def _request(self, line: str, *, is_off: bool, has_shift: bool) -> None:
        cells = _cells(line)
        nurse, shift = self.instance.workers[cells[0]], cells[2] if has_shift else ANY
        (nurse.off if is_off else nurse.on).append((self.instance.day_of(cells[1]), shift, int(cells[-1])))


def _cells(line: str) -> _Cells:
    return [cell.strip() for cell in line.split(",")]


def _rule(cell: str) -> Rule:
    """(on|weight|value) or (on|weight)."""
    on, weight, *value = (int(part) for part in cell.strip("()").split("|"))
    return Rule(weight, value[0] if value else 0) if on and weight else Rule()


def _minutes(begin: str, end: str) -> int:
    first, last = (timedelta(hours=int(text[:2]), minutes=int(text[3:5])) for text in (begin, end))
    return int((last - first) / timedelta(minutes=1)) % 1440 or 1440


def _read_xml(path: Path, lines: list[tuple[int, str]]) -> Instance:
    text = "\n".join(line for _, line in lines)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise file_error(path, 0, "it declares entities, which no instance needs; take them out.")
    try:
        return _from_xml(ElementTree.fromstring(text))  # noqa: S314 - without entities nothing can expand
    except ElementTree.ParseError as error:
        raise file_error(path, error.position[0], f"it is no XML ({error}).") from error
    except RosterFileError as error:
        raise file_error(path, 0, str(error.data["problem"])) from error
    except (KeyError, ValueError, IndexError) as error:
        raise file_error(path, 0, f"{error} cannot be used here.") from error


def _from_xml(root: ElementTree.Element) -> Instance:
    start = date.fromisoformat(_text(root, "StartDate"))
    instance = Instance(start, (date.fromisoformat(_text(root, "EndDate")) - start).days + 1)
    for shift in root.findall("ShiftTypes/Shift"):
        instance.minutes_of[shift.attrib["ID"]] = _minutes(_text(shift, "StartTime"), _text(shift, "EndTime"))
        instance.skills_of[shift.attrib["ID"]] = {skill.text or "" for skill in shift.findall("Skills/Skill")}
    for pattern in root.findall("Patterns/Pattern"):
        entries = sorted(pattern.findall("PatternEntries/PatternEntry"), key=lambda e: int(e.attrib["index"]))
        first = _text(entries[0], "Day")
        shifts = tuple(_text(entry, "ShiftType") for entry in entries)
        weekday = -1 if first == ANY else WEEKDAYS.index(first)
        instance.patterns[pattern.attrib["ID"]] = Pattern(int(pattern.attrib["weight"]), shifts, weekday)
    for contract in root.findall("Contracts/Contract"):
        instance.contracts[contract.attrib["ID"]] = _xml_contract(contract)
    for nurse in root.findall("Employees/Employee"):
        skills = {skill.text or "" for skill in nurse.findall("Skills/Skill")}
        instance.workers[nurse.attrib["ID"]] = Nurse(_text(nurse, "ContractID"), skills)
    set_cover(instance, *_xml_cover(root, instance))
    for tag, shift_tag, is_off in (
        ("DayOffRequests/DayOff", "", True),
        ("DayOnRequests/DayOn", "", False),
        ("ShiftOffRequests/ShiftOff", "ShiftTypeID", True),
        ("ShiftOnRequests/ShiftOn", "ShiftTypeID", False),
    ):
        for wish in root.findall(tag):
            asked = instance.workers[_text(wish, "EmployeeID")]
            shift_name = _text(wish, shift_tag) if shift_tag else ANY
            row = instance.day_of(_text(wish, "Date")), shift_name, int(wish.attrib["weight"])
            (asked.off if is_off else asked.on).append(row)
    return instance


def _xml_contract(contract: ElementTree.Element) -> Contract:
    names = (
        "MaxNumAssignments MinNumAssignments MaxConsecutiveWorkingDays MinConsecutiveWorkingDays "
        "MaxConsecutiveFreeDays MinConsecutiveFreeDays MaxConsecutiveWorkingWeekends MinConsecutiveWorkingWeekends"
    )
    return Contract(
        **{limit: _xml_rule(contract, name) for limit, name in zip(LIMITS, names.split(), strict=True)},
        weekend=weekend_days(_text(contract, "WeekendDefinition")),
        complete_weekends=_xml_flag(contract, "CompleteWeekends"),
        identical_weekends=_xml_flag(contract, "IdenticalShiftTypesDuringWeekend"),
        alternative_skill=_xml_flag(contract, "AlternativeSkillCategory") or None,
        patterns=[pattern.text or "" for pattern in contract.findall("UnwantedPatterns/Pattern")],
    )


def _xml_rule(contract: ElementTree.Element, name: str) -> Rule:
    found = contract.find(name)
    if found is None or found.attrib["on"] not in {"1", "true"}:
        return Rule()
    weight = int(found.attrib["weight"])
    return Rule(weight, int(found.text or "0")) if weight else Rule()


def _xml_flag(contract: ElementTree.Element, name: str) -> int:
    found = contract.find(name)
    return int(found.attrib["weight"]) if found is not None and (found.text or "").strip() == "true" else 0


def _xml_cover(root: ElementTree.Element, instance: Instance) -> tuple[_Cover, _Cover]:
    weekly: _Cover = {}
    dated: _Cover = {}
    for cover, shift, wanted in _xml_covers(root, "DayOfWeekCover"):
        weekly[WEEKDAYS.index(_text(cover, "Day")), shift] = wanted
    for cover, shift, wanted in _xml_covers(root, "DateSpecificCover"):
        dated[instance.day_of(_text(cover, "Date")), shift] = wanted
    return weekly, dated


def _xml_covers(root: ElementTree.Element, tag: str) -> Iterator[tuple[ElementTree.Element, str, int]]:
    for cover in root.findall(f"CoverRequirements/{tag}"):
        for part in cover.findall("Cover"):
            yield cover, _text(part, "Shift"), int(_text(part, "Preferred"))


def _text(element: ElementTree.Element, tag: str) -> str:
    found = element.findtext(tag)
    if found is None:
        raise file_error("", 0, f"<{element.tag}> has no <{tag}>.")
    return found.strip()
