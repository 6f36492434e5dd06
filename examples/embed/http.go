package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"strconv"

	"github.com/itsmkit/itsm"
)

// handle serves a pattern: it logs the actor in, and writes the answer or the error as JSON.
func (s *server) handle(pattern string, do func(context.Context, *http.Request) (any, error)) {
	s.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		actor, ok := login(r)
		if !ok {
			w.Header().Set("WWW-Authenticate", `Basic realm="shop"`)
			answer(w, http.StatusUnauthorized, itsm.ErrorDocument{Code: "unauthorized", Message: "log in first"})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
		out, err := do(itsm.WithActor(r.Context(), actor), r)
		if err != nil {
			document := itsm.DescribeError(err)
			if document.Code == "internal" { // it is for us, not for the client
				log.Print(r.Method, " ", r.URL.Path, ": ", err)
			}
			answer(w, status(document.Code), document)
			return
		}
		answer(w, http.StatusOK, out)
	})
}

// status returns the HTTP status of an error's code.
func status(code string) int {
	switch code {
	case "invalid":
		return http.StatusUnprocessableEntity
	case "not_found":
		return http.StatusNotFound
	case "forbidden":
		return http.StatusForbidden
	case "conflict", "not_allowed", "duplicate":
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that is gone reads no error either
}

// body reads the whole body.
func body(r *http.Request) ([]byte, error) {
	raw, err := io.ReadAll(r.Body)
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return nil, itsm.Invalid("body", "too_long", "max", strconv.FormatInt(long.Limit, 10))
	}
	return raw, err
}

// read decodes the body strictly.
func read(r *http.Request, to any) error {
	raw, err := body(r)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return itsm.Invalid("body", "json", "error", err.Error())
	}
	return nil
}
