package focus

import (
	"slices"
	"strings"
)

// services are the service categories of FOCUS 1.2 with their subcategories. Each has one named "Other (…)" beside these.
var services = []struct { // never written to
	category string
	sub      []string
}{
	{"AI and Machine Learning", []string{"AI Platforms", "Bots", "Generative AI", "Machine Learning", "Natural Language Processing"}},
	{"Analytics", []string{"Analytics Platforms", "Business Intelligence", "Data Processing", "Search", "Streaming Analytics"}},
	{"Business Applications", []string{"Productivity and Collaboration"}},
	{"Compute", []string{"Containers", "End User Computing", "Quantum Compute", "Serverless Compute", "Virtual Machines"}},
	{"Databases", []string{"Caching", "Data Warehouses", "Ledger Databases", "NoSQL Databases", "Relational Databases", "Time Series Databases"}},
	{"Developer Tools", []string{"Developer Platforms", "Continuous Integration and Deployment", "Development Environments", "Source Code Management", "Quality Assurance"}},
	{"Identity", []string{"Identity and Access Management"}},
	{"Integration", []string{"API Management", "Messaging", "Workflow Orchestration"}},
	{"Internet of Things", []string{"IoT Analytics", "IoT Platforms"}},
	{"Management and Governance", []string{"Architecture", "Compliance", "Cost Management", "Data Governance", "Disaster Recovery", "Endpoint Management", "Observability", "Support"}},
	{"Media", []string{"Content Creation", "Gaming", "Media Streaming", "Mixed Reality"}},
	{"Migration", []string{"Data Migration", "Resource Migration"}},
	{"Mobile", nil},
	{"Multicloud", []string{"Multicloud Integration"}},
	{"Networking", []string{"Application Networking", "Content Delivery", "Network Connectivity", "Network Infrastructure", "Network Routing", "Network Security"}},
	{"Security", []string{"Secret Management", "Security Posture Management", "Threat Detection and Response"}},
	{"Storage", []string{"Backup Storage", "Block Storage", "File Storage", "Object Storage", "Storage Platforms"}},
	{"Web", []string{"Application Platforms"}},
	{"Other", nil},
}

func serviceCategories() []string {
	out := make([]string, len(services))
	for i, s := range services {
		out[i] = s.category
	}
	return out
}

// hasSubcategory tells whether a subcategory belongs to a category. Of one that is not known anything does.
func hasSubcategory(category, sub string) bool {
	for _, s := range services {
		if s.category == category {
			return slices.Contains(s.sub, sub) || sub == "Other ("+category+")"
		}
	}
	return true
}

// subcategories returns those of a known category, separated by commas.
func subcategories(category string) string {
	for _, s := range services {
		if s.category == category {
			return strings.Join(append(slices.Clip(s.sub), "Other ("+category+")"), ", ")
		}
	}
	return ""
}
