package simulate

import "slices"

// Group is a support group of the simulated desk.
type Group struct {
	Name  string
	Level int // 1 takes the calls, 2 knows the service, 3 builds it
}

// Groups returns the support groups that the steps name.
func Groups() []Group { return slices.Clone(groups[:]) }

var groups = [...]Group{
	{"Service Desk", 1}, {"Service Desk East", 1}, {"Service Desk West", 1}, {"Service Desk Plants", 1},
	{"Walk-in Desk", 1}, {"Night Desk", 1},

	{workplaceTeam, 2}, {"Workplace North", 2}, {"Workplace South", 2}, {"Workplace Plants", 2},
	{"Print Services", 2}, {"Mobile Devices", 2}, {"Collaboration", 2}, {"Mail Operations", 2},
	{"Identity and Access", 2}, {"Remote Access", 2}, {"Network Operations", 2}, {"Wireless Networks", 2},
	{"Telephony", 2}, {"File Services", 2}, {"Database Operations", 2}, {"Server Operations", 2},
	{"Virtual Desktops", 2}, {"Software Distribution", 2}, {"ERP Finance", 2}, {"ERP Logistics", 2},
	{"ERP Access", 2}, {"HR Applications", 2}, {"CRM Support", 2}, {"Warehouse Applications", 2},
	{"Plant Systems", 2}, {"Web Applications", 2}, {"Document Management", 2}, {"Reporting", 2},
	{"Backup Operations", 2}, {"Security Operations", 2}, {"Meeting Rooms", 2}, {"Point of Sale", 2},
	{"Monitoring", 2}, {"Design Applications", 2},

	{"Mail Engineering", 3}, {"Directory Engineering", 3}, {"Network Engineering", 3}, {"Firewall Engineering", 3},
	{"Storage Engineering", 3}, {"Platform Engineering", 3}, {"Client Engineering", 3}, {"Print Engineering", 3},
	{"ERP Development", 3}, {"ERP Platform", 3}, {"HR Development", 3}, {"CRM Development", 3},
	{"Warehouse Development", 3}, {"Plant Engineering", 3}, {"Integration", 3}, {"Database Engineering", 3},
	{"Data Warehouse", 3}, {"Security Engineering", 3}, {"Telephony Engineering", 3}, {"Web Development", 3},
}

// The places of some groups.
const (
	mainDesk        = 0
	plantsDesk      = 3
	nightDesk       = 5
	workplaceFirst  = 6
	workplacePlants = 9
)

// workplaceTeam stands in the symptoms for the workplace group of the caller's site.
const workplaceTeam = "Workplace Head Office"

// site is where callers sit. The weights follow the log, where six of 192 locations have three quarters of the
// incidents.
type site struct {
	name   string
	code   string
	weight int64
	desk   int
}

var sites = [...]site{
	{"Head Office", "HO", 232, 0}, {"North Campus", "NC", 140, 0}, {"East Tower", "ET", 133, 1},
	{"South Plant", "SP", 87, 3}, {"West House", "WH", 84, 2}, {"Harbour Plant", "HP", 64, 3},
	{"Research Park", "RP", 40, 0}, {"Central Warehouse", "CW", 32, 3}, {"Training Centre", "TC", 25, 0},
	{"Airport Office", "AO", 22, 1}, {"Lakeside Office", "LO", 20, 2}, {"Old Mill", "OM", 18, 2},
	{"North Warehouse", "NW", 16, 3}, {"Station Street", "SS", 14, 1}, {"Green Lane", "GL", 12, 2},
	{"Market Square", "MS", 11, 1}, {"Bridge Office", "BO", 10, 2}, {"Hill Plant", "HI", 9, 3},
	{"Canal Office", "CO", 8, 1}, {"Museum Row", "MR", 7, 2}, {"Garden Court", "GC", 6, 4},
	{"Quarry Site", "QS", 4, 3}, {"Island Office", "IO", 3, 2}, {"Home Office", "RE", 3, 0},
}

// workplace returns the group that comes to the desks of a site.
func (s *site) workplace() int {
	if s.desk == plantsDesk {
		return workplacePlants
	}
	return workplaceFirst + s.desk%3
}
