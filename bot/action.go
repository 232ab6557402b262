package bot

import (
	"fmt"
	"strings"
)

// maxActionID is what Discord takes of a custom id, in bytes to be safe.
const maxActionID = 100

// An action is what a button or a form stands for. It comes back from outside
// and may be forged: it says what is wanted, never what is allowed.
type action struct {
	name   string // in the table answerings
	answer string // the id of the answer that it is about; may be empty
	arg    string // a page, a number; may be empty
}

// id is the action as it travels: "f1:name:answer:arg".
func (a action) id() string {
	id := strings.Join([]string{"f1", a.name, a.answer, a.arg}, ":")
	if len(id) > maxActionID {
		return id[:maxActionID] // parseAction refuses what does not fit together
	}
	return id
}

// parseAction reads what id wrote. Anything else is refused.
func parseAction(id string) (action, error) {
	parts := strings.Split(id, ":")
	if len(id) > maxActionID || len(parts) != 4 || parts[0] != "f1" || !isPlainWord(parts[1], true) ||
		!isPlainWord(parts[2], false) || !isPlainWord(parts[3], false) {
		return action{}, fmt.Errorf("a custom id that this bot has not made")
	}
	return action{parts[1], parts[2], parts[3]}, nil
}

// isPlainWord says whether s holds only small letters, digits and hyphens.
func isPlainWord(s string, needed bool) bool {
	ok := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' }
	return (s != "" || !needed) && strings.IndexFunc(s, func(r rune) bool { return !ok(r) }) < 0
}
