package simulate

// symptom is one kind of disturbance, with what people say about it.
type symptom struct {
	weight      int64
	effort      int64 // 1 a minute on the phone … 9 weeks
	of          family
	wide        bool // may hit many at once, so it may be critical
	category    string
	subcategory string
	service     string
	item        string // of items
	team        string // the group of level 2
	expert      string // the group of level 3
	titles      [2]string
	says        string // the caller's description
	ask, answer string // what is asked of the caller, and the answer
	fix         string
	workaround  string
}

// The kinds of configuration items, see item.
const (
	laptop  = "LT"
	printer = "PR"
	phone   = "MB"
	device  = "NW"
	room    = "MR"
	till    = "PS"
)

// The symptoms come in two tables: access and workplace here, services in words_services.go.
var workplace = [...]symptom{
	{weight: 150, effort: 1, of: access, category: "Access", subcategory: "Password", service: "Directory", item: "directory",
		team: "Identity and Access", expert: "Directory Engineering",
		titles: [2]string{"Password expired, reset needed", "Forgot the password for the computer"},
		says:   "I cannot sign in any more. The screen says that my password is no longer valid.",
		ask:    "Please call back from your desk phone so that we can verify you.", answer: "I called and was verified.",
		fix: "Password reset after verification; the caller signed in.", workaround: "One-time password given for today."},
	{weight: 95, effort: 1, of: access, category: "Access", subcategory: "Locked account", service: "Directory", item: "directory",
		team: "Identity and Access", expert: "Directory Engineering",
		titles: [2]string{"Account is locked", "Account locks again and again"},
		says:   "My account is locked although I typed the password correctly.",
		ask:    "Do you have another device with the old password on it?", answer: "Yes, the old phone still had it.",
		fix: "Account unlocked and the old password removed from the second device.", workaround: "Account unlocked; it may lock again."},
	{weight: 70, effort: 3, of: access, category: "Access", subcategory: "Shared folder", service: "File Storage", item: "file-storage",
		team: "File Services", expert: "Storage Engineering",
		titles: [2]string{"No access to the department folder", "Access to shared folder denied"},
		says:   "Since yesterday I cannot open our shared folder. My colleagues can.",
		ask:    "Which folder is it, and who owns it?", answer: "It is the folder of our department; my manager owns it.",
		fix: "Membership in the folder's group restored.", workaround: "A colleague provides the files until the owner agrees."},
	{weight: 40, effort: 4, of: access, category: "Access", subcategory: "Missing rights", service: "Business Applications", item: "access-portal",
		team: "Identity and Access", expert: "Directory Engineering",
		titles: [2]string{"Rights missing after change of department", "Application missing in the portal"},
		says:   "I changed departments and no longer see the applications that I need.",
		ask:    "Please name a colleague with the same tasks.", answer: "My colleague across the desk has the same role.",
		fix: "Role of the new department assigned.", workaround: "Single rights granted until the role is approved."},
	{weight: 35, effort: 2, of: access, category: "Access", subcategory: "Second factor", service: "Directory", item: "second-factor",
		team: "Identity and Access", expert: "Security Engineering",
		titles: [2]string{"New phone, sign-in code does not arrive", "Second factor not accepted"},
		says:   "I have a new phone and the sign-in asks for a code that I cannot create.",
		ask:    "Please have your staff card ready and call again.", answer: "I called with the card at hand.",
		fix: "Second factor registered on the new phone.", workaround: "Codes for three days handed out."},
	{weight: 60, effort: 5, of: hardware, category: "Workplace", subcategory: "Laptop", service: "Workplace", item: laptop,
		team: workplaceTeam, expert: "Client Engineering",
		titles: [2]string{"Laptop does not start", "Laptop screen stays black"},
		says:   "When I press the power button the light goes on but the screen stays black.",
		ask:    "Does it start without the dock and with another charger?", answer: "No, neither helps.",
		fix: "Mainboard battery disconnected and reset; the laptop starts.", workaround: "Loan laptop handed out."},
	{weight: 55, effort: 4, of: hardware, category: "Workplace", subcategory: "Laptop", service: "Workplace", item: laptop,
		team: workplaceTeam, expert: "Client Engineering",
		titles: [2]string{"Laptop is very slow", "Computer freezes several times a day"},
		says:   "Everything takes minutes, even opening a folder. Restarting helps for an hour.",
		ask:    "When does it happen, and which programs are open then?", answer: "Mostly in the morning, with mail and the browser open.",
		fix: "Full disk cleaned up and the index rebuilt.", workaround: "Index switched off; searching is slower."},
	{weight: 45, effort: 3, of: hardware, category: "Workplace", subcategory: "Docking station", service: "Workplace", item: laptop,
		team: workplaceTeam, expert: "Client Engineering",
		titles: [2]string{"External screen not found at the dock", "Docking station does not charge"},
		says:   "The laptop does not see the screens at my desk since this morning.",
		ask:    "Please try the dock of a free desk.", answer: "At the next desk it works.",
		fix: "Firmware of the dock updated.", workaround: "Screen connected by cable directly."},
	{weight: 40, effort: 2, of: hardware, category: "Workplace", subcategory: "Peripherals", service: "Workplace", item: laptop,
		team: workplaceTeam, expert: "Client Engineering",
		titles: [2]string{"Mouse and keyboard do not respond", "Headset without sound"},
		says:   "It stopped in the middle of a call. Another port does not help.",
		ask:    "Which model is it?", answer: "The model is on the label, I sent a photo.",
		fix: "Device paired again and its driver reinstalled.", workaround: "Spare one from the walk-in desk."},
	{weight: 30, effort: 6, of: hardware, category: "Workplace", subcategory: "Battery", service: "Workplace", item: laptop,
		team: workplaceTeam, expert: "Client Engineering",
		titles: [2]string{"Battery lasts only a few minutes", "Battery is swollen"},
		says:   "Without the charger the laptop switches off during meetings.",
		ask:    "Please bring it to the walk-in desk.", answer: "I handed it in this morning.",
		fix: "Battery charged in full cycles and measured; it is within limits again.", workaround: "Second charger for the meeting rooms."},
	{weight: 50, effort: 3, of: software, category: "Workplace", subcategory: "Office programs", service: "Workplace", item: laptop,
		team: "Software Distribution", expert: "Client Engineering",
		titles: [2]string{"Spreadsheet program closes by itself", "Document cannot be saved"},
		says:   "The program closes when I open a large file. I lost half an hour of work.",
		ask:    "Please send the file, or its size and where it lies.", answer: "It lies on the shared drive and has 80 megabytes.",
		fix: "Program repaired and the broken add-in removed.", workaround: "File opened without add-ins."},
	{weight: 45, effort: 4, of: software, category: "Workplace", subcategory: "Installation", service: "Workplace", item: laptop,
		team: "Software Distribution", expert: "Client Engineering",
		titles: [2]string{"Installation stops with an error", "Update cannot be installed"},
		says:   "The software centre shows that the installation failed, three times now.",
		ask:    "Please leave the laptop on and in the office network tonight.", answer: "It was on the whole night.",
		fix: "Package repaired and installed remotely.", workaround: "Portable version provided."},
	{weight: 25, effort: 3, of: software, category: "Workplace", subcategory: "Browser", service: "Workplace", item: laptop,
		team: "Software Distribution", expert: "Client Engineering",
		titles: [2]string{"Browser shows a certificate warning", "Internal page does not load"},
		says:   "The browser warns me about the page that I use every day.",
		ask:    "Please send a picture of the warning.", answer: "Picture sent.",
		fix: "Outdated certificate removed from the browser's store.", workaround: "Page opened with the second browser."},
	{weight: 35, effort: 5, of: software, wide: true, category: "Workplace", subcategory: "Virtual desktop", service: "Virtual Desktop", item: "vdi-farm",
		team: "Virtual Desktops", expert: "Platform Engineering",
		titles: [2]string{"Virtual desktop does not connect", "Virtual desktop hangs at sign-in"},
		says:   "The window shows that it prepares the desktop and nothing happens.",
		ask:    "Does it also happen from another computer?", answer: "Yes, from two others.",
		fix: "Stuck session ended and the profile rebuilt.", workaround: "Connection to the second farm."},
	{weight: 75, effort: 3, of: output, category: "Printing", subcategory: "Printer", service: "Printing", item: printer,
		team: "Print Services", expert: "Print Engineering",
		titles: [2]string{"Printer does not print", "Printer shows a paper jam but there is none"},
		says:   "My documents stay in the queue. Others on the floor have it too.",
		ask:    "What does the display of the printer show?", answer: "It shows ready.",
		fix: "Queue emptied and the spooler restarted.", workaround: "Printing sent to the next printer."},
	{weight: 25, effort: 4, of: output, category: "Printing", subcategory: "Scanning", service: "Printing", item: printer,
		team: "Print Services", expert: "Print Engineering",
		titles: [2]string{"Scan does not arrive by mail", "Scan to folder fails"},
		says:   "I scanned twice and got nothing.",
		ask:    "Which address did you choose on the display?", answer: "My own, from the list.",
		fix: "Address book of the device synchronised.", workaround: "Scan to a memory stick."},
	{weight: 20, effort: 6, of: output, wide: true, category: "Printing", subcategory: "Labels", service: "Warehouse", item: printer,
		team: "Warehouse Applications", expert: "Warehouse Development",
		titles: [2]string{"Label printer prints empty labels", "Shipping labels are cut off"},
		says:   "The labels leave the printer empty and the trucks wait.",
		ask:    "Since which order does it happen?", answer: "Since the first order of the late shift.",
		fix: "Label format reset to the released one.", workaround: "Labels printed at the next gate."},
	{weight: 30, effort: 3, of: hardware, category: "Mobile", subcategory: "Mobile phone", service: "Mobile Devices", item: phone,
		team: "Mobile Devices", expert: "Client Engineering",
		titles: [2]string{"Mobile phone does not get mail", "Mobile phone lost its settings"},
		says:   "Since the update my phone shows no new mail and no calendar.",
		ask:    "Please send the version that the phone shows under settings.", answer: "Sent as a picture.",
		fix: "Phone enrolled again; mail and calendar are complete.", workaround: "Mail in the phone's browser."},
	{weight: 15, effort: 6, of: hardware, category: "Mobile", subcategory: "Damage", service: "Mobile Devices", item: phone,
		team: "Mobile Devices", expert: "Client Engineering",
		titles: [2]string{"Mobile phone dropped, screen broken", "Mobile phone lost"},
		says:   "It fell on the stairs. I can take calls but not read anything.",
		ask:    "Please have your manager agree to the costs.", answer: "My manager agreed by mail.",
		fix: "Phone repaired and data restored.", workaround: "Loan phone handed out."},
}
