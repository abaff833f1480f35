// Reads calendar files with ical.js, strictly, and prints as JSON what a calendar program would take from each.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [packages, ...files] = process.argv.slice(2);
const ICAL = createRequire(packages)("ical.js");
const warnings = [];
console.warn = (...words) => warnings.push(words.join(" "));

const feeds = files.map((file) => {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component, { strictExceptions: true });
    return {
      uid: event.uid,
      sequence: event.sequence,
      status: component.getFirstPropertyValue("status"),
      summary: event.summary,
      start: event.startDate.toString(),
      zone: event.startDate.zone.tzid,
      utc: event.startDate.toJSDate().toISOString(),
      until: event.endDate.toJSDate().toISOString(),
      location: event.location,
      description: event.description,
      categories: component.getAllProperties("categories").flatMap((property) => property.getValues()),
      alarms: component.getAllSubcomponents("valarm").map((alarm) => alarm.getFirstPropertyValue("trigger").toSeconds()),
    };
  });
});
console.log(JSON.stringify({ feeds, warnings }));
