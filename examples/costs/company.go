package main

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// The company is invented: its customers, services and pools of costs. All that its accounting does with them is in the
// other files.

const theYear = 2025

// customers are the parts of the company that are billed, with the workplaces they have.
var customers = []customer{ // never written to
	{name: "Corporate", seats: 320, mailboxes: 350, erpUsers: 210, retail: 4, terminals: 0, design: 6,
		sites: []string{"Head Office", "Training Centre", "Home Office"}},
	{name: "Research", seats: 240, mailboxes: 260, erpUsers: 40, retail: 0, terminals: 10, design: 70,
		sites: []string{"North Campus", "Research Park"}},
	{name: "Sales", seats: 330, mailboxes: 360, erpUsers: 120, retail: 210, terminals: 0, design: 12,
		sites: []string{"East Tower", "West House", "Airport Office", "Lakeside Office", "Old Mill", "Canal Office", "Island Office", "Bridge Office"}},
	{name: "Plants", seats: 190, mailboxes: 220, erpUsers: 130, retail: 0, terminals: 240, design: 32,
		sites: []string{"South Plant", "Harbour Plant", "Hill Plant", "Quarry Site"}},
	{name: "Logistics", seats: 80, mailboxes: 90, erpUsers: 75, retail: 6, terminals: 180, design: 0,
		sites: []string{"Central Warehouse", "North Warehouse"}},
	{name: "Shops", seats: 60, mailboxes: 75, erpUsers: 15, retail: 140, terminals: 0, design: 0,
		sites: []string{"Station Street", "Green Lane", "Market Square", "Museum Row", "Garden Court"}},
}

type customer struct {
	name                                                  string
	seats, mailboxes, erpUsers, retail, terminals, design int32
	sites                                                 []string // where its people sit
}

// services are what customers buy, each with the unit it is counted in. Of files usage is measured; see usage.go.
var services = []service{ // never written to
	{name: "Workplace", unit: "seat", ports: 900, of: func(c customer) int32 { return c.seats }},
	{name: "Mail and meetings", unit: "mailbox", cpus: 210, terabytes: 120, ports: 60, of: func(c customer) int32 { return c.mailboxes }},
	{name: "Files", unit: "TB and month", cpus: 60, terabytes: 250, ports: 40},
	{name: "ERP", unit: "user", cpus: 1150, terabytes: 140, ports: 80, of: func(c customer) int32 { return c.erpUsers }},
	{name: "Retail systems", unit: "user", cpus: 180, terabytes: 30, ports: 210, of: func(c customer) int32 { return c.retail }},
	{name: "Plant systems", unit: "terminal", cpus: 420, terabytes: 40, ports: 460, of: func(c customer) int32 { return c.terminals }},
	{name: "Design", unit: "desktop", cpus: 760, terabytes: 90, ports: 120, of: func(c customer) int32 { return c.design }},
}

type service struct {
	name, unit             string
	cpus, terabytes, ports int32                // what it uses of the platform, the storage and the network
	of                     func(customer) int32 // how many units a customer has; nil is measured
}

// The pools collect costs that belong to no service alone. Each is a cost centre.
const (
	management = "Management"
	premises   = "Premises"
	platform   = "Platform"
	storage    = "Storage"
	network    = "Network"
	desk       = "Service desk"
)

var pools = []pool{ // never written to
	{name: management, centre: "C10", gives: "heads"},
	{name: premises, centre: "C20", gives: "square metres"},
	{name: platform, centre: "C30", gives: "processors"},
	{name: storage, centre: "C40", gives: "terabytes"},
	{name: network, centre: "C50", gives: "ports"},
	{name: desk, centre: "C60", gives: "incidents"},
}

type pool struct{ name, centre, gives string }

// What the pools use of one another: the service desk's tools run on the platform, whose incidents the desk handles.
var (
	heads        = []use{{platform, 7}, {storage, 3}, {network, 6}, {desk, 14}, {"ERP", 5}, {"Retail systems", 3}, {"Plant systems", 3}, {"Design", 1}}
	squareMetres = []use{{management, 180}, {platform, 420}, {storage, 140}, {network, 60}, {desk, 380}, {"ERP", 120}, {"Plant systems", 60}}
	processors   = []use{{storage, 64}, {network, 96}, {desk, 120}}
	terabytes    = []use{{platform, 110}, {desk, 8}}
	ports        = []use{{platform, 260}, {storage, 48}, {desk, 40}}
)

// What there is, used or not: the cost of the rest is idle cost and stays visible.
const (
	processorsInstalled = 3840
	terabytesInstalled  = 960
	filesProvisioned    = 300 // TB, of the files service
)

type use struct {
	by    string
	units int32
}

// disturbed says which service or pool an incident belongs to, by the service that the caller named.
var disturbed = map[string]string{ // never written to
	"Workplace": "Workplace", "Mobile Devices": "Workplace", "Printing": "Workplace", "Telephony": "Workplace",
	"Mail": "Mail and meetings", "Collaboration": "Mail and meetings", "Documents": "Files", "File Storage": "Files",
	"ERP": "ERP", "HR": "ERP", "Reporting": "ERP", "Business Applications": "ERP", "CRM": "Retail systems",
	"Web Shop": "Retail systems", "Point of Sale": "Retail systems", "Plant Systems": "Plant systems",
	"Warehouse": "Plant systems", "Design Applications": "Design", "Virtual Desktop": "Design",
	"Server Hosting": platform, "Directory": platform, "Network": network, "Remote Access": network, "Security": network,
}

// The catalogue of services and the documents of suppliers are records elsewhere in the company; here they are references.
func serviceRef(name string) itsm.Ref {
	i := slices.IndexFunc(services, func(s service) bool { return s.name == name })
	return itsm.Ref{Kind: "service", ID: itsm.ID{15: byte(i + 1)}}
}

func serviceOf(r itsm.Ref) string { return services[r.ID[15]-1].name }

func documentRef(kind string, number uint32) itsm.Ref {
	r := itsm.Ref{Kind: kind}
	binary.BigEndian.PutUint32(r.ID[12:], number)
	return r
}

func date(m time.Month, d int) calendar.Date {
	return calendar.Date{Year: theYear, Month: m, Day: d}
}

func monthEnd(m time.Month) calendar.Date {
	return calendar.DateOf(time.Date(theYear, m+1, 0, 0, 0, 0, 0, time.UTC))
}

func midnight(d calendar.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// eur is an amount that stands in the source, in whole euros; cents is one of a calculation.
func eur(euros int64) money.Amount { return cents(100 * euros) }

func cents(n int64) money.Amount { return money.Must(money.New(n, money.EUR)) }
