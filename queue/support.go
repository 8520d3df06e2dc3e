package queue

import "regexp"

// SupportTool is a remote-support program with which an agent looks at a caller's
// machine.
type SupportTool struct {
	Label
	// URL is where its session is opened, with SupportPlaceholders.
	URL string
	// Scheme is the one besides https that URL may have, such as anydesk.
	Scheme string
	// Code is what the agent types in, nil if the tool needs none.
	Code *SupportCode
	// Read: the code may be read out to the caller, digit by digit.
	Read bool
}

// SupportCode is the code of a tool's session.
type SupportCode struct {
	FR, EN  string // what it is called
	Pattern string // what it looks like without its blanks, all of it (RE2)
}

// SupportPlaceholders are what may stand in a tool's URL.
var SupportPlaceholders = []string{"{code}", "{call}", "{ticket}", "{agent}"}

// Fits says whether a code, without its blanks, is one of the tool.
func (t *SupportTool) Fits(code string) bool {
	if t.Code == nil {
		return code == ""
	}
	fits, err := regexp.MatchString(`^(?:`+t.Code.Pattern+`)$`, code)
	return err == nil && fits
}
