package sso

// Reason is why somebody is not let in; agentdesk/api puts it in words.
type Reason string

// The reasons.
const (
	Cancelled  Reason = "cancelled"   // they said no at the issuer, or it did
	Stale      Reason = "stale"       // the answer fits no beginning of this browser, or one too old
	Unanswered Reason = "unanswered"  // the issuer does not answer, or not as it should
	Unverified Reason = "unverified"  // the issuer has not checked their address
	Nameless   Reason = "nameless"    // no usable account name came
	NoRole     Reason = "no-role"     // none of their groups has a right
	NoAccount  Reason = "no-account"  // accounts are made by hand, and they have none
	NotTheirs  Reason = "not-theirs"  // the account of that name is somebody else's
	Disabled   Reason = "disabled"    // their account is closed
	NoDatabase Reason = "no-database" // accounts cannot be read now
)

// Refused says that somebody is not let in. Err, for the log, may be nil; Account
// is who they would have been, as far as it is known.
type Refused struct {
	Reason  Reason
	Account string
	Err     error
}

func (r *Refused) Error() string {
	if r.Err != nil {
		return "single sign-on refused, " + string(r.Reason) + ": " + r.Err.Error()
	}
	return "single sign-on refused, " + string(r.Reason)
}

// Unwrap returns what was wrong.
func (r *Refused) Unwrap() error { return r.Err }
