package main

// The catalogue is what the estate is for: services in the order of their importance, who uses them, who delivers what
// they stand on. All is invented.
var catalogue = []offering{ // never written to
	{name: "Sign-in", code: "idp", critical: "high", twin: true, base: true},
	{name: "Name resolution", code: "dns", critical: "high", twin: true, base: true},
	{name: "Payments", code: "pay", critical: "high", twin: true, cards: true},
	{name: "Web shop", code: "shop", critical: "high", public: true},
	{name: "Point of sale", code: "pos", critical: "high"},
	{name: "Order management", code: "ord", critical: "high"},
	{name: "Warehouse", code: "wms", critical: "high"},
	{name: "Plant control", code: "mes", critical: "high"},
	{name: "Message bus", code: "bus", critical: "high", twin: true, base: true},
	{name: "Telephony", code: "tel", critical: "high", twin: true, public: true},
	{name: "Finance", code: "fin", critical: "high"},
	{name: "Mail", code: "mail", critical: "medium", public: true},
	{name: "Transport planning", code: "tms", critical: "medium"},
	{name: "Customer portal", code: "cup", critical: "medium", public: true},
	{name: "Customer data", code: "crm", critical: "medium"},
	{name: "Supplier portal", code: "sup", critical: "medium", public: true},
	{name: "Product data", code: "pim", critical: "medium"},
	{name: "Price engine", code: "prc", critical: "medium", twin: true},
	{name: "Loyalty programme", code: "loy", critical: "medium"},
	{name: "Human resources", code: "hr", critical: "medium"},
	{name: "Payroll", code: "prl", critical: "medium"},
	{name: "Procurement", code: "prm", critical: "medium"},
	{name: "Data warehouse", code: "dwh", critical: "medium"},
	{name: "Reporting", code: "rep", critical: "low"},
	{name: "File storage", code: "fil", critical: "medium"},
	{name: "Printing", code: "prt", critical: "low"},
	{name: "Intranet", code: "int", critical: "low"},
	{name: "Document archive", code: "arc", critical: "low"},
	{name: "Video meetings", code: "vid", critical: "medium", public: true},
	{name: "Virtual desktop", code: "vdi", critical: "medium", twin: true},
	{name: "Design data", code: "plm", critical: "medium"},
	{name: "Quality lab", code: "lab", critical: "low"},
	{name: "Maintenance plans", code: "mnt", critical: "low"},
	{name: "Fleet tracking", code: "flt", critical: "low", public: true},
	{name: "Returns", code: "ret", critical: "low"},
	{name: "Gift cards", code: "gft", critical: "low", cards: true},
	{name: "Call centre", code: "cal", critical: "medium"},
	{name: "Training", code: "trn", critical: "low"},
	{name: "Door access", code: "dor", critical: "medium"},
	{name: "Backup", code: "bkp", critical: "low"},
}

// offering is a service of the catalogue.
type offering struct {
	name, code, critical string
	twin                 bool // it runs in both data centres
	base                 bool // other services use it
	public               bool // it is reached from the internet
	cards                bool // it takes card payments
}

// customers are the units of the company that use services.
var customers = []string{"Retail", "Online", "Logistics", "Plants", "Wholesale", "Corporate", "Research", "Service"} // never written to

// centres are the data centres: the names of their sites, and how the names of what stands there begin.
var centres = [2]struct{ name, code string }{{"Frankfurt", "fra"}, {"Hamburg", "ham"}} // never written to

// towns are where offices are.
var towns = []string{"Aachen", "Bremen", "Celle", "Dresden", "Erfurt", "Freiburg", "Gera", "Halle", "Ingolstadt", "Jena", "Kassel", "Leipzig"} // never written to

// The suppliers, by what they deliver.
const (
	carrier   = "Longwire"  // both lines to the internet
	utility   = "Volt"      // the feeds of power
	processor = "Cardwheel" // the way to the banks
	landlord  = "Brickyard" // the data centre in Hamburg
)

// contracts are what the suppliers cost a year, in whole euros.
var contracts = []struct { // never written to
	supplier, title string
	annual          int64
}{
	{carrier, "Lines to the internet", 310_000},
	{utility, "Power", 940_000},
	{processor, "Card payments", 125_000},
	{landlord, "Data centre in Hamburg", 620_000},
}
