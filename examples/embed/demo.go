package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// request is something that the demo asks, and why.
type request struct {
	why, who     string
	method, path string
	body         string
	header       [2]string
}

// script is a day in the shop.
func script() []request {
	const problem = `{"title": "Parcel was empty", "impact": "low", "urgency": "high"}`
	const wrong = `{"title": "", "impact": "huge", "urgency": "high"}`
	return []request{
		{why: "Who does not log in gets nothing", method: "GET", path: "/orders"},
		{why: "An order", who: "cleo", method: "POST", path: "/orders", body: `{"number": "A-1", "item": "Lamp"}`},
		{why: "An order with a problem: a row and an incident, in one transaction", who: "cleo", method: "POST", path: "/orders",
			body: `{"number": "A-2", "item": "Desk", "problem": ` + problem + `}`},
		{why: "A problem with errors: each field is named, and there is no row", who: "dan", method: "POST", path: "/orders",
			body: `{"number": "A-3", "item": "Chair", "problem": ` + wrong + `}`},
		{why: "The number is taken: the incident that was opened before the row is undone with it", who: "dan", method: "POST", path: "/orders",
			body: `{"number": "A-1", "item": "Chair", "problem": ` + problem + `}`},
		{why: "So there are two orders and one incident", who: "ann", method: "GET", path: "/orders"},
		{who: "ann", method: "GET", path: "/incidents"},
		{why: "Others do not see it", who: "dan", method: "GET", path: "/incidents"},
		{why: "Why buttons are grey", who: "cleo", method: "GET", path: "/incidents/INC0000001/actions?only=start,confirm,caller_reply,reopen,comment"},
		{why: "An agent starts, once: the second try with the same key changes nothing", who: "ann", method: "POST", path: "/incidents/INC0000001/start",
			header: [2]string{"Idempotency-Key", "click-1"}},
		{who: "ann", method: "POST", path: "/incidents/INC0000001/start", header: [2]string{"Idempotency-Key", "click-1"}},
		{why: "Somebody saw an older version", who: "ann", method: "POST", path: "/incidents/INC0000001/hold",
			body: `{"reason": "caller", "text": "Is the box damaged?"}`, header: [2]string{"If-Match", "1"}},
		{why: "That is not for customers", who: "cleo", method: "POST", path: "/incidents/INC0000001/cancel", body: `{"reason": "Found it"}`},
		{why: "Not in this state", who: "cleo", method: "POST", path: "/incidents/INC0000001/confirm"},
		{why: "Resolved; the row says so in the same transaction", who: "ann", method: "POST", path: "/incidents/INC0000001/resolve",
			body: `{"code": "fixed", "text": "A new desk is on its way."}`},
		{who: "cleo", method: "GET", path: "/orders"},
		{why: "Now the customer may confirm", who: "cleo", method: "POST", path: "/incidents/INC0000001/confirm"},
		{why: "There is no such incident", who: "ann", method: "POST", path: "/incidents/INC0000002/start"},
	}
}

// talk asks a server what the script says, and prints it with the answers.
func talk(ctx context.Context, at string, to io.Writer) error {
	for _, q := range script() {
		status, answer, err := q.ask(ctx, at)
		if err != nil {
			return err
		}
		why := ""
		if q.why != "" {
			why = "\n# " + q.why + "\n"
		}
		asked := strings.TrimRight(fmt.Sprintf("%s> %s %s %s", q.who, q.method, q.path, q.body), " ")
		if _, err := fmt.Fprintf(to, "%s%s\n%d %s\n", why, asked, status, answer); err != nil {
			return err
		}
	}
	return nil
}

// ask sends the request and returns the answer.
func (q request) ask(ctx context.Context, at string) (status int, answer string, err error) {
	r, err := http.NewRequestWithContext(ctx, q.method, at+q.path, strings.NewReader(q.body))
	if err != nil {
		return 0, "", err
	}
	if q.who != "" {
		r.SetBasicAuth(q.who, people[q.who].password)
	}
	if q.header[0] != "" {
		r.Header.Set(q.header[0], q.header[1])
	}
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer reply.Body.Close() //nolint:errcheck // it is read to its end
	raw, err := io.ReadAll(reply.Body)
	return reply.StatusCode, strings.TrimSpace(string(raw)), err
}
