package store_test

import (
	"testing"

	"linekeeper/cdr/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }
