# SPDX-License-Identifier: MIT
"""Readers that know nothing of ketang: what they make of what it published.

read.py ics FIRST SECOND   a calendar imported twice: the second changes the first
read.py html FILE...       balanced, fetches nothing, runs nothing
read.py xmltv FILE...      programmes of known channels, one after the other, each with a title
read.py guide XMLTV JSON   every programme is in the EIT that libdvbpsi read, and no other
read.py ids PLAN JSON      event_ids are those of the plan in force
"""
import datetime
import html.parser
import json
import re
import sys
import xml.etree.ElementTree


def calendar(path):
    """Events by UID, each a dict of its properties."""
    data = open(path, "rb").read()
    assert data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode("utf-8")  # no character is cut by folding
    events, event = {}, None
    for line in data.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]:
        name, value = re.fullmatch(r"([A-Z-]+(?:;[A-Z]+=[A-Z]+)?):(.*)", line).groups()
        assert not re.search(r"(?<!\\)(?:\\\\)*\\[^\\;,n]", value), line
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            assert {"UID", "DTSTAMP", "SUMMARY", "SEQUENCE"} <= set(event), event
            assert ("DTSTART" in event and event["DTSTART"] < event["DTEND"]) or \
                event["DTSTART;VALUE=DATE"] < event["DTEND;VALUE=DATE"], event
            assert event["UID"] not in events, "a UID twice"
            events[event["UID"]] = event
            event = None
        elif event is not None:
            assert name not in event
            event[name] = value
    return events


def check_ics(first, second):
    old, new = calendar(first), calendar(second)
    assert set(old) <= set(new), "what was published is forgotten"
    changed = cancelled = 0
    for uid, event in old.items():
        later = new[uid]
        for each in (event, later):
            assert re.fullmatch(r"\d{8}T\d{6}Z", each["DTSTAMP"])
        same = all(event[key] == later[key] for key in event if key != "DTSTAMP")
        raised = int(later["SEQUENCE"]) > int(event["SEQUENCE"])
        assert same != raised, later
        changed += raised
        cancelled += later["STATUS"] == "CANCELLED"
    added = len(new) - len(old)
    print(len(old), "events,", changed, "changed, of them", cancelled, "cancelled;", added, "added")
    assert changed > cancelled > 0 and added > 0


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
        self.is_for_phones = False

    def handle_starttag(self, tag, attrs):
        assert tag not in ("script", "img", "iframe", "object", "link", "form", "a"), tag
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)
        self.is_for_phones |= ("name", "viewport") in attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


def check_html(*paths):
    for path in paths:
        text = open(path, encoding="utf-8").read()
        assert "url(" not in text and "@import" not in text
        page = Page()
        page.feed(text)
        page.close()
        assert not page.open and page.is_for_phones
    print(len(paths), "pages")


def moment(text):
    return datetime.datetime.strptime(text, "%Y%m%d%H%M%S %z")


def check_xmltv(*paths):
    for path in paths:
        root = xml.etree.ElementTree.parse(path).getroot()
        ends = {channel.get("id"): None for channel in root.iter("channel")}
        for programme in root.iter("programme"):
            start, stop = moment(programme.get("start")), moment(programme.get("stop"))
            before = ends[programme.get("channel")]
            assert start < stop and (before is None or before <= start), programme.attrib
            assert programme.findtext("title").strip() and programme.findtext("category")
            ends[programme.get("channel")] = stop
        assert ends and all(ends.values())


def one_line(text):
    """EN 300 468, annex A: U+E08A is a line break."""
    return re.sub(r"[\s\ue08a]+", " ", text).strip()


def check_guide(xmltv, lines):
    wanted = set()
    for programme in xml.etree.ElementTree.parse(xmltv).iter("programme"):
        start, stop = moment(programme.get("start")), moment(programme.get("stop"))
        wanted.add((int(start.timestamp()), int((stop - start).total_seconds()),
                    one_line(programme.findtext("title"))))
    first, last = min(wanted)[0], max(start + length for start, length, _ in wanted)
    found = {(event["start"], event["duration"], one_line(event["name"]))
             for table in map(json.loads, open(lines, encoding="utf-8"))
             if table["table"] == "EIT" for event in table["events"]}
    found = {event for event in found if first <= event[0] < last}
    print(len(wanted), "programmes,", len(found), "events")
    assert wanted == found, wanted ^ found


def check_ids(plan, lines):
    starts = {}
    for event in re.split(r"\n  - seq: ", open(plan, encoding="utf-8").read())[1:]:
        start = int(re.search(r"start: (\d+)", event).group(1))
        programme = int(re.search(r"programme: (\d+)", event).group(1))
        starts.setdefault(programme, start)
    by_start = {start // 25: programme & 0xffff for programme, start in starts.items()}
    same = 0
    for table in map(json.loads, open(lines, encoding="utf-8")):
        for event in table["events"] if table["table"] == "EIT" else []:
            if event["start"] in by_start:
                assert event["event_id"] == by_start[event["start"]], event
                same += 1
    print(same, "event_ids are the plan's")
    assert same > 20


{"ics": check_ics, "html": check_html, "xmltv": check_xmltv, "guide": check_guide, "ids": check_ids}[sys.argv[1]](*sys.argv[2:])
