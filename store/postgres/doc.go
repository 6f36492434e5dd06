// Package postgres keeps records and events in a PostgreSQL database, from version 13, for any number of processes.
package postgres
