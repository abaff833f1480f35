<?php
// Reads calendar files with sabre/vobject, strictly, and prints as JSON what a calendar server would take from each.
error_reporting(E_ALL & ~E_DEPRECATED);
set_error_handler(function ($level, $text) { throw new ErrorException($text); }, E_ALL & ~E_DEPRECATED);
require 'Sabre/VObject/autoload.php';

// This version leaves the backslashes before commas and semicolons to its user.
$text = fn($property) => strtr((string) $property, ['\\,' => ',', '\\;' => ';']);
$feeds = $warnings = [];
foreach (array_slice($argv, 1) as $file) {
    $calendar = Sabre\VObject\Reader::read(file_get_contents($file));
    foreach ($calendar->validate() as $found) $warnings[] = basename($file) . ': ' . $found['message'];
    $feeds[] = array_map(function ($event) use ($text) {
        $utc = fn($property) => $property->getDateTime()->setTimezone(new DateTimeZone('UTC'))->format('Y-m-d\TH:i:s');
        $seconds = function ($alarm) use ($event) {
            $start = $event->DTSTART->getDateTime();
            return $alarm->getEffectiveTriggerTime()->getTimestamp() - $start->getTimestamp();
        };
        return [
            'uid' => (string) $event->UID,
            'sequence' => (int) (string) $event->SEQUENCE,
            'status' => (string) $event->STATUS,
            'summary' => $text($event->SUMMARY),
            'description' => $text($event->DESCRIPTION),
            'location' => $text($event->LOCATION),
            'categories' => isset($event->CATEGORIES) ? $event->CATEGORIES->getParts() : [],
            'utc' => $utc($event->DTSTART),
            'until' => $utc($event->DTEND),
            'alarms' => array_map($seconds, isset($event->VALARM) ? iterator_to_array($event->VALARM, false) : []),
        ];
    }, $calendar->select('VEVENT'));
}
echo json_encode(['feeds' => array_map('array_values', $feeds), 'warnings' => $warnings]);
