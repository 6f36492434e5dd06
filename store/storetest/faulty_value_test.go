package storetest_test

import (
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/storetest"
)

func valueFaults() []fault {
	return []fault{
		{"field forgotten", "value/every", func(w *wrapped) { w.saves(func(rec *thing) { rec.Content.Route = nil }) }},
		{"text trimmed", "value/text", func(w *wrapped) {
			w.saves(func(rec *thing) { rec.Content.Title = strings.TrimSpace(rec.Content.Title) })
		}},
		{"text composed", "value/text", func(w *wrapped) {
			w.saves(func(rec *thing) { rec.Content.Title = strings.ReplaceAll(rec.Content.Title, "e\u0301", "\u00e9") })
		}},
		{"text without characters beyond 16 bits", "value/text", func(w *wrapped) {
			w.saves(func(rec *thing) { rec.Content.Title = strings.ReplaceAll(rec.Content.Title, "\U0001f600", "??") })
		}},
		{"number through a float", "value/number", func(w *wrapped) { w.saves(func(rec *thing) { rec.Content.Big = int64(float64(rec.Content.Big)) }) }},
		{"truncated time", "value/time", func(w *wrapped) { w.saves(func(rec *thing) { rec.Content.At = rec.Content.At.Truncate(time.Second) }) }},
		{"time in a local zone", "value/time", func(w *wrapped) {
			w.reads(func(rec *thing) { rec.Content.At = rec.Content.At.In(time.FixedZone("here", 3600)) })
		}},
		{"time before 1970 refused", "value/time", func(w *wrapped) {
			w.saves(func(rec *thing) {
				if rec.Content.At.Unix() < 0 {
					rec.Content.At = time.Time{}
				}
			})
		}},
		{"duration in milliseconds", "value/span", func(w *wrapped) {
			w.saves(func(rec *thing) {
				rec.Content.Worked = itsm.Duration(rec.Content.Worked.Std().Truncate(time.Millisecond))
			})
		}},
		{"list kept as a set", "value/list", func(w *wrapped) {
			w.saves(func(rec *thing) {
				var kept []string
				seen := map[string]bool{}
				for _, s := range rec.Content.Lines {
					if !seen[s] {
						seen[s], kept = true, append(kept, s)
					}
				}
				rec.Content.Lines = kept
			})
		}},
		{"empty list for none", "value/list", func(w *wrapped) {
			w.reads(func(rec *thing) {
				if rec.Content.Lines == nil {
					rec.Content.Lines = []string{}
				}
			})
		}},
		{"list cut", "value/long", func(w *wrapped) {
			w.saves(func(rec *thing) { rec.Content.Tags = rec.Content.Tags[:min(1000, len(rec.Content.Tags))] })
		}},
		{"empty struct lost", "value/optional", func(w *wrapped) {
			w.saves(func(rec *thing) {
				if p := rec.Content.Pause; p != nil && p.Reason == "" && p.Notes == nil {
					rec.Content.Pause = nil
				}
			})
		}},
		{"digits lost", "value/attributes", func(w *wrapped) {
			w.saves(func(rec *thing) {
				var kept itsm.Attributes
				for _, a := range rec.Attributes {
					if a.Value == "1.00" {
						a.Value = "1.0"
					}
					kept = append(kept, a)
				}
				rec.Attributes = kept
			})
		}},
		{"false dropped", "value/attributes", func(w *wrapped) {
			w.saves(func(rec *thing) {
				var kept itsm.Attributes
				for _, a := range rec.Attributes {
					if a.Value != "false" {
						kept = append(kept, a)
					}
				}
				rec.Attributes = kept
			})
		}},
		{"state set late", "random/actions", func(w *wrapped) {
			w.reads(func(rec *thing) {
				if rec.State == storetest.StateHeld && rec.Version%3 == 0 {
					rec.State = storetest.StateOpen
				}
			})
		}},
	}
}
