package asteriskconfig

import (
	"path"
	"slices"
	"strings"
)

// Languages are the languages every prompt exists in, as Asterisk names them.
func Languages() []string { return []string{"fr", "en"} }

// PromptNames are the names of our own prompts, sorted: what flows may play.
func PromptNames() []string {
	files, err := prompts.ReadDir(path.Join("prompts", Languages()[0]))
	if err != nil {
		panic("asteriskconfig: the prompts are not in the binary: " + err.Error())
	}
	names := make([]string, 0, len(files))
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), path.Ext(f.Name())))
	}
	slices.Sort(names)
	return names
}
