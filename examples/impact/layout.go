package main

// The picture is laid out in columns, the failure on the left and services on the right. The ends of the paths have a
// row each; an item stands in the middle of what hangs on it. So no two boxes meet, and a line that passes several
// columns runs in the row of its end, where no other box is.
const (
	boxWidth  = 170
	boxHeight = 46
	columnGap = 28
	rowGap    = 12
	margin    = 8
)

// box is an item in the picture.
type box struct {
	*branch
	x, y   int
	parent *box
}

// layout places a tree and returns its boxes, parents first, with the size of the picture.
func layout(root *branch) (boxes []*box, width, height int) {
	last := root.depth()
	rows := 0
	var place func(b *branch, parent *box, column int) *box
	place = func(b *branch, parent *box, column int) *box {
		if len(b.children) == 0 && b.Class == "service" {
			column = last
		}
		at := &box{branch: b, x: margin + column*(boxWidth+columnGap), parent: parent}
		boxes = append(boxes, at)
		if len(b.children) == 0 {
			at.y = margin + rows*(boxHeight+rowGap)
			rows++
			return at
		}
		first, end := 0, 0
		for i, c := range b.children {
			child := place(c, at, column+1)
			if i == 0 {
				first = child.y
			}
			end = child.y
		}
		at.y = (first + end) / 2
		return at
	}
	place(root, nil, 0)
	return boxes, 2*margin + (last+1)*boxWidth + last*columnGap, 2*margin + rows*boxHeight + (rows-1)*rowGap
}

// depth returns how many steps the longest path has.
func (b *branch) depth() int {
	most := 0
	for _, c := range b.children {
		most = max(most, 1+c.depth())
	}
	return most
}
