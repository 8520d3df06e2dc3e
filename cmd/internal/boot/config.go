package boot

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/v2"
)

// envPrefix starts every environment variable that overrides configuration.
const envPrefix = "LINEKEEPER_"

// LoadYAML reads the file at path into a T by its yaml tags. It is strict: a
// key T does not have, a doubled key or a value of the wrong type is refused
// with file, line, column and the lines around it.
func LoadYAML[T any](path string) (T, error) {
	var value T
	data, err := os.ReadFile(path)
	if err != nil {
		return value, fmt.Errorf("read configuration: %w", err)
	}
	return value, decodeStrict(path, data, &value)
}

// LoadConfig lays the file at path over defaults, and the environment over
// both: LINEKEEPER_HTTP_LISTEN sets http.listen, a dash or underscore in a key
// becomes an underscore. environ has the form of os.Environ. An empty path
// reads no file. A variable that begins like a section of T but names no key
// in it is refused, since it is a typing error; other LINEKEEPER_ variables
// (the cache's place, the tests' switches) are not configuration and pass.
func LoadConfig[T any](path string, defaults T, environ []string) (T, error) {
	conf := koanf.New(".")
	if path != "" {
		data, err := os.ReadFile(path)
		if err != nil {
			return defaults, fmt.Errorf("read configuration: %w", err)
		}
		var strict T
		if err := decodeStrict(path, data, &strict); err != nil {
			return defaults, err
		}
		if err := conf.Load(document(data), yamlParser{}); err != nil {
			return defaults, fmt.Errorf("read configuration %s: %w", path, err)
		}
	}
	if err := loadEnv[T](conf, environ); err != nil {
		return defaults, err
	}
	if err := conf.UnmarshalWithConf("", &defaults, koanf.UnmarshalConf{Tag: "yaml"}); err != nil {
		return defaults, fmt.Errorf("read configuration: %w", err)
	}
	return defaults, nil
}

// Redacted prints a configuration as YAML without its secrets: what is of type
// Secret or DSN hides itself.
func Redacted(config any) string {
	text, err := yaml.Marshal(config)
	if err != nil {
		return fmt.Sprintf("# cannot print the configuration: %v\n", err)
	}
	return string(text)
}

// decodeStrict decodes data and says where it went wrong.
func decodeStrict(path string, data []byte, value any) error {
	err := yaml.UnmarshalWithOptions(data, value, yaml.Strict())
	var at yaml.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &at) && at.GetToken() != nil:
		pos := at.GetToken().Position
		_, text, _ := strings.Cut(at.FormatError(false, true), "] ") // its own [line:column]
		return fmt.Errorf("%s:%d:%d: %s", path, pos.Line, pos.Column, text)
	default:
		return fmt.Errorf("%s: %w", path, err)
	}
}

// loadEnv lays the environment's overrides over conf.
func loadEnv[T any](conf *koanf.Koanf, environ []string) error {
	var value T
	keys := envKeys(value)
	var unknown []string
	source := env.Provider(".", env.Opt{
		Prefix:      envPrefix,
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			key, known := keys.names[name]
			if !known && slices.ContainsFunc(keys.sections, func(s string) bool { return strings.HasPrefix(name, s) }) {
				unknown = append(unknown, name)
			}
			return key, value // an empty key is passed over
		},
	})
	if err := conf.Load(source, nil); err != nil {
		return fmt.Errorf("read environment: %w", err)
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return fmt.Errorf("environment: %s: no such setting", strings.Join(unknown, ", "))
	}
	return nil
}

// yamlParser lets koanf read YAML by the parser that decodes everything else.
type yamlParser struct{}

func (yamlParser) Unmarshal(data []byte) (map[string]any, error) {
	var m map[string]any
	return m, yaml.Unmarshal(data, &m)
}

func (yamlParser) Marshal(m map[string]any) ([]byte, error) { return yaml.Marshal(m) }

// document is a koanf provider of bytes that are in hand already.
type document []byte

func (d document) ReadBytes() ([]byte, error) { return d, nil }

func (d document) Read() (map[string]any, error) { return yamlParser{}.Unmarshal(d) }
