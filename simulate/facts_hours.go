package simulate

// percentages are the points of the tables of hours, in percent of the incidents.
var percentages = [...]int64{0, 5, 10, 25, 50, 75, 90, 95, 99, 100}

// hours are durations at each of percentages, in units of a ten-thousandth of an hour.
type hours [len(percentages)]int64

// factToResolve are the hours from opening to the last resolution, by priority 1 to 4, of the 13,861 incidents
// whose log tells.
var factToResolve = [4]hours{
	{500, 27458, 45283, 256000, 1154333, 3502292, 7301133, 10431292, 36229912, 39816500},
	{833, 6250, 12667, 46958, 699000, 3057500, 3816750, 5041667, 15121142, 37207667},
	{0, 833, 1500, 10000, 412750, 1887500, 4294800, 7926192, 29779615, 80701667},
	{167, 833, 1333, 8000, 462000, 2782667, 8571000, 22602333, 70880327, 80202667},
}

// factToClose are the hours from the last resolution to the closing. Most cases close by themselves after five
// days.
var factToClose = hours{0, 1200500, 1201000, 1203000, 1206333, 1209500, 2907500, 3684500, 4317367, 58516500}

// at returns the duration in seconds at part of whole: the inverse of the distribution, straight between the
// known points.
func (h hours) at(part, whole int64) int64 {
	for k := 1; k < len(percentages); k++ {
		lo, hi := percentages[k-1]*whole, percentages[k]*whole
		if x := 100 * part; x <= hi {
			return (h[k-1] + (h[k]-h[k-1])*(x-lo)/(hi-lo)) * 3600 / 10_000
		}
	}
	return h[len(h)-1] * 3600 / 10_000
}
