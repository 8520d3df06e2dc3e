package boot

import (
	"reflect"
	"slices"
	"strings"
)

// settings are the configuration keys of a struct by their variable's name.
type settings struct {
	names    map[string]string // LINEKEEPER_HTTP_LISTEN → http.listen
	sections []string          // LINEKEEPER_HTTP_
}

// envKeys walks the yaml tags of a configuration struct. Only leaves get a
// variable; slices and maps have none, they belong in the file.
func envKeys(config any) settings {
	s := settings{names: map[string]string{}}
	s.walk(reflect.TypeOf(config), nil)
	return s
}

func (s *settings) walk(t reflect.Type, path []string) {
	if t == nil || t.Kind() != reflect.Struct {
		return
	}
	for field := range t.Fields() {
		tag, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		here := append(slices.Clip(path), tag)
		switch {
		case !field.IsExported() || tag == "-":
		case strings.Contains(options, "inline"):
			s.walk(field.Type, path)
		case tag == "":
		case field.Type.Kind() == reflect.Struct:
			s.sections = append(s.sections, envName(here)+"_")
			s.walk(field.Type, here)
		case field.Type.Kind() != reflect.Slice && field.Type.Kind() != reflect.Map:
			s.names[envName(here)] = strings.Join(here, ".")
		}
	}
}

func envName(path []string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(strings.Join(path, "_"), "-", "_"))
}
