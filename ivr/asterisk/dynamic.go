package asterisk

import (
	"context"
	"fmt"
	"net/http"

	"github.com/CyCoreSystems/ari/v5"
)

// Field is one attribute of a configuration object.
type Field struct {
	Attribute string `json:"attribute"`
	Value     string `json:"value"`
}

// PutDynamic creates or changes an object of Asterisk's dynamic configuration.
// It lives in Asterisk's memory (sorcery.conf gives the class a memory wizard)
// until Asterisk ends. Attributes not named keep the value they had. An unknown
// class or kind is refused with 404, an unknown attribute or value with 400.
func (n *Node) PutDynamic(ctx context.Context, class, kind, id string, fields []Field) error {
	return n.request(ctx, request{
		act: fmt.Sprintf("put %s %s %s", class, kind, id), method: http.MethodPut,
		path: path("asterisk", "config", "dynamic", class, kind, id),
		body: map[string][]Field{"fields": fields},
	}, nil)
}

// dynamic reads an object's attributes, none if it is not there. An attribute
// may have several values.
func (n *Node) dynamic(ctx context.Context, class, kind, id string) (map[string][]string, error) {
	var fields []Field
	err := n.request(ctx, request{
		act: fmt.Sprintf("get %s %s %s", class, kind, id), method: http.MethodGet,
		path: path("asterisk", "config", "dynamic", class, kind, id),
	}, &fields)
	if err != nil {
		return nil, already(err, http.StatusNotFound)
	}
	values := map[string][]string{}
	for _, f := range fields {
		if f.Value != "" {
			values[f.Attribute] = append(values[f.Attribute], f.Value)
		}
	}
	return values, nil
}

func (n *Node) deleteDynamic(ctx context.Context, class, kind, id string) error {
	return already(n.request(ctx, request{
		act: fmt.Sprintf("delete %s %s %s", class, kind, id), method: http.MethodDelete,
		path: path("asterisk", "config", "dynamic", class, kind, id),
	}, nil), http.StatusNotFound)
}

// endpoints are the PJSIP endpoints that are there, with their states.
func (n *Node) endpoints(ctx context.Context) (all []ari.EndpointData, err error) {
	err = n.request(ctx, request{
		act: "list phones", method: http.MethodGet, path: path("endpoints", "PJSIP"),
	}, &all)
	return all, err
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
