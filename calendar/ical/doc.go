// Package ical reads holidays from iCalendar files (RFC 5545), such as those that governments and calendar services
// publish.
//
//	found, err := ical.Read(file, 2026, 2030)
//	definition.Close(ical.Dates(found)...)
//
// # What is read
//
// A holiday is an event that lasts whole days: its start is a date, or midnight, and it ends on a date or at midnight
// (DTEND, DURATION, or one day if it has neither). It counts on each of its dates, as they are written in the file,
// whatever its zone is; an end or an exception that is given in UTC counts on the date that it has in the event's zone,
// which must then be an IANA zone. Rules (RRULE), further dates (RDATE) and exceptions (EXDATE) are followed, and a
// changed occurrence (RECURRENCE-ID) replaces the original. Cancelled events do not count; events of a part of a day do
// not either.
//
// # Hostile files
//
// A file is untrusted input. One that is cut is refused, wherever it ends. Its size, the depth of its components, the
// number of recurring events and the number of occurrences that have to be looked at are limited; more is [ErrTooLarge].
// A rule that repeats within a day, or that never occurs, is refused as [ErrInvalid], and so are exceptions by a rule
// (EXRULE). Nothing is fetched: links and attachments are not followed.
package ical
