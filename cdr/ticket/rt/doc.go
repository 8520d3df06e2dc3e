// Package rt speaks to Request Tracker 5 by its REST2 interface, as a
// ticket.Connector.
//
// Keys: a ticket made for a call carries the call ID in the ticket custom field
// CallID, a note carries its key in the transaction custom field TxnCallID. Both
// must exist on the queue, with CallQueue and WaitSeconds; Check says which are
// missing. RT's users may carry their numbers in the user custom field E164.
//
// RT answers 200 or 201 to requests it did not follow, and ignores filters it
// does not know. So whatever matters is read back and compared, and texts in
// queries are escaped.
//
// It never retries and never decides what to write: cdr/ticket does.
package rt
