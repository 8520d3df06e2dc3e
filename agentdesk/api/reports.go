package api

import (
	"context"
	"slices"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
)

// Reports sums up what the records say. Periods are by from, which is in them, and
// to, which is not; a zero to is now. Errors say that PostgreSQL does not answer.
type Reports interface {
	// Callbacks sums up the callbacks asked for in a period, by queue.
	Callbacks(ctx context.Context, from, to time.Time) ([]agentdesk.CallbackReport, error)
	// Overflows counts the calls queues sent on in a period, by queue, most first.
	Overflows(ctx context.Context, from, to time.Time) ([]agentdesk.OverflowReport, error)
	// LeftOut lists what the records lack because it could not be read or written,
	// newest first.
	LeftOut(ctx context.Context, limit int) ([]agentdesk.LeftOut, error)
}

// ReportCallbacks implements the operation reportCallbacks.
func (s *server) ReportCallbacks(ctx context.Context, req rest.ReportCallbacksRequestObject) (rest.ReportCallbacksResponseObject, error) {
	lines, err := report(ctx, s, req.Params.From, deref(req.Params.To), s.deps.Reports.Callbacks,
		func(r agentdesk.CallbackReport) string { return r.Queue })
	return rest.ReportCallbacks200JSONResponse{Callbacks: lines}, err
}

// ReportOverflows implements the operation reportOverflows.
func (s *server) ReportOverflows(ctx context.Context, req rest.ReportOverflowsRequestObject) (rest.ReportOverflowsResponseObject, error) {
	lines, err := report(ctx, s, req.Params.From, deref(req.Params.To), s.deps.Reports.Overflows,
		func(r agentdesk.OverflowReport) string { return r.Queue })
	return rest.ReportOverflows200JSONResponse{Overflows: lines}, err
}

// ReportLeftOut implements the operation reportLeftOut.
func (s *server) ReportLeftOut(ctx context.Context, req rest.ReportLeftOutRequestObject) (rest.ReportLeftOutResponseObject, error) {
	if _, err := allowOf(ctx, agentdesk.SeeDefinitions, ""); err != nil {
		return nil, err
	}
	ask, cancel := context.WithTimeout(ctx, recordsWithin)
	defer cancel()
	out, err := s.deps.Reports.LeftOut(ask, deref(req.Params.Limit))
	if err != nil {
		s.log.WarnContext(ctx, "what the records lack cannot be read", "error", err)
		return nil, errUnavailable
	}
	s.looked(ctx, agentdesk.SeeDefinitions, "left-out")
	return rest.ReportLeftOut200JSONResponse{LeftOut: list(out)}, nil
}

// report reads a report and leaves the lines of the queues the viewer may see
// figures of. Who may see none of any is refused.
func report[L any](ctx context.Context, s *server, from, to time.Time,
	read func(context.Context, time.Time, time.Time) ([]L, error), queue func(L) string,
) ([]L, error) {
	v := who(ctx).viewer
	sees := func(queue string) bool {
		ok, _ := agentdesk.MayOf(v, agentdesk.SeeReports, queue)
		return ok
	}
	if !sees("") && !slices.ContainsFunc(v.Queues, sees) {
		return nil, errForbidden
	}
	if !to.IsZero() && to.Before(from) {
		return nil, errPeriod
	}
	ask, cancel := context.WithTimeout(ctx, recordsWithin)
	defer cancel()
	lines, err := read(ask, from, to)
	if err != nil {
		s.log.WarnContext(ctx, "a report cannot be read", "error", err)
		return nil, errUnavailable
	}
	return list(slices.DeleteFunc(lines, func(l L) bool { return !sees(queue(l)) })), nil
}
