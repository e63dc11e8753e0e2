package terminals

import "strings"

// environment joins the container's own and what is asked for, as the engine does: in place, or at the end. A
// terminal's program has a TERM.
func environment(base, asked []string) []string {
	joined := append([]string(nil), base...)
	if _, isSet := lookUp(joined, "TERM"); !isSet {
		joined = append(joined, "TERM=xterm")
	}
	for _, pair := range asked {
		name, _, hasValue := strings.Cut(pair, "=")
		joined = without(joined, name, pair, hasValue)
	}
	return joined
}

// without replaces or adds one variable; a name without a value takes it away.
func without(all []string, name, pair string, hasValue bool) []string {
	for at, one := range all {
		if !strings.HasPrefix(one, name+"=") {
			continue
		}
		if !hasValue {
			return append(all[:at], all[at+1:]...)
		}
		all[at] = pair
		return all
	}
	if hasValue {
		all = append(all, pair)
	}
	return all
}

func lookUp(all []string, name string) (string, bool) {
	for _, pair := range all {
		if strings.HasPrefix(pair, name+"=") {
			return pair[len(name)+1:], true
		}
	}
	return "", false
}
