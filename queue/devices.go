package queue

import "linekeeper/cdr"

// device is what is known of the console or of the desk phone.
func device(of *cdr.Devices, desk bool) *cdr.PhoneState {
	if desk {
		return &of.Desk
	}
	return &of.Console
}

// reach says which of the agent's phones are to be rung: those that are there.
func (a *agent) reach() Reach {
	if !a.Desk {
		return OnPhone
	}
	switch console, desk := a.Devices.Console != cdr.PhoneAway, a.Devices.Desk != cdr.PhoneAway; {
	case console && desk:
		return OnBoth
	case desk:
		return OnDesk
	default:
		return OnPhone
	}
}

// fitDevices brings what is known of an agent's phones in step with how many they
// have now, and says whether that changes anything of them. A desk phone that is new has
// not registered yet.
func (a *agent) fitDevices() bool {
	was, devices := a.phone(), a.Devices
	switch none := a.Devices == (cdr.Devices{}); {
	case !a.Desk && !none:
		a.SavedAgent.Phone, a.Devices = a.Devices.Console, cdr.Devices{}
	case a.Desk && none && was != cdr.PhoneThere:
		a.Devices = cdr.Devices{Console: was, Desk: cdr.PhoneAway}
	}
	return a.phone() != was || a.Devices != devices
}
