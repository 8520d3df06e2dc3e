package store

import (
	"context"
	"fmt"
	"time"

	"linekeeper/cdr/store/internal/db"
)

// QueueGroup is several queues under one name, which rights give as "@name".
type QueueGroup struct {
	Name   string
	Queues []string // IDs
}

// SetQueueGroup makes a group, or changes one; without queues it is removed.
// Rights that name it follow at once.
func (a *Accounts) SetQueueGroup(ctx context.Context, g QueueGroup) error {
	var err error
	if len(g.Queues) == 0 {
		_, err = a.q.DeleteQueueGroup(ctx, text(g.Name))
	} else {
		err = a.q.PutQueueGroup(ctx, db.PutQueueGroupParams{Now: time.Now(), Name: text(g.Name), Queues: g.Queues})
	}
	if err != nil {
		return fmt.Errorf("set queue group %q: %w", g.Name, err)
	}
	return nil
}

// QueueGroups returns every group by name.
func (a *Accounts) QueueGroups(ctx context.Context) ([]QueueGroup, error) {
	rows, err := a.q.QueueGroups(ctx)
	if err != nil {
		return nil, fmt.Errorf("read queue groups: %w", err)
	}
	groups := make([]QueueGroup, len(rows))
	for i, row := range rows {
		groups[i] = QueueGroup{Name: row.Name, Queues: row.Queues}
	}
	return groups, nil
}
