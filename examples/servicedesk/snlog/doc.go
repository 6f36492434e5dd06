// Package snlog reads the audit log of a ServiceNow instance as it is published in the "Incident management
// process enriched event log" (Amaral, Fantinato, Peres 2018, UCI repository no. 498, CC BY 4.0): a CSV file
// with one row for each update of each incident, plain or compressed with gzip.
//
// A [Reader] streams: it holds one row and a table of the texts that it has seen, so that the same group or
// caller on a hundred thousand rows is one string.
//
//	log, err := snlog.Open("incident_event_log.csv.gz")
//	if err != nil {
//		return err
//	}
//	defer log.Close()
//	for {
//		row, err := log.Next()
//		if errors.Is(err, io.EOF) {
//			break
//		}
//		if err != nil {
//			return err
//		}
//		fmt.Println(row.Number, row.State, row.SysUpdatedAt)
//	}
//
// # What the file looks like
//
// Columns are found by the names in the header, in any order and any case. Further columns are ignored; a
// missing or repeated one is an error. "?" and an empty cell mean that the value is missing: "", 0, false or
// the zero time in the [Row]. Only number and sys_updated_at must be there on every row. Dates have the form
// d/m/yyyy hh:mm; the log has no time zone, so the wall time is read as UTC unless [Reader.In] names another one.
//
// # What is refused
//
// A damaged log is never read half in silence. Each fault is an [*Error] that says file, row and column: no
// header, a row that is too short or too long, a date that is not in the calendar, a NUL, bytes that are not
// UTF-8, gzip data that are cut short. The first error is final. A state or a priority that nobody knows is
// not a fault of the file: the reader passes it on.
//
// Rows are counted as an editor shows them: the header is row 1, the first row of data is row 2.
package snlog
