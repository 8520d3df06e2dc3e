package boot

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
)

func TestLogIsOneJSONObjectALine(t *testing.T) {
	var out bytes.Buffer
	log, level, err := NewLog(&out, LogConfig{})
	if err != nil {
		t.Fatal(err)
	}
	log.Debug("hidden")
	log.Info("arrived", "call", "c1", "caller", "Zoé \"<b>\"\r\n\x00")
	level.Set(slog.LevelDebug)
	log.Debug("shown")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("want 2 lines, got:\n%s", &out)
	}
	var line map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &line); err != nil || line["call"] != "c1" || line["caller"] != "Zoé \"<b>\"\r\n\x00" {
		t.Errorf("%v, %v", line, err)
	}
	if _, _, err := NewLog(&out, LogConfig{Level: "loud"}); err == nil || !strings.Contains(err.Error(), `"loud"`) {
		t.Errorf("error = %v", err)
	}
}
