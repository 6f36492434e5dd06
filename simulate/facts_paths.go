package simulate

// letters names the states of a path. The letters U, P, V and E are the four reasons of being on hold.
//
//	N new   A in progress   U for the caller   P for a problem   V for a supplier   E for evidence
//	R resolved   C closed
const letters = "NAUPVERC"

func letterOf(r Reason) byte {
	switch r {
	case ForCaller:
		return 'U'
	case ForProblem:
		return 'P'
	case ForSupplier:
		return 'V'
	}
	return 'E'
}

func reasonOf(letter byte) Reason {
	switch letter {
	case 'U':
		return ForCaller
	case 'P':
		return ForProblem
	case 'V':
		return ForSupplier
	case 'E':
		return ForEvidence
	}
	return ""
}

func stateOf(letter byte) State {
	switch letter {
	case 'N':
		return New
	case 'A':
		return InProgress
	case 'R':
		return Resolved
	case 'C':
		return Closed
	}
	return OnHold
}

// factPaths counts the incidents of each path through the states, equal neighbours taken as one. The 11
// incidents whose path an ordinary lifecycle forbids are left out.
var factPaths = [...]struct {
	letters string
	n       int64
}{
	{"NRC", 3275}, {"NARC", 3210}, {"ARC", 2954}, {"RC", 1312},
	{"NURC", 1044}, {"NAURC", 1038}, {"AURC", 742}, {"NAUARC", 226},
	{"NUARC", 171}, {"URC", 130}, {"AUARC", 97}, {"NUAURC", 56},
	{"UARC", 44}, {"NAUAURC", 44}, {"NAVRC", 42}, {"NARARC", 37},
	{"NVRC", 35}, {"APRC", 31}, {"AUAURC", 31}, {"NAPRC", 28},
	{"NPRC", 25}, {"NAUAUARC", 23}, {"NRARC", 22}, {"AVRC", 15},
	{"ARARC", 14}, {"APURC", 13}, {"UAURC", 12}, {"NURARC", 12},
	{"NUAUARC", 11}, {"NPURC", 9}, {"NAURARC", 9}, {"NPARC", 8},
	{"NAVARC", 8}, {"NVARC", 6}, {"ARAURC", 6}, {"NAPURC", 6},
	{"NAUARARC", 6}, {"AUPRC", 5}, {"NRAURC", 5}, {"NARAURC", 5},
	{"NUARARC", 5}, {"NAUAUAUARC", 5}, {"PRC", 4}, {"AVARC", 4},
	{"NUPRC", 4}, {"AURARC", 4}, {"NAUPRC", 4}, {"NUAVRC", 4},
	{"NURAURC", 4}, {"AUAUAURC", 4}, {"NAURAURC", 4}, {"NAUAUAURC", 4},
	{"AUPURC", 3}, {"NPAURC", 3}, {"UAUARC", 3}, {"APUAURC", 3},
	{"AUAUARC", 3}, {"NARARARC", 3}, {"NURAUARC", 3}, {"PURC", 2},
	{"RARC", 2}, {"NVURC", 2}, {"AUVURC", 2}, {"NAPARC", 2},
	{"NVAVRC", 2}, {"NAPAURC", 2}, {"NAUVURC", 2}, {"NAVAURC", 2},
	{"NRARARC", 2}, {"AURAUARC", 2}, {"NARAUARC", 2}, {"NUAUAURC", 2},
	{"NURARARC", 2}, {"NUAUAUARC", 2}, {"NURARAURC", 2}, {"APARC", 1},
	{"AVERC", 1}, {"NUVRC", 1}, {"NVERC", 1}, {"APAURC", 1},
	{"APUERC", 1}, {"APUPRC", 1}, {"AUAPRC", 1}, {"AUAVRC", 1},
	{"AUPARC", 1}, {"AVRARC", 1}, {"NAUERC", 1}, {"NAUVRC", 1},
	{"NAVURC", 1}, {"NUPVRC", 1}, {"NUVURC", 1}, {"APAPARC", 1},
	{"ARARARC", 1}, {"AUEUERC", 1}, {"AUPUARC", 1}, {"AURAURC", 1},
	{"AUVUERC", 1}, {"AVAUPRC", 1}, {"NAPUPRC", 1}, {"NAUAPRC", 1},
	{"NAUAVRC", 1}, {"NAVAVRC", 1}, {"NPAPARC", 1}, {"NPURARC", 1},
	{"NRAUARC", 1}, {"NUAPARC", 1}, {"NUAPURC", 1}, {"NUAVARC", 1},
	{"NUAVURC", 1}, {"NURAVRC", 1}, {"APUPUARC", 1}, {"NAPRAURC", 1},
	{"NAUAPARC", 1}, {"NPRAUARC", 1}, {"NRAUAURC", 1}, {"NUAURARC", 1},
	{"NURAUVRC", 1}, {"NARARAURC", 1}, {"NARAUAURC", 1}, {"NARAURARC", 1},
	{"NAUARAURC", 1}, {"NAUAURARC", 1}, {"NAURARARC", 1}, {"NAUVAUARC", 1},
	{"NPAUAUARC", 1}, {"NUAUAPARC", 1}, {"NUPURAURC", 1}, {"UAUAUAURC", 1},
	{"AUAURAUARC", 1}, {"NAPAUAUARC", 1}, {"NARAUAUARC", 1}, {"NAURAPAURC", 1},
	{"NRAURARARC", 1}, {"NUAUAUAURC", 1}, {"AUAUAURAURC", 1}, {"NARARARAURC", 1},
	{"NARAUAUAURC", 1}, {"NRAUAURAURC", 1}, {"NAURARARARARC", 1}, {"NURARARARAURC", 1},
	{"NARARAURAURAVRC", 1}, {"NARAUARAURAUARC", 1}, {"NUAURARARARARARARC", 1}, {"NRARARARARAURARARARC", 1},
}

// factStart counts the first recorded states, in the order of letters.
var factStart = [len(letters)]int64{9488, 3952, 190, 6, 0, 0, 1314, 0}

// factNext counts the changes of state: from (row) to (column), in the order of letters. What follows Closed,
// a closing without a resolution and a hold right after a resolution are left out, 11 changes in all.
var factNext = [len(letters)][len(letters)]int64{
	{0, 4742, 1338, 49, 46, 0, 3311, 0}, // New
	{0, 0, 2597, 103, 89, 0, 7060, 0},   // In progress
	{0, 872, 0, 24, 10, 5, 3272, 0},     // On hold for the caller
	{0, 28, 45, 0, 1, 0, 108, 0},        // for a problem
	{0, 26, 10, 0, 0, 2, 108, 0},        // for a supplier
	{0, 0, 1, 0, 0, 0, 6, 0},            // for evidence
	{0, 224, 0, 0, 0, 0, 0, 14953},      // Resolved
	{},                                  // Closed
}

// factLength counts the paths by their number of states; the mean is 3.6114.
var factLength = [...]int64{0, 0, 1314, 6364, 5150, 1480, 427, 113, 60, 20, 12, 4, 0, 2, 0, 2, 0, 0, 1, 0, 1}
