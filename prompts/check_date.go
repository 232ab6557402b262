package prompts

import "time"

// onDate says whether the sentence has another date of what happens but once, or
// one so near that it must be of the same event.
func (d *dispute) onDate() bool {
	for _, x := range d.mine.dates {
		for _, y := range d.theirs.dates {
			if agreesWithAny(d.mine, x.date, d.theirs) || agreesWithAny(d.theirs, y.date, d.mine) || !d.areOfOneEvent(x, y) {
				continue
			}
			if d.bearsOut(x.from, x.to, y.from, y.to) {
				return d.settle(onDate, y.from, y.to)
			}
		}
	}
	return false
}

// sameEvent is how far apart two days of one event are told at most.
const sameEvent = 10 * 24 * time.Hour

// areOfOneEvent says whether two dates, the first in a message of no known day,
// are of one event.
func (d *dispute) areOfOneEvent(x, y datedRun) bool {
	if x.ago != "" || x.isWeekday() {
		return false
	}
	if d.isOnce() && x.fineness() == y.fineness() {
		return true
	}
	for _, m := range x.days(d.theirs.published) {
		for _, n := range y.days(d.theirs.published) {
			if m.isNear(n) {
				return true
			}
		}
	}
	return false
}

// isNear says whether two dates are some days apart, or two months in a row.
func (d date) isNear(e date) bool {
	if d.year == 0 || e.year == 0 || d.month == 0 || e.month == 0 || (d.day == 0) != (e.day == 0) {
		return false
	}
	if d.day == 0 {
		months := 12*(d.year-e.year) + int(d.month-e.month)
		return -1 <= months && months <= 1
	}
	on := func(d date) time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC) }
	return on(d).Sub(on(e)).Abs() <= sameEvent
}
