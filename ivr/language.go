package ivr

// languageBy is who chose the call's language. A later choice replaces it only
// if it weighs at least as much.
type languageBy string

// Who may choose a language, in the order of their weight.
const (
	byFlow      languageBy = "flow"      // the flow's own default
	byDirectory languageBy = "directory" // the contact's language
	byNumber    languageBy = "number"    // the number dialled: the caller chose it
	byStep      languageBy = "step"      // a set step of the flow
)

var weight = map[languageBy]int{byFlow: 1, byDirectory: 2, byNumber: 3, byStep: 4}

// speak takes a language if who asks for it weighs enough, and says whether the
// call's language changed. What is not shaped like a language is ignored: it may
// come from a directory.
func (r *run) speak(language string, by languageBy) bool {
	if !IsLanguage(language) || weight[by] < weight[r.LanguageBy] {
		return false
	}
	changed := r.Language != language
	r.Language, r.LanguageBy = language, by
	return changed
}

// IsLanguage says whether s is shaped like a language Asterisk has sounds in:
// two small letters, and perhaps a region, "fr" or "fr_CA".
func IsLanguage(s string) bool {
	if len(s) != 2 && len(s) != 5 {
		return false
	}
	if !between(s[:2], 'a', 'z') {
		return false
	}
	return len(s) == 2 || s[2] == '_' && between(s[3:], 'A', 'Z')
}

func between(s string, lo, hi byte) bool {
	for i := range len(s) {
		if s[i] < lo || s[i] > hi {
			return false
		}
	}
	return true
}
