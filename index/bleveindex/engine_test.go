package bleveindex_test

import (
	"testing"

	"agora/index"
	"agora/index/bleveindex"
	"agora/index/indextest"
)

func TestEngine(t *testing.T) {
	indextest.TestEngine(t, func(t *testing.T, dir string) index.Engine {
		e, err := bleveindex.Open(t.Context(), dir, bleveindex.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		return e
	})
}
